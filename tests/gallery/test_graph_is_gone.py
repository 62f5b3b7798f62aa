"""The page on the graph that is gone shows four programs with one message, and what cures and does not cure them."""

import math
import re
from collections.abc import Callable

PAGE = "error_museum/plot_graph_is_gone"
MESSAGE = "RuntimeError: Trying to backward through the graph a second time"


def test_four_programs_end_in_the_same_message(captured: Callable[[str], str]) -> None:
    assert captured(PAGE).count(MESSAGE) == 4


def test_retaining_the_graph_doubles_the_gradient_or_meets_an_overwritten_weight(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert text.count("x.grad = tensor([2., 4., 6.])") == 2
    assert "x.grad = tensor([ 4.,  8., 12.])" in text
    assert text.count("has been modified by an inplace operation") == 2
    assert "step = 0\nstep = 1\nstep = 2\nRuntimeError: one of the variables" in text


def test_cutting_the_state_and_going_back_once_give_the_two_gradients_of_the_formula(
    captured: Callable[[str], str],
) -> None:
    printed = dict(re.findall(r"^(truncated|whole|by_differences) = (\S+)$", captured(PAGE), re.M))
    state, slope, cut, whole = 0.0, 0.0, 0.0, 0.0
    for x in (1.0, -0.5, 0.8):
        new = math.tanh(0.5 * state + x)
        cut += 2 * new * (1 - new**2) * state
        slope = (1 - new**2) * (state + 0.5 * slope)
        whole += 2 * new * slope
        state = new
    assert math.isclose(float(printed["truncated"]), cut, abs_tol=1e-4)
    assert math.isclose(float(printed["whole"]), whole, abs_tol=1e-4)
    assert math.isclose(float(printed["by_differences"]), whole, abs_tol=2e-4)


def test_two_losses_add_up_and_a_detached_one_does_not_reach_the_features(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert "w.grad = tensor([8., 8.]), v.grad = tensor([1., 4.])" in text
    assert "of_first = tensor([2., 4.])\nof_second = tensor([6., 4.])" in text
    assert "w.grad = tensor([2., 4.]), v.grad = tensor([1., 4.])" in text
    assert "raised = ['square', 'exp']" in text
