"""The graphs that drawing is measured on, and the tools that draw them; one case runs in this process."""

from __future__ import annotations

import json
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import nn

from digit_groups import grouped

REPEAT = 1.0  # seconds
TIMES = 25

Case = Callable[[], tuple[nn.Module, torch.Tensor]]


class _Expression(nn.Module):
    """Applies a function to its input, which is the only leaf."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


def _chain(n: int) -> Case:
    def run(x: torch.Tensor) -> torch.Tensor:
        for _ in range(n):
            x = x * 1.0
        return x

    return lambda: (_Expression(run), torch.ones((), requires_grad=True))


def _shared(x: torch.Tensor) -> torch.Tensor:
    y = x * 2
    return torch.as_tensor(sum(y for _ in range(50_000)))


def _doublings(x: torch.Tensor) -> torch.Tensor:
    for _ in range(60):
        x = x + x
    return x


def _resnet(make: Callable[[], nn.Module]) -> Case:
    return lambda: (make(), torch.rand(1, 3, 64, 64))


# The keys are what stands in the table; names are marked as such, so that no language translates them.
CASES: dict[str, Case] = {
    "$a x^2 - y^2$": lambda: (
        _Expression(lambda x: x[0] * x[1] ** 2 - x[2] ** 2),
        torch.tensor([2.0, 3.0, 4.0], requires_grad=True),
    ),
    "`ResNet18`": _resnet(torchvision.models.resnet18),
    "`ResNet152`": _resnet(torchvision.models.resnet152),
    f"a chain of {grouped(10_000)}": _chain(10_000),
    f"a chain of {grouped(100_000)}": _chain(100_000),
    f"one node used {grouped(50_000)} times": lambda: (
        _Expression(_shared),
        torch.ones((), requires_grad=True),
    ),
    "60 doublings": lambda: (_Expression(_doublings), torch.ones((), requires_grad=True)),
}


def _load(name: str) -> Any:  # noqa: ANN401 (the peers ship no types)
    return import_module(name)


def _ours(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("autograd_vi")
    _load("autograd_vi.render")
    output = model(x).sum()
    if picture:
        return lambda: tool.trace(output, model).to_svg()
    return lambda: tool.trace(output, model).to_dot()


def _torchviz(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchviz")
    output = model(x).sum()
    params = dict(model.named_parameters())
    if picture:
        return lambda: tool.make_dot(output, params=params).pipe(format="svg")
    return lambda: tool.make_dot(output, params=params).source


def _torchview(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchview")

    def run() -> object:
        # It leaves operations out unless asked for, and a chain would be one box.
        graph = tool.draw_graph(
            model, input_data=x, depth=10, hide_module_functions=False
        ).visual_graph
        return graph.pipe(format="svg") if picture else graph.source

    return run


def _torchlens(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchlens")
    place = tempfile.TemporaryDirectory()

    def run() -> object:
        trace = tool.trace(model, x)
        trace.log_backward(trace[trace.output_layers[0]].out.sum())
        if picture:
            trace.draw_backward(
                vis_outpath=f"{place.name}/graph", vis_save_only=True, vis_fileformat="svg"
            )
            return Path(place.name, "graph.svg").read_bytes()
        return trace

    return run


OURS = "autograd-vi"
TOOLS = {OURS: _ours, "torchviz": _torchviz, "torchview": _torchview, "torchlens": _torchlens}


def _cpu_seconds_so_far() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(case: str, tool: str, *, picture: bool) -> None:
    """Run one case in this process; print seconds and extra memory in MB, or the error, as JSON."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    before = peak = 0
    times: list[float] = []
    # Short runs are repeated on fresh graphs; the median leaves the costs of the first calls out.
    while not times or (sum(times) < REPEAT and len(times) < TIMES):
        model, x = CASES[case]()
        run = TOOLS[tool](model.eval(), x, picture=picture)
        before = before or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = _cpu_seconds_so_far()
        try:
            run()
        except Exception as error:  # noqa: BLE001 (whatever a tool raises is its result)
            print(json.dumps({"error": type(error).__name__}), flush=True)
            os._exit(0)
        times.append(_cpu_seconds_so_far() - start)
        # A repeated run has its model in memory twice, so the first one alone counts here.
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = statistics.median(times)
    print(json.dumps({"seconds": seconds, "megabytes": (peak - before) / 1024}), flush=True)
    os._exit(0)  # freeing a deep graph that another tool has walked may crash; that is not asked
