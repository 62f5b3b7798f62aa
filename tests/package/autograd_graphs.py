"""Graphs for the tests: random ones, and custom functions to put into them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from hypothesis import strategies as st


def leaf(*size: int) -> torch.Tensor:
    """Return a tensor of ones that accumulates gradients."""
    return torch.ones(size, requires_grad=True)


class Both(torch.autograd.Function):
    """A custom function with two outputs."""

    @staticmethod
    def forward(ctx: Any, a: torch.Tensor, b: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401, ARG004
        return a + b, a - b

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor, ...]:  # noqa: ANN401, ARG004
        return grads[0] + grads[1], grads[0] - grads[1]


def in_place(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Write into a view, which gives a CopySlices node."""
    c = a * 1.0
    c[0] = b[1]
    return c


# Each takes two tensors of shape (2, 2) and returns some of the same shape.
STEPS: dict[str, Callable[[torch.Tensor, torch.Tensor], list[torch.Tensor]]] = {
    "add": lambda a, b: [a + b],
    "mul": lambda a, b: [a * b],
    "matmul": lambda a, b: [a @ b],
    "transpose": lambda a, _: [a.t()],
    "halves": lambda a, _: [torch.stack(a.unbind()[::-1])],
    "detached": lambda a, b: [a.detach() * b],
    "in place": lambda a, b: [in_place(a, b)],
    "custom": lambda a, b: list(Both.apply(a, b)),
}


@st.composite
def outputs(draw: st.DrawFn) -> tuple[list[torch.Tensor], dict[str, torch.Tensor]]:
    """Return tracked results of random operations on random leaves, and the leaves by name."""
    number = draw(st.integers(1, 3))
    leaves = {f"x{i}": torch.full((2, 2), 0.5, requires_grad=True) for i in range(number)}
    values = list(leaves.values())
    for step in draw(st.lists(st.sampled_from(sorted(STEPS)), min_size=1, max_size=25)):
        a, b = (values[draw(st.integers(0, len(values) - 1))] for _ in range(2))
        values += [c for c in STEPS[step](a, b) if c.requires_grad]
    picked = draw(st.lists(st.integers(0, len(values) - 1), min_size=1, max_size=3))
    return [values[i] for i in picked], leaves
