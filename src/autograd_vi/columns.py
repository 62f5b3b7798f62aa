"""A graph as columns: a list for each property of its nodes.

So it is read off torch's nodes, in little more time than a walk over them takes, and so it is drawn. Nodes and
edges are made of the columns when somebody asks for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import torch

from autograd_vi.attributes import Attributes, attributes_of
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

_NUMBERS = frozenset([int])

# Operation and kind of torch's own classes, for all graphs. A custom Function's class may come and go.
_known_kinds: dict[type, tuple[str, NodeKind]] = {}


@dataclass(slots=True, eq=False)
class Columns:
    """A graph as lists; the place in a list is the node's id. The properties are those of :class:`Node`.

    Attributes:
        sizes: the shapes of each node's outputs as torch holds them; None where it tells none.
        dtypes: likewise; the dtype of a lone output stands alone.
        devices: the devices of the first outputs.
        edges: ``(source, target, slot, output_nr)``, as in :class:`Edge`.
        roots: ``(node id, output_nr)`` of each tensor that was traced.
        root_names: where each of them stands in its container.
        module_kinds: what each module is, by its name, if a module gave the names.
    """

    ops: list[str]
    kinds: list[NodeKind]
    names: list[tuple[str, ...]]
    sizes: list[tuple[Sequence[int] | None, ...]]
    dtypes: list[Dtype | tuple[Dtype, ...]]
    devices: list[torch.device | str | None]
    sources: list[SourceLine | None]
    modules: list[str | None]
    edges: Sequence[tuple[int, int, int, int]]
    roots: Sequence[tuple[int, int]]
    root_names: Sequence[str] = ()
    attributes: list[Attributes] = field(default_factory=list)
    module_kinds: ModuleKinds = field(default_factory=dict)
    _shapes: dict[int, Shapes] = field(default_factory=dict, init=False, repr=False)
    _shared: dict[Shapes, Shapes] = field(default_factory=dict, init=False, repr=False)

    def shapes(self, node: int) -> Shapes:
        """Return the shapes of a node's outputs, made plain when they are first asked for: a picture shows few."""
        found = self._shapes.get(node)
        if found is None:
            plain = tuple(map(plain_shape, self.sizes[node]))
            found = self._shapes[node] = self._shared.setdefault(plain, plain)  # a graph has few
        return found

    def new_nodes(self) -> tuple[Node, ...]:
        """Return the columns as nodes."""
        dtypes, devices = map(cache(_dtype_names), self.dtypes), map(cache(str), self.devices)
        ids = range(len(self.ops))
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
    sizes: list[tuple[Sequence[int] | None, ...]] = []
    dtypes: list[Dtype | tuple[Dtype, ...]] = []
    devices: list[torch.device | str | None] = []
    kind_of_class = _known_kinds.copy()
    for i, node in enumerate(nodes):
        cls = type(node)
        if cls is AccumulateGrad:
            ops.append("AccumulateGrad")
            kinds.append("leaf")
            output = node.variable  # type: ignore[attr-defined]  # AccumulateGrad has it
            names[i] = leaf_names.get(id(output), ())
        else:
            op, kind = kind_of_class.get(cls) or _op_and_kind(node, kind_of_class)
            ops.append(op)
            kinds.append(kind)
            outputs = node._input_metadata
            if len(outputs) != 1:
                sizes.append(tuple(map(_size, outputs)))
                dtypes.append(tuple([o.dtype for o in outputs]))
                devices.append(outputs[0].device)
                continue
            (output,) = outputs
        try:  # as in _size: a call for each node would take a tenth of the time
            sizes.append((output.shape,))
        except RuntimeError:
            sizes.append((None,))
        dtypes.append(output.dtype)
        devices.append(output.device)
    sources: list[SourceLine | None] = [None] * len(nodes)
    if recorder.used:
        sources = list(map(source_of, nodes))
    modules: list[str | None] = [None] * len(nodes)
    if was_recorded():
        modules = list(map(recorded_module, nodes))
    return Columns(
        *(ops, kinds, names, sizes, dtypes, devices, sources, modules, edges, roots),
        attributes=attributes_of(nodes),
    )


def _op_and_kind(
    node: TorchNode, kind_of_class: dict[type, tuple[str, NodeKind]]
) -> tuple[str, NodeKind]:
    """Return operation and kind of a node whose class is new, and remember them where they are the class's."""
    cls, found = type(node), op_and_kind(node)
    if cls.__name__ != SHARED_CLASS:
        kind_of_class[cls] = found
        if found[1] != "custom":
            _known_kinds[cls] = found
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
            [node.shapes for node in nodes],
            [node.dtypes for node in nodes],
            [node.device for node in nodes],
            [node.source for node in nodes],
            [node.module for node in nodes],
            graph.edges,
            graph.roots,
            graph.root_names,
            [node.attributes for node in nodes],
            graph._module_kinds,
        )
    return columns


def plain_shape(size: Sequence[int] | None) -> PlainShape:
    """Return a shape as a tuple of numbers; None if it is not known or no list of numbers.

    A jagged nested tensor has a symbol among its sizes.
    """
    return tuple(size) if size is not None and _NUMBERS.issuperset(map(type, size)) else None


def _size(output: torch.Tensor) -> Sequence[int] | None:
    try:
        return output.shape
    except RuntimeError:  # a strided nested tensor has no shape
        return None


def _dtype_names(dtypes: Dtype | tuple[Dtype, ...]) -> tuple[str, ...]:
    each = dtypes if isinstance(dtypes, tuple) else (dtypes,)
    return tuple([str(dtype).removeprefix("torch.") for dtype in each])
