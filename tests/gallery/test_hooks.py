"""The facts that the page on hooks promises stand in its captured outputs."""

from collections.abc import Callable

import pytest

PAGE = "beyond/plot_hooks"


@pytest.mark.parametrize(
    "fact",
    [
        "seen = [tensor([2., 8.])]\nx.grad = tensor([ 4., 32.])",
        "x.grad = tensor([ 4., 12.])",
        "'doubled_in_vain', gradient.tolist() = [3.0, 3.0]",
        "'doubled', gradient.tolist() = [6.0, 6.0]",
        "len(handles) = 3, gradient.item() = 24.0\ngradient.item() = 3.0",
        "in grad_outputs] = [3.0]\n[g.item() for g in grad_inputs] = [15.0, 6.0]",
        "('forward', 2, (4, 2))\n('forward', 1, (4, 1))\n"
        "('backward', 1, (4, 1))\n('backward', 2, (4, 2))",
        "weight = tensor([0.8000, 0.8000], requires_grad=True), weight.grad = None",
        "weight = tensor([1.6000, 1.6000], requires_grad=True), weight.grad = None",
        "alive = [1, 1]",
        "x.grad = tensor(24.)\nx.grad = tensor(18.)",
    ],
)
def test_the_page_shows_its_facts(captured: Callable[[str], str], fact: str) -> None:
    assert fact in captured(PAGE)


def test_the_stepper_shows_what_was_sent_and_what_arrived(captured: Callable[[str], str]) -> None:
    stepper = captured(PAGE).partition("<svg")[2]
    assert "[2, 8]" in stepper
    assert "[2, 3]" in stepper
