"""What the page on vanishing and exploding gradients shows: one factor a layer, and clipping."""

import math
import re
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_vanishing_gradients"


def test_fifty_sigmoids_leave_less_than_a_quarter_to_the_power_of_fifty(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    (slope,) = re.findall(r"^x\.grad\.item\(\) = (\S+)$", text, re.M)
    x, product = 0.5, 1.0
    for _ in range(50):
        x = 1 / (1 + math.exp(-x))
        product *= x * (1 - x)
    assert float(slope) == pytest.approx(product, rel=0.05)
    assert product < 0.25**50


def test_the_factor_of_a_layer_is_near_the_one_that_its_weights_promise(
    captured: Callable[[str], str],
) -> None:
    rows = re.findall(r"^(?:sigmoid|relu), \S+ +(\S+) (\S+)$", captured(PAGE), re.M)
    expected, measured = ([float(value) for value in column] for column in zip(*rows, strict=True))
    assert expected == pytest.approx([1 / 4, 6**-0.5, 1, 2**0.5], abs=0.01)
    assert measured == pytest.approx(expected, rel=0.15)


def test_the_first_layers_do_not_move_and_the_last_ones_do(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert "changed[0] = False, changed[-1] = True\nsum(changed) < 25 = True" in text


def test_clipping_turns_a_step_to_nowhere_into_one_downhill(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    burst, clipped = "torch.isfinite(after).item() = False", "(after < loss).item() = True"
    assert text.index(burst) < text.index("clipped.norm().item() = 1.0000") < text.index(clipped)


def test_clipping_an_infinite_gradient_makes_nan_unless_an_error_is_asked_for(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "p.grad = tensor([0., nan], dtype=torch.float64)\nRuntimeError: The total norm" in text


def test_an_added_input_brings_the_factor_back_to_one(captured: Callable[[str], str]) -> None:
    (factor,) = re.findall(r"^factor = (\S+)$", captured(PAGE), re.M)
    assert float(factor) == pytest.approx(1.05, abs=0.05)
