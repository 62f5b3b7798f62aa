"""An autograd graph as plain data: nodes, edges and roots, without torch's objects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import torch

from autograd_vi.names import Params, names_by_tensor
from autograd_vi.notes import Columns, NodeKind, Note, as_columns, in_words, take_notes
from autograd_vi.sources import SourceLine
from autograd_vi.text_tree import text_tree
from autograd_vi.walk import gradient_edges, paused_gc, walk

if TYPE_CHECKING:
    from autograd_vi.render.folding import Unfold

__all__ = ["Edge", "Graph", "Node", "NodeKind", "Params", "SourceLine", "print_dag", "trace"]


class Node(NamedTuple):
    """One node of the graph: an operation's gradient function, or a leaf that accumulates.

    Attributes:
        id: its place in ``Graph.nodes``.
        op: the gradient function, as in ``MulBackward0``; ``AccumulateGrad`` for a leaf, and for a
            custom :class:`torch.autograd.Function` the name of its class.
        kind: ``leaf``, ``operation``, ``view`` (the result shares memory with its input) or ``custom``.
        names: a leaf's names in the ``params`` that were given; empty for other nodes.
        shapes: the shape of each output of the forward operation; None where a shape is no list
            of numbers, as for nested tensors.
        dtypes: the dtype of each output, as in ``float32``.
        device: the device of the first output, as in ``cuda:0``.
        source: the line that created the operation, if :func:`autograd_vi.record_sources` was on.
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


class Graph:
    """An autograd graph as plain data. It does not change, and keeps no tensor alive.

    Printing it gives the text tree; as the last line of a notebook cell it draws itself.

    Args:
        nodes: the nodes in the order of their ids.
        edges: the edges.
        roots: ``(node id, output_nr)`` of each tensor that was traced.
    """

    # `trace` leaves notes here. They become Node and Edge when they are first read, and a drawing,
    # which needs a few of them only, reads the columns instead.
    __slots__ = ("_columns", "_edges", "_nodes", "_roots")

    def __init__(
        self, nodes: Iterable[Node], edges: Iterable[Edge], roots: Iterable[tuple[int, int]]
    ) -> None:
        self._nodes: tuple[Node, ...] | list[Note] = tuple(nodes)
        self._edges: tuple[Edge, ...] | list[tuple[int, int, int, int]] = tuple(edges)
        self._roots = tuple(roots)
        self._columns: Columns | None = None

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes; a node's id is its place here. Ids count depth first, from the roots."""
        nodes = self._nodes
        if isinstance(nodes, list):
            with paused_gc():
                nodes = self._nodes = tuple(map(_new_node, in_words(nodes)))
        return nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges, ordered by source and slot."""
        edges = self._edges
        if isinstance(edges, list):
            with paused_gc():
                edges = self._edges = tuple(map(new_edge, edges))
        return edges

    @property
    def roots(self) -> tuple[tuple[int, int], ...]:
        """``(node id, output_nr)`` of each tensor that was traced, in their order."""
        return self._roots

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        mine, theirs = ((g.roots, g.edges, g.nodes) for g in (self, other))
        return mine == theirs

    def __hash__(self) -> int:
        return hash((self.roots, self.edges, self.nodes))

    def __reduce__(self) -> tuple[Any, ...]:
        return Graph, (self.nodes, self.edges, self.roots)

    def __repr__(self) -> str:
        return f"Graph({len(self.nodes)} nodes, {len(self.edges)} edges)"

    def __str__(self) -> str:
        with paused_gc():
            return text_tree(self)

    def to_dot(self, unfold: Unfold = ()) -> str:
        """Return the picture in Graphviz's language; ``unfold`` as for ``to_svg``."""
        from autograd_vi.render import dot, fold  # noqa: PLC0415 (loads the layout library)

        return dot(self, fold(self, unfold))

    def to_svg(self, unfold: Unfold = ()) -> str:
        """Return the picture as an SVG document that stands alone.

        Args:
            unfold: names of modules that are drawn with all that is in them, or True for the whole
                graph. Otherwise modules stay folded where the picture would grow too large, and
                so do long runs of operations.

        Raises:
            ValueError: if ``unfold`` names no module of the graph, or asks for more than 5,000 boxes.
        """
        from autograd_vi.render import svg_document  # noqa: PLC0415 (loads the layout library)

        return svg_document(self, unfold)

    def _repr_html_(self) -> str:
        from autograd_vi.render import graph_html  # noqa: PLC0415 (loads the layout library)

        return graph_html(self)


def trace(output: torch.Tensor | Sequence[torch.Tensor], params: Params | None = None) -> Graph:
    """Read the graph behind ``output``.

    Every node is met once, without recursion; time and memory are linear in the size of the graph.
    The graph may be traced before and after ``backward()``, also when its saved tensors are
    freed, and stays as it is.

    Args:
        output: a tensor that autograd tracks, or several. A leaf's graph is one node.
        params: names for the leaves: a module, a mapping of names to tensors, or pairs of both.

    Raises:
        TypeError: if ``output`` is no tensor and no sequence of tensors, or ``params`` has no names.
        ValueError: if nothing tracks a tensor of ``output``.
    """
    roots = gradient_edges(output)
    names = names_by_tensor(params)
    with paused_gc():
        walked = walk([node for node, _ in roots])
        graph = Graph((), (), [(walked.ids[node], output_nr) for node, output_nr in roots])
        graph._nodes, graph._edges = take_notes(walked.nodes, names), walked.edges
        return graph


def columns_of(graph: Graph) -> Columns:
    """Return what a drawing reads of the graph; this makes no Node and no Edge."""
    if graph._columns is None:
        notes = graph._nodes
        if isinstance(notes, tuple):
            notes = [((n.op, n.kind), n.names, n.shapes, (), None, n.source) for n in notes]
        graph._columns = as_columns(notes, graph._edges, graph.roots)
    return graph._columns


def print_dag(
    output: torch.Tensor | Sequence[torch.Tensor],
    params: Params | None = None,
    file: TextIO | None = None,
) -> None:
    """Print the text tree of the graph behind ``output``.

    Args:
        output: as for :func:`autograd_vi.trace`.
        params: as for :func:`autograd_vi.trace`.
        file: where to print; standard output if None.
    """
    print(trace(output, params), file=file)


# A named tuple's own constructor takes its fields one by one, in Python; this one runs in C.
_new_node: Callable[[tuple[Any, ...]], Node] = partial(tuple.__new__, Node)
new_edge: Callable[[tuple[int, ...]], Edge] = partial(tuple.__new__, Edge)
