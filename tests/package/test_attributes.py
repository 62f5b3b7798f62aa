"""A node tells the numbers and words with which its operation was called."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

import autograd_vi as av


def attributes(output: torch.Tensor) -> dict[str, object]:
    return dict(av.trace(output).nodes[0].attributes)


@pytest.fixture
def x() -> torch.Tensor:
    return torch.ones(2, 3, 4, requires_grad=True)


def test_settings_are_told_and_tensors_and_shapes_are_not(x: torch.Tensor) -> None:
    assert attributes(x.sum(1)) == {"dim": (1,), "keepdim": False}
    assert attributes(x**3) == {"exponent": 3}
    assert attributes(x * x) == {}
    assert attributes(x.transpose(0, 2)) == {"dim0": 0, "dim1": 2}
    conv = nn.Conv1d(3, 2, 3, stride=2, padding=1)(x)
    assert attributes(conv)["stride"] == (2,)


def test_equal_numbers_of_different_kinds_stay_what_they_are(x: torch.Tensor) -> None:
    powers = [x**3, x**3.0, torch.sub(x, x, alpha=0.0), torch.sub(x, x, alpha=-0.0)]
    nodes = av.trace(powers).nodes
    told = [repr(value) for node in nodes for _, value in node.attributes]
    assert told == ["3", "3.0", "0.0", "-0.0"]


def test_what_is_not_plain_is_left_out_and_the_rest_is_told(x: torch.Tensor) -> None:
    assert attributes(x.to(torch.float64, copy=True)).get("dtype") is None
    names = set(attributes(torch.nn.functional.interpolate(x, scale_factor=2.0)))
    assert "scales" in names


def test_they_survive_the_backward_pass_and_a_copy(x: torch.Tensor) -> None:
    y = (x**3).sum()
    before = av.trace(y)
    y.backward()
    assert av.trace(y) == before == copy.deepcopy(before)


def test_a_custom_function_tells_its_plain_values(x: torch.Tensor) -> None:
    class Scale(torch.autograd.Function):
        @staticmethod
        def forward(ctx: torch.autograd.function.FunctionCtx, x: torch.Tensor) -> torch.Tensor:
            ctx.factor, ctx.kept = 3.0, x  # type: ignore[attr-defined]
            return x * 3

    assert attributes(Scale.apply(x)) == {"factor": 3.0}


def test_a_leaf_has_none(x: torch.Tensor) -> None:
    assert attributes(x) == {}
