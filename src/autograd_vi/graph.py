"""An autograd graph as plain data: nodes, edges and roots, without torch's objects."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO, TypeAlias

from autograd_vi.columns import Columns, columns_of, read_columns
from autograd_vi.module_inference import certain_modules
from autograd_vi.module_kinds import ModuleKinds
from autograd_vi.names import Names, Params
from autograd_vi.node import Edge, Node
from autograd_vi.operations import NodeKind
from autograd_vi.outputs import Outputs, Root, roots_of
from autograd_vi.saved import SavedTensor, read_saved, total
from autograd_vi.sources import SourceLine
from autograd_vi.text_tree import text_tree
from autograd_vi.variables import variables_of
from autograd_vi.walk import Walk, gradient_edge, paused_gc, walk

if TYPE_CHECKING:
    from autograd_vi.render import Direction, Unfold

__all__ = ["Edge", "Graph", "Node", "NodeKind", "Params", "SourceLine", "print_dag", "trace"]

LONGEST_TEXT = 300  # nodes; the text of larger graphs folds
NodesAndEdges: TypeAlias = "tuple[tuple[Node, ...], tuple[Edge, ...]]"


class Graph:
    """An autograd graph as plain data. It does not change, and keeps no tensor alive.

    Printing it gives the text tree; as the last line of a notebook cell it draws itself.

    Args:
        nodes: the nodes in the order of their ids.
        edges: the edges.
        roots: ``(node id, output_nr)`` of each tensor that was traced.
        root_names: where each of them stands in the container that was traced, as in ``hidden[0]``.
        result_names: the names of results, by ``(node id, output_nr)``.
        saved: what each node keeps for the backward pass; None if nobody looked.
        module_kinds: what each module of the model is, by its name.
        root_variables: what the caller calls each root; a picture shows it.
    """

    # `trace` leaves columns here, which is all that a drawing reads. They give way to nodes and edges
    # when these are read, and come back when the graph is drawn after that.
    __slots__ = (
        *("_columns", "_module_kinds", "_nodes_and_edges"),
        *("_result_names", "_root_names", "_root_variables", "_roots", "_saved"),
    )

    def __init__(  # noqa: PLR0917  # unpickling gives them one by one
        self,
        nodes: Iterable[Node],
        edges: Iterable[Edge],
        roots: Iterable[tuple[int, int]],
        root_names: Iterable[str] = (),
        result_names: Mapping[tuple[int, int], tuple[str, ...]] | None = None,
        saved: Iterable[tuple[SavedTensor, ...]] | None = None,
        module_kinds: ModuleKinds | None = None,
        root_variables: Iterable[str] = (),
    ) -> None:
        self._module_kinds = dict(module_kinds or {})
        self._result_names = dict(result_names or {})
        self._saved = None if saved is None else tuple(saved)
        self._columns: Columns | None = None
        self._nodes_and_edges: NodesAndEdges | None = (tuple(nodes), tuple(edges))
        self._roots = tuple(roots)
        self._root_names = tuple(root_names) or ("",) * len(self._roots)
        self._root_variables = tuple(root_variables) or ("",) * len(self._roots)

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

    @property
    def root_names(self) -> tuple[str, ...]:
        """Where each root stands in the container that was traced, as in ``hidden[0]``.

        Empty for a lone tensor.
        """
        return self._root_names

    def names_of(self, node: int, output_nr: int = 0) -> tuple[str, ...]:
        """Return the names of one output of a node; those of a leaf are ``nodes[node].names``."""
        return self._result_names.get((node, output_nr), ())

    @property
    def saved(self) -> tuple[tuple[SavedTensor, ...], ...] | None:
        """What each node keeps for the backward pass, by its id; None unless traced with ``saved=True``."""
        return self._saved

    def saved_bytes(self, module: str = "", *, leaves: bool = True) -> int:
        """Return the memory that is kept for the backward pass, in bytes.

        Memory that several tensors share counts once.

        Args:
            module: only what the operations keep that this module ran, or one in it, as far as the nodes
                know it.
            leaves: count leaves too, such as weights, which are there anyway.

        Raises:
            ValueError: if the graph was traced without ``saved=True``.
        """
        if self._saved is None:
            raise ValueError("this graph does not know what is saved; trace it with saved=True")
        if not module:
            return total(chain.from_iterable(self._saved), leaves=leaves)
        from autograd_vi.render.modules import module_paths  # noqa: PLC0415 (loads the drawing)

        wanted = tuple(module.split("."))
        paths = module_paths(columns_of(self))
        inside = [
            kept
            for kept, path in zip(self._saved, paths, strict=True)
            if path[: len(wanted)] == wanted
        ]
        return total(chain.from_iterable(inside), leaves=leaves)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Graph):
            return NotImplemented
        # What the caller calls them is no part of the graph.
        return self._parts()[:-1] == other._parts()[:-1]

    def __hash__(self) -> int:
        return hash((self.roots, self.edges, self.nodes))

    def __reduce__(self) -> tuple[Any, ...]:
        return Graph, self._parts()

    def _parts(self) -> tuple[object, ...]:
        """Return what the graph is made of, in the order of ``__init__``."""
        named = self.root_names, self._result_names, self.saved, self._module_kinds
        return (self.nodes, self.edges, self.roots, *named, self._root_variables)

    def __repr__(self) -> str:
        return f"Graph({len(self.nodes)} nodes, {len(self.edges)} edges)"

    def __str__(self) -> str:
        return self.text()

    def text(self, unfold: Unfold | None = None) -> str:
        """Return the graph as a text tree.

        Args:
            unfold: True for a line for each node. Otherwise the tree folds as the picture does, with
                ``unfold`` as for :meth:`to_svg`. If None, graphs of more than 300 nodes fold by themselves.

        Raises:
            ValueError: as :meth:`to_svg` does.
        """
        with paused_gc():
            if unfold is True or (unfold is None and len(columns_of(self).ops) <= LONGEST_TEXT):
                return text_tree(self)
            from autograd_vi.render.folded_text import folded_text  # noqa: PLC0415 (loads the drawing)

            return folded_text(self, () if unfold is None else unfold)

    def _read_nodes_and_edges(self) -> NodesAndEdges:
        found = self._nodes_and_edges
        if found is None:
            with paused_gc():
                columns = columns_of(self)
                found = self._nodes_and_edges = (columns.new_nodes(), columns.new_edges())
            self._columns = None
        return found

    def to_dot(self, unfold: Unfold = (), *, direction: Direction = "down") -> str:
        """Return the picture in Graphviz's language; arguments as for ``to_svg``."""
        from autograd_vi.render import dot, fold  # noqa: PLC0415 (loaded when first drawn)

        return dot(self, fold(self, unfold), direction)

    def to_svg(self, unfold: Unfold = (), *, direction: Direction = "down") -> str:
        """Return the picture as an SVG document that stands alone.

        By itself, the picture unfolds modules level by level as long as it stays readable, folds long
        runs of operations, and draws equal layers, steps or branches once, with how often they come.

        Args:
            unfold: what is unfolded beyond that.

                - A number: so many levels of modules, from the outside.
                - The name of a module: this one by one level, and the way to it. All of its level is
                  drawn then, equal layers one by one; the modules in it stay folded.
                - A name that ends in ``.**``: this module with all that is in it.
                - Several names.
                - True: the whole graph.
            direction: where gradients run in the picture: ``down`` or ``right``.

        Raises:
            TypeError: if ``unfold`` is none of these.
            ValueError: for another direction, for a module that the graph does not have, or for more than 5,000 boxes.
        """
        from autograd_vi.render import svg_document  # noqa: PLC0415 (loaded when first drawn)

        return svg_document(self, unfold, direction)

    def _repr_html_(self) -> str:
        from autograd_vi.render import graph_html  # noqa: PLC0415 (loaded when first drawn)

        return graph_html(self)


