"""Random small programs on tensors, for tests that compare with torch's own gradients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from hypothesis import settings
from hypothesis import strategies as st

# A first call loads libraries, and machines differ: no test here is about time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

OPERATIONS = ("add", "sub", "mul", "sin", "neg", "square", "twice", "flip", "halves", "detached")


@dataclass
class Program:
    """The leaves of a program, all results on the way, and its output."""

    leaves: list[torch.Tensor]
    results: list[torch.Tensor]
    output: torch.Tensor


@st.composite
def programs(draw: st.DrawFn, most: int = 25) -> Program:
    """Draw a program of up to `most` operations on vectors of four numbers, used several times."""
    seed = draw(st.integers(0, 2**16))
    generator = torch.Generator().manual_seed(seed)
    leaves = [
        torch.rand(4, generator=generator, dtype=torch.float64).requires_grad_()
        for _ in range(draw(st.integers(1, 4)))
    ]
    values = list(leaves)
    results: list[torch.Tensor] = []
    for name in draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=most)):
        x = values[draw(st.integers(0, len(values) - 1))]
        y = values[draw(st.integers(0, len(values) - 1))]
        values.append(_apply(name, x, y))
        results.append(values[-1])
    tracked = [value for value in values if value.requires_grad]
    kept = draw(st.lists(st.sampled_from(range(len(tracked))), min_size=1, max_size=4))
    output = torch.stack([tracked[k] for k in kept]).sum()
    return Program(leaves, [r for r in results if r.grad_fn is not None], output)


def _apply(name: str, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    first, second = x.split(2)
    applied: dict[str, Callable[[], torch.Tensor]] = {
        "add": lambda: x + y,
        "sub": lambda: x - y,
        "mul": lambda: x * y,
        "sin": x.sin,
        "neg": x.neg,
        "square": lambda: x**2,
        "twice": lambda: x + x,
        "flip": lambda: x.view(2, 2).t().reshape(4),
        "halves": lambda: torch.cat([second * 0.5, first]),
        "detached": lambda: x.detach() + 1,
    }
    return applied[name]()
