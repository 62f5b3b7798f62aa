"""The facts that chapter 1 promises stand in its captured outputs."""

from collections.abc import Callable

import pytest

CHAPTER = "autograd_package"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        ("plot_tracking", ["AddBackward0", "MulBackward0", "AccumulateGrad", "x.grad_fn = None"]),
        (
            "plot_backward",
            [
                "tensor([1., 1., 1.])",
                "grad can be implicitly created only for scalar outputs",
                "2.0480e+03",
            ],
        ),
        ("plot_stop_tracking", ["None", "SumBackward0"]),
        ("plot_emptying_gradients", ["[5.0, 5.0, 5.0, 5.0]", "0.975", "25"]),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []
