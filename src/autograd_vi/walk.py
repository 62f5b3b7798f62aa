"""One iterative walk over torch's graph, for everything that needs torch's own nodes."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.autograd.graph import get_gradient_edge

from autograd_vi.guards import AccumulateGrad, guard
from autograd_vi.outputs import Outputs, roots_of

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode


@dataclass(frozen=True, slots=True)
class Walk:
    """Torch's nodes in the order of their ids, and the edges between them.

    ``ids`` maps each node to its place in ``nodes``. ``edges`` holds
    ``(source id, target id, slot, output_nr)``. Every node that the walk has seen carries the guard
    that it needs, so the walk may be dropped and the graph freed in any order.
    """

    nodes: list[TorchNode]
    ids: dict[TorchNode, int]
    edges: list[tuple[int, int, int, int]]


def walk(roots: Sequence[TorchNode]) -> Walk:
    """Meet every node behind ``roots`` once: depth first, roots and input slots in order.

    Ids are given at the first meeting, as a recursive walk would give them. Time and memory are
    linear in the number of nodes and edges.
    """
    ids: dict[TorchNode, int] = {}
    inputs_of: list[tuple[tuple[TorchNode | None, int], ...]] = []
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in ids:
            continue
        ids[node] = len(inputs_of)
        if type(node) is AccumulateGrad:
            inputs_of.append(())
            continue
        inputs = node.next_functions
        guard(node, inputs)  # at once, so that an interrupted walk leaves no unguarded node
        inputs_of.append(inputs)
        for child, _ in inputs[::-1]:
            if child is not None and child not in ids:
                stack.append(child)
    edges = [
        (source, ids[child], slot, output_nr)
        for source, inputs in enumerate(inputs_of)
        for slot, (child, output_nr) in enumerate(inputs)
        if child is not None
    ]
    return Walk(list(ids), ids, edges)


class paused_gc:  # noqa: N801  # used like a function, as contextlib's own managers are
    """Keep the cycle collector off while many objects are made that all stay.

    It would find nothing, and look at every node of the graph again and again to see that.
    """

    # No generator: leaving one makes an exception, and with it the collector would begin at once, before what
    # the caller needed on the way is gone.
    __slots__ = ("_was_enabled",)

    def __enter__(self) -> None:
        self._was_enabled = gc.isenabled()
        gc.disable()

    def __exit__(self, *_: object) -> None:
        if self._was_enabled:
            gc.enable()


def gradient_edges(output: Outputs) -> list[tuple[TorchNode, int]]:
    """Return ``(node, output_nr)`` for each root of ``output``: where its gradient enters the graph.

    Raises:
        TypeError: if there is no tensor in ``output``.
        ValueError: if nothing tracks it.
    """
    return [gradient_edge(root.tensor) for root in roots_of(output)]


def gradient_edge(tensor: torch.Tensor) -> tuple[TorchNode, int]:
    """Return ``(node, output_nr)`` of a tracked tensor."""
    if (node := tensor.grad_fn) is not None:
        return node, tensor.output_nr
    with torch.inference_mode(mode=False):  # a leaf shows its node through a view of itself
        edge = get_gradient_edge(tensor)
    return edge.node, edge.output_nr
