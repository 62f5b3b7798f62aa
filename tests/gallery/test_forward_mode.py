"""What the page on forward mode shows: slopes without a graph, and what each mode costs."""

import math
import re
from ast import literal_eval
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_forward_mode"


def test_pairs_by_hand_and_dual_tensors_carry_the_slope_of_the_closed_form(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    value, slope = 4 * math.sin(2), 4 * math.sin(2) + 4 * math.cos(2)
    pairs = re.findall(r"^ *(\d\.\d{4}) +(\d\.\d{4})$", text, re.M)
    assert [tuple(map(float, pair)) for pair in pairs] == [
        (2, 1),
        (4, 4),
        pytest.approx((value, slope), abs=1e-4),
    ]
    (tangent,) = re.findall(r"^tangent = tensor\((\S+)\)$", text, re.M)
    assert float(tangent) == pytest.approx(slope, abs=1e-4)


def test_forward_mode_records_nothing_where_reverse_mode_keeps_every_input(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "y.grad_fn = None" in text
    assert f"kept = {50 * 1000 * 4}" in text


def test_forward_mode_costs_a_run_for_each_input_and_reverse_mode_one_for_each_output(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    inputs = [1, 20, 40, 60, 80, 99]
    forward, reverse = (
        literal_eval(row) for row in re.findall(r"^(?:forward|reverse) = (\[.*\])$", text, re.M)
    )
    assert forward == pytest.approx(inputs, abs=3)
    assert reverse == pytest.approx([100 - n for n in inputs], abs=3)


def test_a_tangent_is_gone_with_its_level_and_a_hessian_product_needs_no_hessian(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert f"in_time = tensor({math.cos(2):.4f})\ntoo_late = None" in text
    assert "gradient = tensor([5., 1.])\nHu = tensor([7., 1.])" in text
