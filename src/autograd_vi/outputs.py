"""The tracked tensors of what a program computed: one tensor, or any container of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from types import SimpleNamespace
from typing import Any, NamedTuple, TypeAlias

import torch

# Any: a container has no type of its own here; dictionaries, dataclasses and the like nest freely.
Outputs: TypeAlias = "torch.Tensor | Sequence[Any] | Mapping[Any, Any] | Any"

_ADVICE = (
    "give a tensor or a list of tensors, or another container of some: "
    "a tuple, dictionary, dataclass or named tuple"
)
_TEXT = (str, bytes, bytearray)


class Root(NamedTuple):
    """A tensor at which a backward pass can start.

    Attributes:
        name: where it stands in its container, as in ``hidden[0]``; empty for a lone tensor.
        tensor: the tensor.
    """

    name: str
    tensor: torch.Tensor


def roots_of(output: Outputs) -> list[Root]:
    """Return the tensors of ``output`` that autograd tracks, in their order there.

    A list of tensors names exactly what is meant, so each of them must be tracked. What a model
    returns in another container may hold tensors that are not, such as predicted classes; these are
    left out, like None and everything that is no tensor.

    Raises:
        TypeError: if there is no tensor in ``output``, or a list holds something else.
        ValueError: if nothing tracks the tensor, one of a list, or any of a container.
    """
    if isinstance(output, torch.Tensor):
        _demand_tracked(output, "the tensor")
        return [Root("", output)]
    if isinstance(output, list) and all(isinstance(t, torch.Tensor) for t in output or [None]):
        for i, tensor in enumerate(output):
            _demand_tracked(tensor, f"output[{i}]")
        return [Root(f"[{i}]", tensor) for i, tensor in enumerate(output)]
    if isinstance(output, torch.nn.Module | type) or _items(output) is None:
        raise TypeError(f"output is a {type(output).__name__}; {_ADVICE}")
    found = list(_tensors(output))
    if not found:
        raise TypeError(f"no tensor is in this {type(output).__name__}; give at least one tensor")
    tracked = [root for root in found if root.tensor.requires_grad]
    if not tracked:
        _demand_tracked(found[0].tensor, f"output{_after_a_name(found[0].name)}")
    return tracked


def tensors_by_place(value: object) -> dict[str, torch.Tensor | None]:
    """Return all tensors of a container by the name of their place, tracked or not."""
    return {root.name: root.tensor for root in _tensors(value)}


def _tensors(container: object) -> Iterator[Root]:
    """Yield the tensors of a container, depth first; a container within itself is entered once."""
    entered: set[int] = set()
    stack: list[tuple[str, object]] = [("", container)]
    while stack:
        name, value = stack.pop()
        if isinstance(value, torch.Tensor):
            yield Root(name, value)
            continue
        items = _items(value)
        if items is None or id(value) in entered:
            continue
        entered.add(id(value))
        stack += [(_joined(name, part), inner) for part, inner in reversed(items)]


def _items(value: object) -> list[tuple[str | int, object]] | None:
    """Return what a container holds, by key, field or place; None for what is no container."""
    if isinstance(value, Mapping):
        return [(key if isinstance(key, int | str) else str(key), v) for key, v in value.items()]
    names = _field_names(value)
    if names is not None:
        return [(name, getattr(value, name, None)) for name in names]
    if isinstance(value, Sequence | AbstractSet) and not isinstance(value, _TEXT):
        return list(enumerate(value))
    return None


def _field_names(value: object) -> list[str] | None:
    """Return the fields of a dataclass, a named tuple, a namespace or a class made by attrs."""
    if is_dataclass(value):
        return [field.name for field in fields(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return list(value._fields)
    if isinstance(value, SimpleNamespace):
        return list(vars(value))
    of_attrs = getattr(value, "__attrs_attrs__", None)
    return None if of_attrs is None else [attribute.name for attribute in of_attrs]


def _joined(name: str, part: str | int) -> str:
    """Return the name of a part: ``hidden`` and 0 give ``hidden[0]``, ``a`` and ``b`` give ``a.b``."""
    if isinstance(part, int):
        return f"{name}[{part}]"
    return f"{name}.{part}" if name else part


def _after_a_name(place: str) -> str:
    return place if not place or place.startswith("[") else f".{place}"


def _demand_tracked(tensor: torch.Tensor, name: str) -> None:
    if tensor.requires_grad:
        return
    dtype = str(tensor.dtype).removeprefix("torch.")
    if not (tensor.is_floating_point() or tensor.is_complex()):
        raise ValueError(
            f"{name} is of dtype {dtype}, so it has no graph: only floating-point and complex numbers "
            "have gradients. Comparisons, argmax and rounding to integers end the graph; give the "
            "result from before them"
        )
    raise ValueError(
        f"nothing tracks {name} of shape {_shape(tensor)}, so it has no graph: its "
        "requires_grad is False. Compute it from a tensor with requires_grad=True, outside "
        "torch.no_grad() and torch.inference_mode(), and do not detach() it"
    )


def _shape(tensor: torch.Tensor) -> str:
    try:
        return str(tuple(tensor.shape))
    except RuntimeError:  # a strided nested tensor has no shape
        return "?"
