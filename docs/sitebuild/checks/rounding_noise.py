"""Products and convolutions that round as on another machine.

PyTorch promises no order in which the terms of a product are summed, so another kernel may give another last bit. Here
each result that had to be rounded moves to one of its neighbours, or stays, by chance. A result that is exact, such as
a sum of small whole numbers, is the same in every order and stays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode  # the documented place of the class
from torch.utils._pytree import tree_map

_ATEN = torch.ops.aten
PRODUCTS = frozenset(
    {
        _ATEN.mm,
        _ATEN.mv,
        _ATEN.dot,
        _ATEN.bmm,
        _ATEN.addmm,
        _ATEN.addmv,
        _ATEN.addbmm,
        _ATEN.baddbmm,
        _ATEN.linear,
        _ATEN.linear_backward,
    }
)
CONVOLUTIONS = frozenset({_ATEN.convolution, _ATEN.convolution_backward})
TF32_DROPS = 13
"""TF32 keeps 10 of the 23 bits of a float32's fraction."""


def _wider(value: Any) -> Any:
    wide = isinstance(value, torch.Tensor) and value.is_floating_point()
    return value.double() if wide else value


def _was_rounded(out: torch.Tensor, exact: torch.Tensor) -> torch.Tensor:
    if (
        out.dtype == torch.float64
    ):  # there is no wider type; what fits into float32 was hardly rounded
        return out != out.float().double()
    return out.double() != exact


class RoundingNoise(TorchDispatchMode):
    """Moves each rounded entry of a product or convolution by one unit in the last place, or not.

    The chance is its own: no random number of a page is used up.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch types it not
        self._chance = torch.Generator().manual_seed(seed)

    def _moved(self, out: Any, exact: Any) -> Any:
        if not isinstance(out, torch.Tensor) or not out.is_floating_point():
            return out
        size = out.shape
        way = torch.randint(-1, 2, size, generator=self._chance).to(out.dtype) * torch.inf
        neighbour = torch.nextafter(out, torch.where(way.isnan(), out, way))
        return torch.where(_was_rounded(out, exact) & out.isfinite(), neighbour, out)

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run ``func`` and, where it is a product or a convolution, move what it returns."""
        del types
        kwargs = kwargs or {}
        out = func(*args, **kwargs)
        if func.overloadpacket not in PRODUCTS | CONVOLUTIONS:
            return out
        exact = func(*tree_map(_wider, args), **tree_map(_wider, kwargs))
        return tree_map(self._moved, out, exact)


def ten_bits(value: Any) -> Any:
    """Return a float32 tensor rounded to the ten bits of fraction that TF32 keeps; anything else as it is."""
    if not isinstance(value, torch.Tensor) or value.dtype != torch.float32:
        return value
    half = 1 << (TF32_DROPS - 1)
    bits = value.detach().contiguous().view(torch.int32)
    return ((bits + half) >> TF32_DROPS << TF32_DROPS).view(torch.float32)


class Tf32Convolutions(TorchDispatchMode):
    """Convolutions that see ten bits of each factor, as cuDNN's do unless they are told otherwise."""

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run ``func``, a convolution on shortened factors."""
        del types
        kwargs = kwargs or {}
        if getattr(func, "overloadpacket", None) in CONVOLUTIONS:
            args, kwargs = tree_map(ten_bits, args), tree_map(ten_bits, kwargs)
        return func(*args, **kwargs)
