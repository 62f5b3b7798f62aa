"""One iterative walk over torch's graph, for everything that needs torch's own nodes."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.autograd.graph import get_gradient_edge

from autograd_vi.guards import AccumulateGrad, guard

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
        for child, _ in reversed(inputs):
            if child is not None and child not in ids:
                stack.append(child)
    edges = [
        (source, ids[child], slot, output_nr)
        for source, inputs in enumerate(inputs_of)
        for slot, (child, output_nr) in enumerate(inputs)
        if child is not None
    ]
    return Walk(list(ids), ids, edges)


@contextmanager
def paused_gc() -> Iterator[None]:
    """Keep the cycle collector off while many objects are made that all stay.

    It would find nothing, and look at every node of the graph again and again to see that.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def gradient_edges(
    output: torch.Tensor | Sequence[torch.Tensor],
) -> list[tuple[TorchNode, int]]:
    """Return ``(node, output_nr)`` for each tensor of ``output``: where its gradient enters the graph.

    Raises:
        TypeError: if ``output`` is neither a tensor nor a sequence of at least one tensor.
        ValueError: if nothing tracks one of the tensors.
    """
    if isinstance(output, torch.Tensor):
        return [_gradient_edge(output, "the tensor")]
    if isinstance(output, str) or not isinstance(output, Sequence):
        raise TypeError(f"output is a {type(output).__name__}; give a tensor or a list of tensors")
    if not output:
        raise TypeError(f"output is an empty {type(output).__name__}; give at least one tensor")
    for i, tensor in enumerate(output):
        if not isinstance(tensor, torch.Tensor):
            raise TypeError(f"output[{i}] is a {type(tensor).__name__}; give tensors only")
    return [_gradient_edge(tensor, f"output[{i}]") for i, tensor in enumerate(output)]


def _gradient_edge(tensor: torch.Tensor, name: str) -> tuple[TorchNode, int]:
    if not tensor.requires_grad:
        raise ValueError(
            f"nothing tracks {name} of shape {tuple(tensor.shape)}, so it has no graph: its "
            "requires_grad is False. Compute it from a tensor with requires_grad=True, outside "
            "torch.no_grad() and torch.inference_mode(), and do not detach() it"
        )
    if (node := tensor.grad_fn) is not None:
        return node, tensor.output_nr
    with torch.inference_mode(mode=False):  # a leaf shows its node through a view of itself
        edge = get_gradient_edge(tensor)
    return edge.node, edge.output_nr
