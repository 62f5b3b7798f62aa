"""See, print and step through PyTorch's autograd graphs."""

from autograd_vi.device import pick_device
from autograd_vi.graph import Edge, Graph, Node, SourceLine, print_dag, trace
from autograd_vi.module_recording import record_modules
from autograd_vi.replay import Recorded, Replay, Step, replay
from autograd_vi.saved import SavedTensor
from autograd_vi.seed import seed_everything
from autograd_vi.sources import record_sources
from autograd_vi.weights import Start, load_resnet18

__all__ = [
    "Edge",
    "Graph",
    "Node",
    "Recorded",
    "Replay",
    "SavedTensor",
    "SourceLine",
    "Start",
    "Step",
    "load_resnet18",
    "pick_device",
    "print_dag",
    "record_modules",
    "record_sources",
    "replay",
    "seed_everything",
    "trace",
]
