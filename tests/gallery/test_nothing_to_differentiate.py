"""The page on missing paths shows each message of its family, and that a mark in the wrong place cures none."""

import math
import re
from collections.abc import Callable

import pytest

PAGE = "error_museum/plot_nothing_to_differentiate"


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
        "RuntimeError: element 1 of tensors does not require grad and does not have a grad_fn",
        "UserWarning: Converting a tensor with requires_grad=True to a scalar",
        "UserWarning: The .grad attribute of a Tensor that is not a leaf Tensor is being accessed",
        "RuntimeError: Only Tensors of floating point and complex dtype can require gradients",
        "RuntimeError: only Tensors of floating point dtype can require gradients",
        "RuntimeError: you can only change requires_grad flags of leaf variables",
        "UserWarning: None of the inputs have requires_grad=True. Gradients will be None",
    ],
)
def test_the_page_shows_the_message(captured: Callable[[str], str], message: str) -> None:
    assert message in captured(PAGE)


@pytest.mark.parametrize(
    "outcome",
    [
        "loss.grad = tensor(1.)\n[None, None, None, None]",
        "w.grad = tensor([0., 0., 0.])",
        "answer.grad = tensor([-2.]), scores.grad = None",
        "both.grad = tensor([2., 4.])\na.grad = None, b.grad = None",
        "w.is_leaf = False, w.grad = None",
        "loss.requires_grad = True\nx.grad = None",
        "block.weight.grad = None",
    ],
)
def test_a_mark_in_the_wrong_place_silences_the_error_and_trains_nothing(
    captured: Callable[[str], str], outcome: str
) -> None:
    assert outcome in captured(PAGE)


def test_the_scores_get_the_softmax_minus_one_at_the_right_class(
    captured: Callable[[str], str],
) -> None:
    (row,) = re.findall(r"^scores.grad = tensor\(\[\[(.*)\]\]\)$", captured(PAGE), re.M)
    powers = [math.exp(score) for score in (1, 3, 2)]
    expected = [power / sum(powers) - (i == 2) for i, power in enumerate(powers)]
    for number, exact in zip(row.split(","), expected, strict=True):
        assert math.isclose(float(number), exact, abs_tol=1e-4)
