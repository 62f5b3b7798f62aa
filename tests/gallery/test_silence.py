"""The page on silence shows eight wrong numbers, and beside each the one that was meant."""

import math
import re
from collections.abc import Callable

import pytest

PAGE = "error_museum/plot_silence"


def numbers(text: str, name: str) -> list[float]:
    """Return what was printed under ``name``, in order."""
    return [float(number) for number in re.findall(rf"{re.escape(name)} = \[?(-?[\d.]+)", text)]


def test_data_gives_the_slope_of_a_value_that_was_never_computed(
    captured: Callable[[str], str],
) -> None:
    sigmoid = 1 / (1 + math.exp(-3))
    through, assigned, *_ = numbers(captured(PAGE), "w.grad.item()")
    assert through == pytest.approx(0.9 * 0.1)
    assert assigned == pytest.approx(sigmoid * (1 - sigmoid), rel=1e-2)  # that without the cut
    assert through != pytest.approx(assigned, rel=0.5)
    assert "modified by an inplace operation\ngradient.item() = 0.0" in captured(PAGE)


def test_two_means_are_twice_the_mean(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert numbers(text, "whole.tolist()") == [3]
    assert numbers(text, "parts.tolist()") == [6]
    assert numbers(text, "w.grad.tolist()") == [3]


def test_a_smaller_learning_rate_divides_the_step_of_plain_sgd_alone(
    captured: Callable[[str], str],
) -> None:
    lr, mean, decay = 0.1, 3, 1
    sgd = (1 - lr * mean, 1 - lr / 2 * 2 * mean)
    decayed = (1 - lr * (mean + decay), 1 - lr / 2 * (2 * mean + decay))
    adam = (1 - lr, 1 - lr / 2)  # its first step is as long as the learning rate
    pairs = [tuple(round(w, 3) for w in pair) for pair in (sgd, decayed, adam)]
    assert str(pairs) in captured(PAGE)


def test_gradients_grow_until_somebody_empties_them(captured: Callable[[str], str]) -> None:
    once_before_the_loop = "[2.0, 4.0, 6.0]"
    assert f"[2.0, 4.0, 6.0]\n{once_before_the_loop}\n[2.0, 2.0, 2.0]" in captured(PAGE)


def test_train_mode_moves_the_frozen_layer_and_lets_neighbours_in(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert numbers(text, "bn.running_mean.item()") == [pytest.approx(0.1 * 2)]
    unrecorded, in_eval_mode = re.findall(r"running_mean, before\) = (\w+)", text)
    assert (unrecorded, in_eval_mode) == ("False", "True")
    assert "[-1.0, 1.0]\n[1.0, 1.0]" in text


def test_the_difference_ignores_the_labels_and_its_square_does_not(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    # (Σ w x − Σ y)² has the slope 2 (4 − 8) Σ x at w = 1, in whatever order the labels stand.
    assert numbers(text, "answers.tolist() = [2.0, 6.0], gradient.tolist()") == [2 * (4 - 8) * 4]
    assert numbers(text, "answers.tolist() = [6.0, 2.0], gradient.tolist()") == [2 * (4 - 8) * 4]
    # Σ x; then Σ 2x(x − y) and Σ 2x(x + y), for x = (1, 3) and y = (2, 6).
    assert numbers(text, "ours.tolist()") == [4, 2 * (1 - 2) + 6 * (3 - 6)]
    assert numbers(text, "other.tolist()") == [4, 2 * (1 + 2) + 6 * (3 + 6)]


def test_a_hook_works_when_it_returns_and_the_unreached_parameter_is_named(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert numbers(text, "w.grad.item()")[2:] == [5, 5, 1]
    assert "replayed.unreached = ('c',)" in text
    assert "if p.grad is None] = ['c']" in text
    assert "silenced.item() = 0.0, meant.item() = 1.0" in text


def test_the_penalty_that_was_cut_off_is_missing_from_the_answer(
    captured: Callable[[str], str],
) -> None:
    assert "cut.item() = -8.0, meant.item() = 12.0" in captured(PAGE)
