"""The names under which a model or a mapping knows its tensors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import torch
from torch import nn

Params: TypeAlias = "nn.Module | Mapping[str, torch.Tensor] | Iterable[tuple[str, torch.Tensor]]"

_ADVICE = (
    "give a module, a mapping of names to tensors, or pairs as model.named_parameters() yields"
)


def names_by_tensor(params: Params | None) -> dict[int, tuple[str, ...]]:
    """Map ``id(tensor)`` to all names of the tensor in ``params``, in their order there.

    A module lists a tied weight under each of its names.

    Raises:
        TypeError: if ``params`` holds something that is no pair of a name and a tensor.
    """
    return _collected(named_tensors(params))


def named_tensors(params: Params | None) -> list[tuple[str, torch.Tensor]]:
    """Return the names and tensors of ``params``, in their order there.

    Raises:
        TypeError: if ``params`` holds something that is no pair of a name and a tensor.
    """
    if params is None:
        return []
    if isinstance(params, nn.Module):
        return list(params.named_parameters(remove_duplicate=False))
    pairs = params.items() if isinstance(params, Mapping) else params
    if isinstance(pairs, torch.Tensor | str) or not isinstance(pairs, Iterable):
        raise TypeError(f"params is a {type(params).__name__}; {_ADVICE}")
    return list(map(_checked, pairs))


def _collected(pairs: Iterable[tuple[str, torch.Tensor]]) -> dict[int, tuple[str, ...]]:
    names: dict[int, tuple[str, ...]] = {}
    for name, tensor in pairs:
        key = id(tensor)
        names[key] = (*names[key], name) if key in names else (name,)
    return names


def _checked(pair: object) -> tuple[str, torch.Tensor]:
    if not (isinstance(pair, tuple) and len(pair) == 2 and isinstance(pair[0], str)):
        raise TypeError(f"params holds a {type(pair).__name__} without a name; {_ADVICE}")
    name, tensor = pair
    if not isinstance(tensor, torch.Tensor):
        raise TypeError(f"params names {name!r} a {type(tensor).__name__}; {_ADVICE}")
    return name, tensor