def trace(output: Outputs, params: Params | None = None, *, saved: bool = False) -> Graph:
    """Read the graph behind ``output``.

    Every node is met once, without recursion; time and memory are linear in the size of the graph.
    The graph may be traced before and after ``backward()``, also when its saved tensors are
    freed, and stays as it is.

    Args:
        output: a tensor that autograd tracks, or a container of some, such as what a model returns: a
            list, tuple, dictionary, dataclass or named tuple, also nested. What is not tracked in it is
            left out; of a list of tensors each one must be tracked. A leaf's graph is one node.
        params: names for leaves and for results: a module, a mapping of names to tensors, or pairs
            of both. Names that match nothing in the graph give a warning.
        saved: also look at what each operation keeps for the backward pass.

    Raises:
        TypeError: if there is no tensor in ``output``, or ``params`` has no names.
        ValueError: if nothing tracks ``output``.
    """
    with paused_gc():  # what the walk alone needs is gone before the collector looks again
        return read_graph(roots_of(output), Names(params), sys._getframe(1), saved=saved)[0]


def read_graph(
    roots: Sequence[Root], names: Names, caller: FrameType, *, saved: bool
) -> tuple[Graph, Walk]:
    """Return the graph behind tracked tensors, and the walk it was read from; ``caller`` names the roots.

    Call it within :func:`autograd_vi.walk.paused_gc`.
    """
    edges = [gradient_edge(root.tensor) for root in roots]
    variables = variables_of([root.tensor for root in roots], caller)
    walked = walk([node for node, _ in edges])
    graph = Graph(
        (),
        (),
        [(walked.ids[node], output_nr) for node, output_nr in edges],
        [root.name for root in roots],
    )
    columns = read_columns(walked.nodes, names.by_id, walked.edges, graph.roots)
    if names.modules and set(columns.modules) == {None}:
        of_leaves = columns.names, walked.edges
        columns.modules = certain_modules(names.modules, walked.nodes, columns.kinds, *of_leaves)
    graph._result_names = names.of_results(walked.ids)
    for (i, _), found in sorted(graph._result_names.items()):
        columns.names[i] = (*columns.names[i], *found)
    columns.root_names = graph.root_names
    columns.root_variables = graph._root_variables = _called(graph, columns.kinds, variables)
    graph._module_kinds = columns.module_kinds = names.module_kinds
    graph._columns = columns
    graph._nodes_and_edges = None
    if saved:
        graph._saved = read_saved(walked.nodes)
    names.warn_of_strangers(columns.names)
    return graph, walked


def _called(graph: Graph, kinds: Sequence[str], variables: Sequence[str]) -> tuple[str, ...]:
    """Return the name of each root: as ``params`` has it, else as the caller's variable. A leaf shows its own."""
    return tuple(
        "" if kinds[node] == "leaf" else next(iter(graph.names_of(node, nr)), variable)
        for (node, nr), variable in zip(graph.roots, variables, strict=True)
    )


def print_dag(
    output: Outputs,
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
