"""A case: a call of one of torch's operations whose gradients torch and the table of rules must agree on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import torch

TENSORS_ARE_SHOWN = hasattr(torch._C._autograd.SavedTensor, "data")  # not in the oldest torch


@dataclass(frozen=True, eq=False)
class Case:
    """One call: the node that it makes, the operation, its tracked operands, and constants by their letters."""

    node: str
    function: Callable[..., Any]
    operands: tuple[torch.Tensor, ...]
    constants: dict[str, Any] = field(default_factory=dict)


def numbers(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float64)


def drawn(*size: int, seed: int = 0, low: float = -2.0, high: float = 2.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed + 31 * len(size) + sum(size))
    return torch.rand(size, generator=generator, dtype=torch.float64) * (high - low) + low


GRID = numbers(-3, -2, -1, -0.5, 0, 0.5, 1, 2, 3)
POSITIVE = numbers(0.1, 0.5, 1, 2, 7.5)
INNER = numbers(-0.9, -0.5, 0, 0.25, 0.9)
PAIRS = torch.cartesian_prod(numbers(-1, 0, 0.5, 1, 2), numbers(-1, 0, 0.5, 1, 2)).T
