"""The nodes and edges of a graph, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from autograd_vi.operations import NodeKind
from autograd_vi.sources import SourceLine


class Node(NamedTuple):
    """One node of the graph: an operation's gradient function, or a leaf that accumulates.

    Attributes:
        id: its place in ``Graph.nodes``.
        op: the gradient function, as in ``MulBackward0``; ``AccumulateGrad`` for a leaf, and for a
            custom :class:`torch.autograd.Function` the name of its class.
        kind: ``leaf``, ``operation``, ``view`` (the result shares memory with its input) or ``custom``.
        names: the names in the ``params`` that were given, of a leaf or of what the operation computed.
        shapes: the shape of each output of the forward operation; None where a shape is no list
            of numbers, as for nested tensors.
        dtypes: the dtype of each output, as in ``float32``.
        device: the device of the first output, as in ``cuda:0``.
        source: the line that created the operation, if :func:`autograd_vi.record_sources` was on.
        module: the innermost module that ran the operation, as in ``layer1.0``: recorded by
            :func:`autograd_vi.record_modules`, or told by the parameters where these are certain. Empty for what
            ran in no module but the whole model or outside of it, None where it is not known.
        attributes: the numbers and words that the operation was called with and torch keeps, as in
            ``(("dim", 0), ("keepdim", False))``.
    """

    # Tuples with names, not dataclasses: a large graph has many, and these are made in half the time.
    id: int
    op: str
    kind: NodeKind
    names: tuple[str, ...]
    shapes: tuple[tuple[int, ...] | None, ...]
    dtypes: tuple[str | None, ...]
    device: str | None
    source: SourceLine | None = None
    module: str | None = None
    attributes: tuple[tuple[str, object], ...] = ()

    @property
    def name(self) -> str:
        """The first of ``names``, or the empty string."""
        return self.names[0] if self.names else ""


class Edge(NamedTuple):
    """One input of an operation. In the backward pass a gradient runs from ``source`` to ``target``.

    Attributes:
        source: the id of the node that consumed the value.
        target: the id of the node that produced it.
        slot: which input of ``source`` it is. ``x + x`` has two edges, with slots 0 and 1.
        output_nr: which output of ``target`` it is.
    """

    source: int
    target: int
    slot: int
    output_nr: int


# A named tuple's own constructor takes its fields one by one, in Python; this one runs in C.
new_node: Callable[[tuple[Any, ...]], Node] = partial(tuple.__new__, Node)
new_edge: Callable[[tuple[int, ...]], Edge] = partial(tuple.__new__, Edge)
