"""The facts of the page on two networks stand in its captured output."""

from __future__ import annotations

import re
from collections.abc import Callable

PAGE = "beyond/plot_two_networks"


def numbers(text: str, name: str) -> list[float]:
    """Return what ``name`` printed as a tensor of one number, each time."""
    found = re.findall(rf"^{re.escape(name)} = tensor\(\[+(-?[\d.]+)", text, re.M)
    return [float(number) for number in found]


def test_detach_changes_nothing_for_the_judge(captured: Callable[[str], str]) -> None:
    detached, not_detached = numbers(captured(PAGE), "judge.weight.grad")
    assert detached == not_detached < 0


def test_the_two_losses_pull_the_forger_in_opposite_directions(
    captured: Callable[[str], str],
) -> None:
    text = captured(PAGE)
    (from_judge,) = numbers(text, "from_judge")
    (own,) = numbers(text, "forger.bias.grad")
    assert own < 0 < from_judge
    assert abs(from_judge - own - 0.5) < 1e-3  # σ(s) and 1 − σ(s), both times the judge's weight


def test_the_forger_gets_no_gradient_from_detached_numbers(captured: Callable[[str], str]) -> None:
    assert captured(PAGE).count("forger.bias.grad = None") == 2


def test_the_forger_swings_around_three_or_comes_to_rest_there(
    captured: Callable[[str], str],
) -> None:
    rows = re.findall(r"^decay = (\S+)  ([\d.]+) … ([\d.]+)$", captured(PAGE), re.M)
    (free, highest, _), (damped, _, end) = rows
    assert (free, damped) == ("0.0", "0.3")
    assert float(highest) > 3.5
    assert abs(float(end) - 3) < 0.15
