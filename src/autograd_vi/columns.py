"""A graph as columns: a list for each property of its nodes.

So it is read off torch's nodes, in little more time than a walk over them takes, and so it is drawn. Nodes and
edges are made of the columns when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import torch

from autograd_vi.attributes import Attributes, Reader, attribute_reader, attributes_on_context
from autograd_vi.guards import AccumulateGrad
from autograd_vi.module_kinds import ModuleKinds
from autograd_vi.module_recording import recorded_module, was_recorded
from autograd_vi.node import Edge, Node, new_edge, new_node
from autograd_vi.operations import SHARED_CLASS, NodeKind, op_and_kind
from autograd_vi.sources import SourceLine, recorder, source_of

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

    from autograd_vi.graph import Graph

PlainShape: TypeAlias = "tuple[int, ...] | None"
Shapes: TypeAlias = "tuple[PlainShape, ...]"
Dtype: TypeAlias = "torch.dtype | str | None"
Device: TypeAlias = "torch.device | str | None"

_NUMBERS = frozenset([int])

_OfClass: TypeAlias = "tuple[str, NodeKind, Reader | None]"
# Operation, kind and what reads the attributes of torch's own classes, for all graphs. A custom Function's class may
# come and go.
_known_classes: dict[type, _OfClass] = {}


class Output(NamedTuple):
    """What is known of one output of a node; torch's own objects have the same attributes.

    Attributes:
        shape: its shape; None where it is not known. Torch's object raises where there is none.
        dtype: its dtype.
        device: its device.
    """

    shape: Sequence[int] | None
    dtype: Dtype
    device: Device


# As in autograd_vi.node: a constructor that runs in C.
new_output: Callable[[tuple[Any, ...]], Output] = partial(tuple.__new__, Output)


@dataclass(slots=True, eq=False)
class Columns:
    """A graph as lists; the place in a list is the node's id. The properties are those of :class:`Node`.

    Attributes:
        outputs: what is known of each node's outputs. Torch's own objects stand here, which are copies without a
            tensor: to ask them is most of what a node costs, and a picture shows few.
        edges: ``(source, target, slot, output_nr)``, as in :class:`Edge`.
        roots: ``(node id, output_nr)`` of each tensor that was traced.
        root_names: where each of them stands in its container.
        root_variables: what the caller calls each of them; empty where that is not known.
        module_kinds: what each module is, by its name, if a module gave the names.
    """

    ops: list[str]
    kinds: list[NodeKind]
    names: list[tuple[str, ...]]
    outputs: list[tuple[Output, ...]]
    sources: list[SourceLine | None]
    modules: list[str | None]
    edges: Sequence[tuple[int, int, int, int]]
    roots: Sequence[tuple[int, int]]
    root_names: Sequence[str] = ()
    attributes: list[Attributes] = field(default_factory=list)
    module_kinds: ModuleKinds = field(default_factory=dict)
    root_variables: Sequence[str] = ()
    _shapes: dict[int, Shapes] = field(default_factory=dict, init=False, repr=False)
    _shared: dict[Shapes, Shapes] = field(default_factory=dict, init=False, repr=False)

    def shapes(self, node: int) -> Shapes:
        """Return the shapes of a node's outputs."""
        found = self._shapes.get(node)
        if found is None:
            plain = tuple([plain_shape(_size(output)) for output in self.outputs[node]])
            found = self._shapes[node] = self._shared.setdefault(plain, plain)  # a graph has few
        return found

    def dtypes(self, node: int) -> tuple[Dtype, ...]:
        """Return the dtypes of a node's outputs."""
        return tuple([output.dtype for output in self.outputs[node]])

    def device(self, node: int) -> Device:
        """Return the device of a node's first output."""
        return self.outputs[node][0].device

    def new_nodes(self) -> tuple[Node, ...]:
        """Return the columns as nodes."""
        ids = range(len(self.ops))
        dtypes = map(cache(_dtype_names), map(self.dtypes, ids))
        devices = map(cache(str), map(self.device, ids))
        columns = (self.ops, self.kinds, self.names, map(self.shapes, ids), dtypes, devices)
        more = (self.sources, self.modules, self.attributes)
        return tuple(map(new_node, zip(ids, *columns, *more, strict=True)))

    def new_edges(self) -> tuple[Edge, ...]:
        """Return the rows of ``edges`` as edges."""
        return tuple(map(new_edge, self.edges))


