"""What the page on torch.func shows: gradients as functions, one for each example."""

import re
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_torch_func"


def test_a_gradient_function_can_be_differentiated_once_more_and_leaves_its_input_alone(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    assert re.findall(r"grad\(cube\)+\(x\) = tensor\((\d+)\.", text) == ["12", "12"]
    assert "x.requires_grad = False, x.grad = None" in text


def test_each_example_has_its_own_gradient_and_backward_shows_their_mean(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    rows = re.findall(r"^(?:weight|bias) +\[(.*)\]$", text, re.M)
    gradients = [[float(value) for value in row.split(",")] for row in rows]
    # Slope 0.5 against targets on the line of slope 1, and a last one at -9: twice the residual, times x.
    residuals = [0.5 * x - t for x, t in zip(range(1, 7), (1, 2, 3, 4, 5, -9), strict=True)]
    by_hand = [[2 * r * x for r, x in zip(residuals, range(1, 7), strict=True)]]
    by_hand.append([2 * r for r in residuals])
    assert gradients == by_hand
    shown = re.findall(r"^line\.\w+\.grad\.item\(\) = (\S+)$", text, re.M)
    assert [float(mean) for mean in shown] == pytest.approx([sum(g) / 6 for g in by_hand], abs=1e-4)


def test_ten_times_the_examples_are_ten_times_the_operations_for_a_loop_and_no_more_for_vmap(
    captured: Callable[[str], str],
) -> None:
    assert "growth = [10.0, 1.0]" in captured(PAGE)


def test_vmap_refuses_a_decision_about_one_example(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert re.search(r"^RuntimeError: vmap: .*data-dependent control flow$", text, re.M)
    assert "tensor([-1.,  2.])\ntensor([1., 2.])" in text
