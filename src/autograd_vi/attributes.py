"""The numbers and words that an operation was called with, as torch keeps them: strides, dimensions, exponents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from marshal import dumps, loads
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

Attributes: TypeAlias = "tuple[tuple[str, object], ...]"
Reader: TypeAlias = "Callable[[TorchNode], Attributes]"

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


@cache
def attribute_reader(cls: type) -> Reader | None:
    """Return what reads the attributes of one of torch's nodes, as in ``(("dim", 0), ("keepdim", False))``.

    A tensor is none, and shapes are told by other nodes. None if nodes of ``cls`` have no attributes.
    """
    properties = [
        attribute
        for _, attribute, is_tensor in saved_attributes(cls)
        if not is_tensor and not attribute.endswith(_TOLD)
    ]
    if not properties:
        return None
    read, names = attrgetter(*properties), tuple([p.removeprefix(_SAVED) for p in properties])

    def attributes(node: TorchNode) -> Attributes:
        try:
            values = read(node)
        except (AttributeError, RuntimeError):  # it tells them not
            return ()
        try:
            return _known(names, dumps(values, 2))
        except ValueError:  # one of them is not plain
            return _of_values(names, values)

    return attributes


def attributes_on_context(node: TorchNode) -> Attributes:
    """Return the plain numbers and words that a custom Function put on its context, which is the node."""
    return _attributes(sorted(vars(node).items()))


@lru_cache(maxsize=1 << 12)
def _known(names: tuple[str, ...], values: bytes) -> Attributes:
    """Return attributes, which are few different ones; as bytes, because 3 is equal to 3.0, and True to 1."""
    return _of_values(names, loads(values))  # noqa: S302 (they were dumped a moment ago)


def _of_values(names: tuple[str, ...], values: Any) -> Attributes:  # noqa: ANN401 (whatever torch saved)
    return _attributes(zip(names, values if len(names) > 1 else (values,), strict=True))


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
