"""The facts that the page on the two functions promises stand in its captured outputs."""

import re
from collections.abc import Callable

PAGE = "many_numbers/plot_grad_or_backward"
A, B = 2.0, 3.0


def test_one_function_returns_and_the_other_adds(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    in_a, in_b = 2 * A * B, A**2
    assert f"(tensor({in_a:.0f}.), tensor({in_b:.0f}.))\na.grad = None, b.grad = None" in text
    for times in (1, 2):
        assert f"a.grad = tensor({times * in_a:.0f}.), b.grad = tensor({times * in_b:.0f}.)" in text


def test_an_unused_input_is_an_error_none_or_zero(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert "RuntimeError: The differentiated Tensor at index 1" in text
    assert "(tensor(4.), None)\n(tensor(4.), tensor(0.))" in text
    assert f"hidden = None, whole[0].item() = {2 * A}" in text


def test_a_shared_node_runs_once_with_the_sum_of_both_gradients(
    captured: Callable[[str], str],
) -> None:
    steps = re.findall(r"^(\w+) +\[([\d.]+)\]$", captured(PAGE), re.M)
    s = A * B
    slope = 2 * s + 3
    assert steps[-3:] == [
        ("MulBackward0", str(slope)),
        ("a", str(slope * B)),
        ("b", str(slope * A)),
    ]
    assert len(steps) == 6


def test_only_backward_changes_the_next_step(captured: Callable[[str], str]) -> None:
    assert "with_backward = -0.8, with_grad = -0.4" in captured(PAGE)
