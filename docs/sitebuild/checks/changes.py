"""Other values than the right one: what a claim has to refuse.

A number changes its sign, doubles, grows by one part in a hundred, or by one; a text, an entry or an order becomes
another one. A change that leaves the value as it is, such as the sign of a zero, is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

FACTOR, FEW, MANY = 2, 0.01, 1000

Number = Callable[[Any], Any]
NUMBERS: dict[str, Number] = {
    "sign": lambda x: -x,
    "factor": lambda x: FACTOR * x,
    "1 %": lambda x: x + FEW * x,
}
"""Changes of a number or of all numbers of a tensor."""
BOUNDS: dict[str, Number] = {
    "a thousandfold": lambda x: MANY * x,
    "a thousandth": lambda x: x / MANY,
    "0.01 more": lambda x: x + FEW,
}
"""Changes of a number that lies below or above another one: a bound further away than that says little."""
WHOLE: dict[str, Number] = {
    "sign": lambda x: -x,
    "factor": lambda x: FACTOR * x,
    "one more": lambda x: x + 1,
}
"""Changes of a whole number."""


def _of_tensor(value: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    if value.dtype == torch.bool:
        yield "negated", ~value
        return
    plain = value.detach()
    for name, change in (NUMBERS if plain.is_floating_point() else WHOLE).items():
        yield name, change(plain)
    if plain.is_floating_point() and is_zero(plain):
        yield "0.01 more", plain + FEW
    other_order = plain.flatten().roll(1).reshape(plain.shape)
    if not torch.allclose(
        other_order.double(), plain.double(), rtol=FEW
    ):  # else rounding alone tells them apart
        yield "order", other_order


def _of_array(value: np.ndarray[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, change in (NUMBERS if value.dtype.kind == "f" else WHOLE).items():
        yield name, change(value)
    yield "order", np.roll(value, 1)


def _of_sequence(value: list[Any] | tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    make: Callable[[list[Any]], Any] = list if isinstance(value, list) else tuple
    each = [dict(all_changes(entry)) for entry in value]
    for name in dict.fromkeys(name for changes in each for name in changes):
        changed = [changes.get(name, entry) for entry, changes in zip(value, each, strict=True)]
        yield name, make(changed)
    yield "order", make([*value[1:], *value[:1]])
    yield "length", make([*value, *value[:1], None])


def _of_mapping(value: dict[Any, Any]) -> Iterator[tuple[str, Any]]:
    for name, changed in _of_sequence(tuple(value.values())):
        if name not in {"order", "length"}:
            yield name, dict(zip(value, changed, strict=True))


def all_changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the changes of ``value`` by name, those that leave it as it is too."""
    match value:
        case bool():
            yield "negated", not value
        case int():
            yield from ((name, change(value)) for name, change in WHOLE.items())
        case float():
            yield from ((name, change(value)) for name, change in NUMBERS.items())
            if not value:
                yield "0.01 more", FEW
        case str():
            yield "another label", f"?{value}"
        case torch.Tensor():
            yield from _of_tensor(value)
        case np.ndarray():
            yield from _of_array(value)
        case list() | tuple():
            yield from _of_sequence(value)
        case dict():
            yield from _of_mapping(value)
        case set() | frozenset():
            yield "one more", value | {object()}
        case _:
            yield "another object", object()


def _same(value: Any, other: Any) -> bool:
    """Whether two values are equal, tensors by all their entries."""
    if isinstance(value, torch.Tensor) and isinstance(other, torch.Tensor):
        return torch.equal(value.detach(), other.detach())
    if isinstance(value, np.ndarray):
        return np.array_equal(value, other)
    if isinstance(value, list | tuple) and isinstance(other, list | tuple):
        return len(value) == len(other) and all(map(_same, value, other))
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(_same(value[key], other[key]) for key in value)
    return value is other or bool(value == other)


def changes(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the changes of ``value`` that make it another one."""
    seen = [value]
    for name, changed in all_changes(value):
        if not any(_same(other, changed) for other in seen):
            yield name, changed
            seen.append(changed)


def changes_of_bound(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the changes of a number that has to lie below or above another one; none of anything else."""
    tensor = isinstance(value, torch.Tensor) and value.numel() == 1 and value.dtype != torch.bool
    if tensor or (isinstance(value, int | float) and not isinstance(value, bool)):
        for name, change in BOUNDS.items():
            changed = change(value)
            if changed != value:
                yield name, changed


def is_zero(value: Any) -> bool:
    """Whether ``value`` is nothing but zeros."""
    if isinstance(value, torch.Tensor):
        return bool(value.numel()) and not value.detach().any()
    return isinstance(value, int | float) and not isinstance(value, bool) and value == 0
