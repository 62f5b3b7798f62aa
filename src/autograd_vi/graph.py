"""An autograd graph as plain data: nodes, edges and roots, without torch's objects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

import torch

from autograd_vi.columns import Columns, columns_of, read_columns
from autograd_vi.names import Params, names_by_tensor
from autograd_vi.node import Edge, Node
from autograd_vi.operations import NodeKind
from autograd_vi.sources import SourceLine
from autograd_vi.text_tree import text_tree
from autograd_vi.walk import gradient_edges, paused_gc, walk

if TYPE_CHECKING:
    from autograd_vi.render import Unfold

__all__ = ["Edge", "Graph", "Node", "NodeKind", "Params", "SourceLine", "print_dag", "trace"]

NodesAndEdges: TypeAlias = "tuple[tuple[Node, ...], tuple[Edge, ...]]"


class Graph:
    """An autograd graph as plain data. It does not change, and keeps no tensor alive.

    Printing it gives the text tree; as the last line of a notebook cell it draws itself.

    Args:
        nodes: the nodes in the order of their ids.
        edges: the edges.
        roots: ``(node id, output_nr)`` of each tensor that was traced.
    """

    # `trace` leaves columns here, which is all that a drawing reads. They give way to nodes and edges
    # when these are read, and come back when the graph is drawn after that.
    __slots__ = ("_columns", "_nodes_and_edges", "_roots")

    def __init__(
        self, nodes: Iterable[Node], edges: Iterable[Edge], roots: Iterable[tuple[int, int]]
    ) -> None:
        self._columns: Columns | None = None
        self._nodes_and_edges: NodesAndEdges | None = (tuple(nodes), tuple(edges))
        self._roots = tuple(roots)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes; a node's id is its place here. Ids count depth first, from the roots."""
        return self._read_nodes_and_edges()[0]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges, ordered by source and slot."""
        return self._read_nodes_and_edges()[1]

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

    def _read_nodes_and_edges(self) -> NodesAndEdges:
        found = self._nodes_and_edges
        if found is None:
            with paused_gc():
                columns = columns_of(self)
                found = self._nodes_and_edges = (columns.new_nodes(), columns.new_edges())
            self._columns = None
        return found

    def to_dot(self, unfold: Unfold = ()) -> str:
        """Return the picture in Graphviz's language; ``unfold`` as for ``to_svg``."""
        from autograd_vi.render import dot, fold  # noqa: PLC0415 (loaded when first drawn)

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
        from autograd_vi.render import svg_document  # noqa: PLC0415 (loaded when first drawn)

        return svg_document(self, unfold)

    def _repr_html_(self) -> str:
        from autograd_vi.render import graph_html  # noqa: PLC0415 (loaded when first drawn)

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
        graph._columns = read_columns(walked.nodes, names, walked.edges, graph.roots)
        graph._nodes_and_edges = None
        return graph


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
