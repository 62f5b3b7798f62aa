"""Guards that let a deep graph be freed after Python has looked at it.

Torch frees a deep graph in a flat loop, but only as long as no node has a Python wrapper. A walk
over ``next_functions`` gives every node a wrapper that the node then owns. From there on, freeing a
node frees its wrapper, which frees the next node, and so on, one C++ call inside the other: a chain
of 100,000 operations overflows the stack and kills the process. (Without wrappers it did so too, once:
https://github.com/pytorch/pytorch/issues/5534.)

A guard is an object in the ``metadata`` of a node. It holds the wrappers of some of the node's
inputs. Torch lets go of a node's edges first and of its metadata last, so these inputs outlive
the node by a moment, and the guard then drops them from a flat loop. (Torch 2.6 drops the metadata first,
and the edges from a flat loop of its own: https://github.com/pytorch/pytorch/pull/6873.)

Which edges need one? Autograd numbers nodes as they are created, so the number falls along nearly
every edge. An edge is guarded where it enters another block of ``BLOCK`` numbers, and where the
number does not fall (the counter belongs to a thread, so a graph that several threads built has such
edges). On a path without guarded edges the number falls at each step and stays in one block. Such
a path, and with it the recursion, has at most ``BLOCK`` nodes, whatever the graph looks like.

The rule looks at one edge alone. So guards stay right when a graph is traced twice, when more
operations are built on top of a traced graph, and when a walk is interrupted halfway.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, cast

import torch

if TYPE_CHECKING:
    from torch.autograd.graph import Node

BLOCK = 128
KEY = "autograd_vi.guard"
AccumulateGrad: type = torch._C._functions.AccumulateGrad


class _Pending(threading.local):
    """The wrappers that wait to be dropped in this thread."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.draining = False


_pending = _Pending()


class Guard:
    """Holds wrappers of a node's inputs, and drops them in a flat loop when the node dies."""

    __slots__ = ("nodes",)

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes

    # The default argument keeps the state reachable while the interpreter shuts down.
    def __del__(self, pending: _Pending = _pending) -> None:
        pending.nodes += self.nodes
        if pending.draining:
            return
        pending.draining = True
        try:
            self.nodes.clear()
            while pending.nodes:
                pending.nodes.pop()
        finally:
            pending.draining = False


def guard(node: Node, inputs: Iterable[tuple[Node | None, int]]) -> None:
    """Put a guard on ``node`` if one of its edges (``node.next_functions``) needs it."""
    # Documented nowhere; torch shows it, and lets it be set, since https://github.com/pytorch/pytorch/pull/114120.
    number = node._sequence_nr()
    crossing: list[Node] | None = None
    for child, _ in inputs:
        if child is None or type(child) is AccumulateGrad:
            continue
        below = child._sequence_nr()
        # For a block size that is a power of two, x ^ y >= BLOCK says "not the same block".
        if below >= number or below ^ number >= BLOCK:
            if crossing is None:
                crossing = []
            crossing.append(child)
    if crossing is not None:
        metadata_of(node).setdefault(KEY, Guard(crossing))


def metadata_of(node: Node) -> dict[str, Any]:
    """Return the dictionary that torch keeps with ``node`` as long as the node lives."""
    metadata: Any = node.metadata  # a property, which torch's types call a method
    return cast("dict[str, Any]", metadata)
