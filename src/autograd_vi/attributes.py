"""The numbers and words that an operation was called with, as torch keeps them: strides, dimensions, exponents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

Attributes: TypeAlias = "tuple[tuple[str, object], ...]"

_SAVED = "_saved_"
_PLAIN = (bool, int, float, complex, str, type(None))
_PLAIN_TYPES = frozenset(_PLAIN)
# Shapes of inputs are told by their own nodes, and where a view looks is told by its edges.
_TOLD = ("sizes", "sizes_opt", "strides", "numel", "self_dim")


@cache
def saved_attributes(cls: type) -> tuple[tuple[str, str, bool], ...]:
    """Return the names of what nodes of ``cls`` save, their attributes, and whether each is a tensor.

    A tensor has a raw form too.
    """
    found = [name for name in dir(cls) if name.startswith(_SAVED)]
    return tuple((name.removeprefix(_SAVED), name, hasattr(cls, f"_raw{name}")) for name in found)


def attributes_of(nodes: Sequence[TorchNode]) -> list[Attributes]:
    """Return each node's attributes, as in ``(("dim", 0), ("keepdim", False))``.

    A tensor is none; nor is what a node of a custom Function holds, but for plain numbers and words.
    """
    classes = [type(node) for node in nodes]
    readers = {cls: _reader(cls) for cls in set(classes)}
    if not any(readers.values()):
        return [()] * len(nodes)
    return [
        reader(node) if (reader := readers[cls]) else ()
        for cls, node in zip(classes, nodes, strict=True)
    ]


def _reader(cls: type) -> Callable[[TorchNode], Attributes] | None:
    """Return what reads the attributes of a class's nodes; None if they have none."""
    if hasattr(cls, "_forward_cls"):  # a custom Function, which keeps what it likes
        return lambda node: _attributes(sorted(vars(node).items()))
    names = _names(cls)
    if not names:
        return None
    read, plain = attrgetter(*names), [name.removeprefix(_SAVED) for name in names]
    known: dict[object, Attributes] = {}  # the nodes of a graph have few different ones

    def attributes(node: TorchNode) -> Attributes:
        try:
            values = read(node)
            return known[values]
        except (
            AttributeError,
            RuntimeError,
            TypeError,
        ):  # it tells them not, or not as plain values
            return ()
        except KeyError:
            each = values if len(plain) > 1 else (values,)
            found = known[values] = _attributes(zip(plain, each, strict=True))
            return found

    return attributes


@cache
def _names(cls: type) -> tuple[str, ...]:
    """Return which properties of one of torch's classes are attributes: what it saves that is no tensor."""
    return tuple(
        attribute
        for _, attribute, is_tensor in saved_attributes(cls)
        if not is_tensor and not attribute.endswith(_TOLD)
    )


def _attributes(pairs: Iterable[tuple[str, object]]) -> Attributes:
    return tuple([(name, plain) for name, value in pairs for plain in _plain(value)])


def _plain(value: object) -> Sequence[object]:
    """Return a plain value alone in a sequence; nothing of what is not plain."""
    if type(value) in _PLAIN_TYPES or isinstance(
        value, _PLAIN
    ):  # mostly the first, which is quicker
        return (value,)
    if isinstance(value, (list, tuple)) and (
        _PLAIN_TYPES.issuperset(map(type, value)) or all(isinstance(part, _PLAIN) for part in value)
    ):
        return (tuple(value),)
    return ()