def read_columns(
    nodes: list[TorchNode],
    leaf_names: dict[int, tuple[str, ...]],
    edges: Sequence[tuple[int, int, int, int]],
    roots: Sequence[tuple[int, int]],
) -> Columns:
    """Read the columns off torch's nodes; ``leaf_names`` are the leaves' names by ``id(tensor)``."""
    ops: list[str] = []
    kinds: list[NodeKind] = []
    names: list[tuple[str, ...]] = [()] * len(nodes)
    outputs: list[tuple[Output, ...]] = []
    attributes: list[Attributes] = []
    for i, node in enumerate(nodes):
        cls = type(node)
        if cls is AccumulateGrad:
            ops.append("AccumulateGrad")
            kinds.append("leaf")
            leaf = node.variable  # type: ignore[attr-defined]  # AccumulateGrad has it
            names[i] = leaf_names.get(id(leaf), ())
            outputs.append((new_output((_size(leaf), leaf.dtype, leaf.device)),))
            attributes.append(())
        else:
            op, kind, reader = _known_classes.get(cls) or _of_class(node)
            ops.append(op)
            kinds.append(kind)
            outputs.append(node._input_metadata)  # type: ignore[arg-type]  # a tuple, which torch types as a list
            attributes.append(() if reader is None else reader(node))
    sources: list[SourceLine | None] = [None] * len(nodes)
    if recorder.used:
        sources = list(map(source_of, nodes))
    modules: list[str | None] = [None] * len(nodes)
    if was_recorded():
        modules = list(map(recorded_module, nodes))
    return Columns(
        *(ops, kinds, names, outputs, sources, modules, edges, roots),
        attributes=attributes,
    )


def _of_class(node: TorchNode) -> _OfClass:
    """Return what the nodes of one class share, and remember it; nodes of a shared class have it of their own."""
    cls, (op, kind) = type(node), op_and_kind(node)
    if hasattr(cls, "_forward_cls"):
        return op, kind, attributes_on_context
    found = op, kind, attribute_reader(cls)
    if cls.__name__ != SHARED_CLASS:
        _known_classes[cls] = found
    return found


def columns_of(graph: Graph) -> Columns:
    """Return the graph as columns; where it is still as it was traced, no Node and no Edge is made."""
    columns = graph._columns
    if columns is None:
        nodes = graph.nodes
        columns = graph._columns = Columns(
            [node.op for node in nodes],
            [node.kind for node in nodes],
            [node.names for node in nodes],
            [_outputs(node) for node in nodes],
            [node.source for node in nodes],
            [node.module for node in nodes],
            graph.edges,
            graph.roots,
            graph.root_names,
            [node.attributes for node in nodes],
            graph._module_kinds,
            graph._root_variables,
        )
    return columns


def plain_shape(size: Sequence[int] | None) -> PlainShape:
    """Return a shape as a tuple of numbers; None if it is not known or no list of numbers.

    A jagged nested tensor has a symbol among its sizes.
    """
    return tuple(size) if size is not None and _NUMBERS.issuperset(map(type, size)) else None


def _size(output: Output) -> Sequence[int] | None:
    try:
        return output.shape
    except RuntimeError:  # a strided nested tensor has no shape
        return None


def _outputs(node: Node) -> tuple[Output, ...]:
    each = zip(node.shapes, node.dtypes, strict=True)
    return tuple([Output(shape, dtype, node.device) for shape, dtype in each])


def _dtype_names(dtypes: tuple[Dtype, ...]) -> tuple[str, ...]:
    return tuple([str(dtype).removeprefix("torch.") for dtype in dtypes])
