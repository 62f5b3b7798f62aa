"""An autograd graph as plain data: nodes, edges and roots, without torch's objects."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TextIO, TypeAlias

import torch

from autograd_vi.guards import AccumulateGrad
from autograd_vi.names import Params, names_by_tensor
from autograd_vi.sources import SourceLine, recorder, source_of
from autograd_vi.text_tree import text_tree
from autograd_vi.walk import gradient_edges, paused_gc, walk

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

    from autograd_vi.render.folding import Unfold

__all__ = ["Edge", "Graph", "Node", "NodeKind", "Params", "SourceLine", "print_dag", "trace"]

SHARED_CLASS = "CppFunction"  # of all nodes for which torch has no Python class of their own

NodeKind: TypeAlias = Literal["leaf", "operation", "view", "custom"]


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

    # The nodes and edges that `trace` gives are still short notes. They become Node and Edge when
    # they are first read.
    __slots__ = ("_edges", "_nodes", "_roots")

    def __init__(
        self, nodes: Iterable[Node], edges: Iterable[Edge], roots: Iterable[tuple[int, int]]
    ) -> None:
        self._nodes = nodes
        self._edges = edges
        self._roots = tuple(roots)

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes; a node's id is its place here. Ids count depth first, from the roots."""
        nodes = self._nodes
        if not isinstance(nodes, tuple):
            with paused_gc():
                nodes = self._nodes = tuple(nodes)
        return nodes

    @property
    def edges(self) -> tuple[Edge, ...]:
        """The edges, ordered by source and slot."""
        edges = self._edges
        if not isinstance(edges, tuple):
            with paused_gc():
                edges = self._edges = tuple(edges)
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
        notes = _notes(walked.nodes, names)
        return Graph(
            _Later(_nodes, notes),
            _Later(_edges, walked.edges),
            [(walked.ids[node], output_nr) for node, output_nr in roots],
        )


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


class _Later:
    """Items that are made when they are read, each time anew, so that two threads may read."""

    def __init__(self, make: Callable[[Any], Iterator[Any]], notes: list[Any]) -> None:
        self.make = make
        self.notes = notes

    def __iter__(self) -> Iterator[Any]:
        return self.make(self.notes)


# What is noted of a node: operation and kind, a leaf's names, the shape and dtype of its output (or
# lists of them), the device, the source line.
_Note: TypeAlias = (
    "tuple[tuple[str, NodeKind], tuple[str, ...], Any, Any, torch.device, SourceLine | None]"
)


# Operation and kind of torch's own classes, for all graphs. A custom Function's class may come and go.
_kinds: dict[type, tuple[str, NodeKind]] = {}


def _notes(nodes: list[TorchNode], names: dict[int, tuple[str, ...]]) -> list[_Note]:
    notes: list[_Note] = []
    kinds = _kinds.copy()
    leaf: tuple[str, NodeKind] = ("AccumulateGrad", "leaf")
    sources = recorder.used
    for node in nodes:
        cls = type(node)
        aliases: tuple[str, ...] = ()
        source = None
        if cls is AccumulateGrad:
            kind = leaf
            output = node.variable  # type: ignore[attr-defined]
            aliases = names.get(id(output), ())
        else:
            try:
                kind = kinds[cls]
            except KeyError:
                kind = op_and_kind(node)
                if cls.__name__ != SHARED_CLASS:
                    kinds[cls] = kind
                    if kind[1] != "custom":
                        _kinds[cls] = kind
            if sources:
                source = source_of(node)
            outputs = node._input_metadata
            if len(outputs) != 1:
                shapes, dtypes = [_shape(o) for o in outputs], [o.dtype for o in outputs]
                notes.append((kind, (), shapes, dtypes, outputs[0].device, source))
                continue
            (output,) = outputs
        try:  # as in _shape: a call for each node would take a tenth of the time
            shape = output.shape
        except RuntimeError:
            shape = None
        notes.append((kind, aliases, shape, output.dtype, output.device, source))
    return notes


def _shape(output: torch.Tensor) -> Sequence[int] | None:
    try:
        return output.shape
    except RuntimeError:  # a strided nested tensor has no shape
        return None


def _nodes(notes: list[_Note]) -> Iterator[Node]:
    # A graph has few shapes and dtypes: each is put into words once, and shared.
    shape_of, dtype_of, device_of = cache(_plain_shapes), cache(_plain_dtypes), cache(str)
    for i, ((op, kind), names, shape, dtype, device, source) in enumerate(notes):
        shapes: tuple[tuple[int, ...] | None, ...]
        dtypes: tuple[str, ...]
        if isinstance(dtype, torch.dtype):
            shapes = (None,) if shape is None else shape_of(tuple(shape))
            dtypes = dtype_of(dtype)
        else:
            shapes = tuple([None if s is None else shape_of(tuple(s))[0] for s in shape])
            dtypes = tuple([dtype_of(one)[0] for one in dtype])
        yield _new_node((i, op, kind, names, shapes, dtypes, device_of(device), source))


def _plain_shapes(shape: tuple[Any, ...]) -> tuple[tuple[int, ...] | None]:
    # A jagged nested tensor has a symbol among its sizes.
    return (shape if all(type(size) is int for size in shape) else None,)


def _plain_dtypes(dtype: torch.dtype) -> tuple[str]:
    return (str(dtype).removeprefix("torch."),)


def _edges(notes: list[tuple[int, int, int, int]]) -> Iterator[Edge]:
    return map(_new_edge, notes)


# A named tuple's own constructor takes its fields one by one, in Python; this one runs in C.
_new_node: Callable[[tuple[Any, ...]], Node] = partial(tuple.__new__, Node)
_new_edge: Callable[[tuple[Any, ...]], Edge] = partial(tuple.__new__, Edge)


def op_and_kind(node: TorchNode) -> tuple[str, NodeKind]:
    """Return the name and the kind of a node's gradient function."""
    custom = getattr(node, "_forward_cls", None)
    if custom is not None:
        return custom.__name__, "custom"
    op = type(node).__name__
    if op == SHARED_CLASS:
        name = node.name()
        written_in_cpp = re.fullmatch(r".*\bCppNode<(.+)>", name)
        if written_in_cpp:
            return written_in_cpp[1].rsplit("::")[-1], "custom"
        op = name.rsplit("::")[-1]
    return op, "view" if is_view(op) else "operation"


@cache
def is_view(op: str) -> bool:
    """Whether the operation's result shares memory with its input, as torch's schemas say.

    ``TransposeBackward0`` is the gradient function of ``aten::transpose``, whose schema gives its
    result the alias set of its input.
    """
    match = re.fullmatch(r"(\w+?)Backward(Autograd[A-Za-z]+)?\d*", op)
    if match is None:
        return False
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", match[1]).lower()
    packets = (getattr(torch.ops.aten, found, None) for found in (name, f"_{name}"))
    schemas = [getattr(p, o)._schema for p in packets if p is not None for o in p.overloads()]
    results = [result.alias_info for schema in schemas for result in schema.returns]
    return any(alias is not None and not alias.is_write for alias in results)
