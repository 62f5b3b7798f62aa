"""How the installed torch behaves where versions differ, found by asking it once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import torch


def _slope(function: Callable[..., torch.Tensor], *at: float) -> float:
    """Return the derivative that torch computes with respect to the first number."""
    with torch.enable_grad(), torch.inference_mode(mode=False):
        inputs = [
            torch.tensor(x, dtype=torch.float64, device="cpu", requires_grad=True) for x in at
        ]
        (slope,) = torch.autograd.grad(function(*inputs), inputs[0])
        return float(slope)


_QUESTIONS: dict[str, Callable[[], float]] = {
    "clamp at its border": lambda: _slope(lambda x: x.clamp(0.0, 1.0), 1.0),
    "clamp at a tensor's border": lambda: _slope(lambda x, low: x.clamp(min=low), 1.0, 1.0),
    "hardswish at its border": lambda: _slope(torch.nn.functional.hardswish, 3.0),
    "fmax where both are equal": lambda: _slope(torch.fmax, 1.0, 1.0),
}


@cache
def trait(name: str) -> float:
    """Return the slope that the installed torch gives there.

    Raises:
        KeyError: if there is no question of this name.
    """
    return _QUESTIONS[name]()
