"""What is noted of torch's nodes while they are walked, and what can be read off these notes.

A note is short: reading a large graph takes little longer than walking it. What most readers ask for
is made of the notes later, once and only where it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import torch

from autograd_vi.guards import AccumulateGrad
from autograd_vi.sources import SourceLine, recorder, source_of

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

NodeKind: TypeAlias = Literal["leaf", "operation", "view", "custom"]
PlainShape: TypeAlias = "tuple[int, ...] | None"

SHARED_CLASS = "CppFunction"  # of all nodes for which torch has no Python class of their own

_NUMBERS = frozenset([int])

# Operation and kind, a leaf's names, the outputs' shapes, their dtypes, the first one's device, the
# source line. Shapes are still torch's own, or None if torch tells none. A lone dtype stands alone.
Note: TypeAlias = (
    "tuple[tuple[str, NodeKind], tuple[str, ...], tuple[Sequence[int] | None, ...], "
    "torch.dtype | tuple[torch.dtype, ...], torch.device | None, SourceLine | None]"
)


class Columns(NamedTuple):
    """What a drawing reads of a graph: a list for each property of the nodes, edges and roots.

    As in :class:`autograd_vi.Node`.
    """

    ops: list[str]
    kinds: list[NodeKind]
    names: list[tuple[str, ...]]
    shapes: list[tuple[PlainShape, ...]]
    sources: list[SourceLine | None]
    edges: Sequence[tuple[int, int, int, int]]
    roots: Sequence[tuple[int, int]]


# Operation and kind of torch's own classes, for all graphs. A custom Function's class may come and go.
_kinds: dict[type, tuple[str, NodeKind]] = {}


def take_notes(nodes: list[TorchNode], names: dict[int, tuple[str, ...]]) -> list[Note]:
    """Return a note of each node; ``names`` are the leaves', by ``id(tensor)``."""
    notes: list[Note] = []
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
                shapes, dtypes = tuple(map(_shape, outputs)), tuple([o.dtype for o in outputs])
                notes.append((kind, (), shapes, dtypes, outputs[0].device, source))
                continue
            (output,) = outputs
        try:  # as in _shape: a call for each node would take a tenth of the time
            shape = output.shape
        except RuntimeError:
            shape = None
        notes.append((kind, aliases, (shape,), output.dtype, output.device, source))
    return notes


def _shape(output: torch.Tensor) -> Sequence[int] | None:
    try:
        return output.shape
    except RuntimeError:  # a strided nested tensor has no shape
        return None


def as_columns(
    notes: list[Note],
    edges: Sequence[tuple[int, int, int, int]],
    roots: Sequence[tuple[int, int]],
) -> Columns:
    """Return the columns of the nodes that are noted."""
    return Columns(
        [note[0][0] for note in notes],
        [note[0][1] for note in notes],
        [note[1] for note in notes],
        [tuple(map(plain_shape, note[2])) for note in notes],
        [note[5] for note in notes],
        edges,
        roots,
    )


def in_words(notes: list[Note]) -> Iterator[tuple[Any, ...]]:
    """Yield the fields of :class:`autograd_vi.Node` for each note."""
    # A graph has few shapes and dtypes: each is put into words once, and shared.
    shape_of, dtypes_of, device_of = cache(plain_shape), cache(_plain_dtypes), cache(str)
    for i, ((op, kind), names, shapes, dtypes, device, source) in enumerate(notes):
        plain = tuple([None if shape is None else shape_of(tuple(shape)) for shape in shapes])
        yield (i, op, kind, names, plain, dtypes_of(dtypes), device_of(device), source)


def plain_shape(shape: Sequence[int] | None) -> PlainShape:
    """Return a shape as a tuple of numbers; None if it is not known or no list of numbers.

    A jagged nested tensor has a symbol among its sizes.
    """
    return tuple(shape) if shape is not None and _NUMBERS.issuperset(map(type, shape)) else None


def _plain_dtypes(noted: torch.dtype | tuple[torch.dtype, ...]) -> tuple[str, ...]:
    dtypes = noted if isinstance(noted, tuple) else (noted,)
    return tuple([str(dtype).removeprefix("torch.") for dtype in dtypes])


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
