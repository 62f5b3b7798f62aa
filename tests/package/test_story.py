"""The text of a replay tells what happened, also where a long pass first went wrong."""

from __future__ import annotations

import pytest
import torch
from package.autograd_graphs import leaf

import autograd_vi as av
from autograd_vi.excerpt import ENDS, first_nonfinite, told


def chain(length: int, trouble: int, value: float) -> torch.Tensor:
    """Multiply a number `length` times by 1, with an operation that makes NaN or infinity on the way back."""
    y = leaf()
    for k in range(length):
        y = y * 1.0
        if k == trouble:
            y = y + (y * 0).sqrt() if value == 0 else y * value
    return y


def test_a_short_story() -> None:
    a, x = leaf(), torch.tensor(3.0, requires_grad=True)
    assert str(av.replay(a * x**2, {"a": a, "x": x})).splitlines() == [
        "Replay(4 steps, 2 leaves)",
        "step 1  MulBackward0: 1 → 9, 1",
        "step 2  AccumulateGrad a: 9; .grad: None → 9",
        "step 3  PowBackward0: 1 → 6",
        "step 4  AccumulateGrad x: 6; .grad: None → 6",
    ]


@pytest.mark.parametrize("length", [20, 1_000, 10_000])
@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_the_first_infinity_and_the_first_nan_are_told_however_long_the_story(
    length: int, at: float
) -> None:
    replay = av.replay(chain(length, int(length * at), 0.0))
    first = first_nonfinite(replay.steps)
    assert set(first) == {"inf", "nan"}
    # Independently: the gradient of a square root at 0 is infinite, and times 0 it is NaN.
    ops = [step.node.op for step in replay.steps]
    assert ops[first["inf"] - 1] == "SqrtBackward0"
    assert first["nan"] > first["inf"]
    assert replay.first_nonfinite is replay.steps[first["inf"] - 1]
    lines = str(replay).splitlines()
    assert sum("← Inf" in line and "SqrtBackward0" in line for line in lines) == 1
    assert sum("← NaN" in line for line in lines) == 1
    html = replay._repr_html_()
    for kind, k in first.items():
        assert f'value="{k}"' in html
        assert f'data-av-go="{k}"' in html
        assert f'data-av-word="step.first_{kind}"' in html
    assert len(lines) < 2 * ENDS + 10


def test_a_pass_in_order_has_no_first_bad_step() -> None:
    replay = av.replay(chain(20, 5, 2.0))
    assert replay.first_nonfinite is None
    assert "NaN" not in str(replay)
    assert "step.to_nan" not in replay._repr_html_()


def test_an_infinity_that_only_grad_holds_is_seen() -> None:
    x = torch.ones(1, requires_grad=True)
    x.grad = torch.full((1,), 3e38)
    replay = av.replay((x * 3e38).sum(), {"x": x})
    assert replay.first_nonfinite is replay.steps[-1]
    assert "inf in step 3" in repr(replay)


def test_a_gradient_that_starts_with_nan_is_seen_in_the_first_step() -> None:
    x = leaf(2)
    replay = av.replay(x * 2, gradient=torch.tensor([1.0, float("nan")]))
    assert replay.first_nonfinite is replay.steps[0]


@pytest.mark.parametrize("steps", [1, 2 * ENDS, 2 * ENDS + 1, 1_000])
@pytest.mark.parametrize("always", [[], [1], [ENDS + 1], [90, 500, 1_000]])
def test_what_is_told_is_in_order_and_never_twice(steps: int, always: list[int]) -> None:
    numbers = [k for stretch in told(steps, always) for k in stretch]
    assert numbers == sorted(set(numbers))
    assert set(always) & set(range(1, steps + 1)) <= set(numbers)
    assert set(numbers) <= set(range(1, steps + 1))
    assert len(numbers) <= 2 * ENDS + len(always)
