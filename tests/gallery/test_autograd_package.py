"""The facts that chapter 1 promises stand in its captured outputs."""

import re
from collections.abc import Callable

import pytest

CHAPTER = "autograd_package"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_tracking",
            [
                "AccumulateGrad x (3,)",
                "x.grad_fn = None",
                "['AddBackward0', 'MulBackward0', 'AddBackward0']",
                "Only Tensors of floating point and complex dtype can require gradients",
            ],
        ),
        (
            "plot_backward",
            [
                "x.grad = tensor([1., 1., 1.])",
                "grad can be implicitly created only for scalar outputs",
                "[204.8, 2048.0, 0.2048, 20.48, 2.048]",
                "[409.6, 409.6, 409.6, 409.6, 409.6]\n[0.0, 2048.0, 0.0, 0.0, 0.0]",
            ],
        ),
        (
            "plot_stop_tracking",
            [
                "a leaf Variable that requires grad is being used in an in-place operation",
                "b.grad_fn = None",
                "'SumBackward0'",
                "Inference tensors cannot be saved for backward",
            ],
        ),
        (
            "plot_emptying_gradients",
            [
                "\n".join(["[5.0, 5.0, 5.0, 5.0]"] * 5),
                "w = tensor([0.9750, 0.9750, 0.9750, 0.9750]",
                "[5.0, 10.0, 15.0, 20.0, 25.0]\nw = tensor([0.9250, 0.9250, 0.9250, 0.9250]",
                "w.grad = tensor([0., 0., 0., 0.])\nw.grad = None",
                "set_to_none = True   w = tensor([0.9950,",
                "set_to_none = False  w = tensor([0.9905,",
                "'NoneType' object has no attribute 'zero_'",
                "w = tensor([1., 1., 1., 1.], requires_grad=True)\nw = tensor([0.9750,",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_a_number_written_into_the_detached_tensor_stands_in_its_source(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_stop_tracking")
    d, y = (re.findall(rf"^{name} = tensor\(\[(.*?)\]", text, re.M) for name in "dy")
    assert d == y
    assert d[0].startswith("100.0")
