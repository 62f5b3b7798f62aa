"""What a backward pass starts from: one gradient for each root."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import torch

from autograd_vi.outputs import Outputs, Root, tensors_by_place

Gradients: TypeAlias = (
    "torch.Tensor | Sequence[torch.Tensor | None] | Mapping[Any, Any] | Any | None"
)


def start_gradients(
    output: Outputs, roots: list[Root], gradient: Gradients
) -> list[torch.Tensor | None]:
    """Return the gradient with which a backward pass starts at each root.

    Args:
        output: what the pass is asked for, as given.
        roots: the tensors in it.
        gradient: a tensor, a sequence with one tensor or None for each root, a container of ``output``'s form, or None.

    Raises:
        TypeError: ``gradient`` is none of these.
        ValueError: it fits the roots in no way.
    """
    if gradient is None:
        return [None] * len(roots)
    if isinstance(gradient, torch.Tensor):
        return _for_each_root([gradient], roots)
    if isinstance(gradient, list | tuple) and all(
        g is None or isinstance(g, torch.Tensor) for g in gradient
    ):
        return _for_each_root(list(gradient), roots)
    by_place = tensors_by_place(gradient)
    if not by_place or isinstance(output, torch.Tensor):
        raise TypeError(
            f"gradient is a {type(gradient).__name__}; give a tensor, or one for each root. "
            "Names of tensors go to params="
        )
    names = [root.name for root in roots]
    if strangers := [place for place in by_place if place not in names]:
        raise ValueError(f"gradient has {strangers[0]!r}; the roots of output are {_listed(roots)}")
    return [by_place.get(name) for name in names]


def _for_each_root(
    gradients: list[torch.Tensor | None], roots: list[Root]
) -> list[torch.Tensor | None]:
    if len(gradients) != len(roots):
        raise ValueError(
            f"gradient holds {len(gradients)} tensors for {len(roots)} roots ({_listed(roots)}); "
            "give one for each, or None where a root has one element"
        )
    return gradients


def _listed(roots: list[Root]) -> str:
    return ", ".join(root.name or "the tensor" for root in roots)
