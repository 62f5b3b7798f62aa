"""Which module truly ran each operation, told by hooks and by the numbers of torch's nodes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from typing import NamedTuple

import torch
from torch import nn

import autograd_vi as av
from autograd_vi.columns import columns_of
from autograd_vi.outputs import roots_of
from autograd_vi.render.groups import cut_into_groups, group_members
from autograd_vi.render.modules import forward_order
from autograd_vi.walk import gradient_edge, walk


class Frame(NamedTuple):
    """An operation in a frame of its picture, and the module that ran it."""

    op: str
    frame: str
    truth: str

    @property
    def is_right(self) -> bool:
        return not self.frame or f"{self.truth}.".startswith(f"{self.frame}.")


def frames(
    model: nn.Module, run: Callable[[], object], *, record: bool
) -> tuple[list[Frame], av.Graph]:
    """Return the innermost frame of each operation of what ``run`` computes, and the graph."""
    with av.record_modules(model) if record else nullcontext():
        output, starts = _run(model, run)
    numbers = [number for number, _ in starts]
    torch_nodes = walk([gradient_edge(root.tensor)[0] for root in roots_of(output)]).nodes
    graph = av.trace(output, model)
    columns = columns_of(graph)
    flow = forward_order(columns)
    groups = cut_into_groups(columns, flow)
    frame_of = dict.fromkeys(flow.operations, "")
    for group, members in zip(groups, group_members(groups, flow), strict=True):
        # Groups inside come after those around them.
        frame_of |= {i: ".".join(group.path) for i in members if i in frame_of}
    found = []
    for i, frame in frame_of.items():
        truth = starts[bisect_right(numbers, torch_nodes[i]._sequence_nr()) - 1][1]
        found += [
            Frame(columns.ops[i], name, truth) for name in (frame, graph.nodes[i].module or "")
        ]
    return found, graph


def _run(model: nn.Module, run: Callable[[], object]) -> tuple[object, list[tuple[int, str]]]:
    """Return the result, and from which number on which module was running."""
    running = [""]
    starts: list[tuple[int, str]] = []

    def note() -> None:
        starts.append((torch.autograd._get_sequence_nr(), running[-1]))  # type: ignore[attr-defined]  # not in its types

    def hooks(name: str, module: nn.Module) -> Iterator[torch.utils.hooks.RemovableHandle]:
        def enter(*_: object) -> None:
            running.append(name)
            note()

        def leave(*_: object) -> None:
            running.pop()
            note()

        yield module.register_forward_pre_hook(enter)
        yield module.register_forward_hook(leave)

    note()
    with ExitStack() as until:
        for name, module in model.named_modules():
            for handle in hooks(name, module):
                until.callback(handle.remove)
        return run(), starts
