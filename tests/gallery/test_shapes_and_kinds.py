"""The facts of the page on shapes and kinds stand in its captured output."""

from __future__ import annotations

from collections.abc import Callable
from statistics import fmean, pvariance

import pytest

PAGE = "error_museum/plot_shapes_and_kinds"
X = (1.0, 2.0, 4.0)
TARGETS = (2.0, 4.0, 8.0)


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: grad can be implicitly created only for scalar outputs",
        "RuntimeError: Mismatch in shape: grad_output[0] has a shape of",
        "that is different to the input size",
        "ValueError: Target size",
        "expected m1 and m2 to have the same dtype",
        "mat1 and mat2 must have the same dtype",
        "RuntimeError: Can't call numpy() on Tensor that requires grad",
        "RuntimeError: Inference tensors cannot be saved for backward",
        "Setting requires_grad=True on inference tensor",
        "RuntimeError: Only Tensors created explicitly by the user",
    ],
)
def test_every_message_of_the_family_is_shown(captured: Callable[[str], str], message: str) -> None:
    assert message in " ".join(captured(PAGE).split())


def test_each_way_to_weigh_the_losses_gives_the_gradient_on_paper(
    captured: Callable[[str], str],
) -> None:
    slopes = [2 * (1 - 2) * x**2 for x in X]
    left_out, table = slopes[0] + slopes[2], 2 * sum(slopes)
    told = [fmean(slopes), slopes[0], sum(slopes), left_out, table]
    text = captured(PAGE)
    assert [f"= tensor({value:.0f}.)" in text for value in told] == [True] * 5


def test_a_row_of_targets_teaches_the_mean_and_a_column_the_targets(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert f"loss.item() = {2 * pvariance(TARGETS):.4f}" in text
    assert f"silenced {[round(fmean(TARGETS), 3)] * 3}" in text
    assert f"cured    {list(TARGETS)}" in text


def test_a_state_dict_follows_the_training_and_a_copy_stays(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert "best['weight'].tolist() = [11.0, 12.0]" in text
    assert "best.weight.tolist() = [11.0, 12.0]\nnet.weight.tolist() = [21.0, 22.0]" in text
