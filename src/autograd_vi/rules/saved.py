"""What a node of torch saved for its backward formula, read before the pass frees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, partial
from sys import intern
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

import torch

from autograd_vi.attributes import saved_attributes
from autograd_vi.captures import capture, read_at_once

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

    from autograd_vi.captures import Capture

EDGES = 80  # nodes at the beginning and at the end of a long pass of which this is kept, and told
WHOLE = 64  # saved tensors with at most this many entries are kept whole

Shape: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """A tensor that a node saved.

    Attributes:
        shape: its shape; None where that is no list of numbers.
        value: a copy of it if it has at most 64 entries, else None.
        name: its name in ``params``; empty if it has none there.
    """

    shape: Shape | None
    value: torch.Tensor | None
    name: str = ""


class Unseen(Enum):
    """Stands for a saved tensor that cannot be seen without running a hook."""

    HIDDEN = "whether there is one cannot be told either"
    PACKED = "hooks packed it away"


HIDDEN: Final = Unseen.HIDDEN
PACKED: Final = Unseen.PACKED


@dataclass(frozen=True, slots=True, eq=False)
class Operand:
    """A tracked input of an operation: its shape, and its name in ``params`` if it has one."""

    shape: Shape | None
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """What a node saved, and what is known of its inputs and outputs.

    Attributes:
        values: by torch's names without ``_saved_``: numbers, words, lists of numbers, None, and
            :class:`Kept` (or a tuple of them) for tensors, or ``HIDDEN``.
        operands: the inputs in torch's order; None for one that is not tracked.
        results: the outputs.
        real: whether all numbers are real and dense, as the rules want them.
    """

    values: Mapping[str, Any]
    operands: tuple[Operand | None, ...]
    results: tuple[Operand, ...]
    real: bool


class _Held(NamedTuple):
    """A saved tensor as it is read while the pass runs; what :class:`Kept` says of it is made afterwards."""

    shape: Shape | None
    copy: Capture | None
    name: str

    def kept(self) -> Kept:
        """Return it for the rules."""
        if not isinstance(self.copy, tuple):
            return Kept(self.shape, None if self.copy is None else self.copy.whole, self.name)
        size, dtype, entries = self.copy
        value = torch.tensor(entries, dtype=dtype, device="cpu").reshape(size)
        return Kept(tuple(size), value, self.name)


# As in autograd_vi.node: a constructor that runs in C.
_new_held: Callable[[tuple[Any, ...]], _Held] = partial(tuple.__new__, _Held)


# What is read of a node before the pass frees it, by torch's names without `_saved_`.
Read: TypeAlias = "Mapping[str, Any]"


def values_of(read: Read) -> dict[str, Any]:
    """Return what a node saved, as in :class:`Saved`."""
    return {name: _value(held) for name, held in read.items()}


def _value(held: Any) -> Any:  # noqa: ANN401 (whatever a node saves)
    if isinstance(held, _Held):
        return held.kept()
    return tuple(map(_value, held)) if isinstance(held, tuple) else held


def read_values(node: TorchNode, names: Mapping[int, str]) -> Read:
    """Read off ``node`` what it saved; ``names`` are those of tensors, by ``id(tensor)``."""
    held: dict[str, Any] = {}
    for name, attribute, is_tensor in saved_attributes(type(node)):
        if is_tensor:
            found = saved_tensor(node, name)
            held[name] = None if found is None else _held(found, names)
        else:
            held[name] = _plain(getattr(node, attribute))
    return held


def _shape(tensor: torch.Tensor) -> Shape | None:
    try:
        shape = tuple(tensor.shape)
    except RuntimeError:  # a strided nested tensor has no shape
        return None
    return shape if all(type(size) is int for size in shape) else None


def saved_tensor(node: TorchNode, name: str) -> Any:  # noqa: ANN401 (a tensor, what hooks made of it, or several)
    """Return a tensor that ``node`` saved, without unpacking it: no hook of the user's runs.

    Unpacking would compute a checkpointed part of the forward pass a second time, after which the backward pass
    itself can not. An older torch shows a saved tensor in no other way: there it stays hidden.
    """
    raw = getattr(node, _raw(name))
    if raw is None:
        return None
    return tuple(map(_data, raw)) if isinstance(raw, tuple) else _data(raw)


@cache
def _raw(name: str) -> str:
    # One string for each name: Python finds an attribute under a string that was just made much more slowly.
    return intern(f"_raw_saved_{name}")


def _data(raw: Any) -> Any:  # noqa: ANN401 (torch's SavedTensor, which has no type)
    found = None if raw is None else getattr(raw, "data", HIDDEN)
    return found if found is None or found is HIDDEN or isinstance(found, torch.Tensor) else PACKED


def _held(found: Any, names: Mapping[int, str]) -> Any:  # noqa: ANN401 (as saved_tensor returns it)
    if found is None or found is HIDDEN:
        return found
    if type(found) is tuple:
        return tuple(_held(value, names) for value in found)
    if found is PACKED:
        return _Held(None, None, "")
    name = names.get(id(found), "") if names else ""
    if (tiny := read_at_once(found)) is not None:
        return _new_held((None, tiny, name))
    shape = _shape(found)
    plain = type(found) in {torch.Tensor, torch.nn.Parameter}  # a subclass may not list its entries
    small = shape is not None and plain and found.layout is torch.strided and found.numel() <= WHOLE
    return _Held(shape, capture(found.detach()) if small else None, name)


def _plain(value: Any) -> Any:  # noqa: ANN401 (whatever a node saves)
    """Return a saved number with its sign: torch shows some negative ones as unsigned."""
    if isinstance(value, tuple | list):
        return tuple(map(_plain, value))
    if type(value) is int and value >= 2**63:
        return value - 2**64
    return value
