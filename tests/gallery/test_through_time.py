"""The facts of the page on backpropagation through time stand in its captured output."""

from __future__ import annotations

import re
from collections.abc import Callable

PAGE = "beyond/plot_through_time"
W, X = 0.5, (1.0, 2.0, 3.0, 4.0)


def test_the_gradient_is_the_sum_of_what_each_step_contributes(
    captured: Callable[[str], str],
) -> None:
    before = [0.0]
    for x in X[:-1]:
        before.append(W * before[-1] + x)
    shares = [W ** (3 - t) * h for t, h in enumerate(before)]
    text = captured(PAGE)
    assert f"shares = tensor([{', '.join(f'{share:.4f}' for share in shares)}])" in text
    gradients = re.findall(r"^w\.grad = tensor\(([\d.]+)\)$", text, re.M)
    assert [float(g) for g in gradients] == [sum(shares), sum(shares[2:]), shares[3]]


def test_a_cut_graph_does_not_grow_with_the_sequence(captured: Callable[[str], str]) -> None:
    sizes = re.findall(r"^steps = +(\d+), sizes = \[(\d+), (\d+)\]$", captured(PAGE), re.M)
    assert [tuple(map(int, row)) for row in sizes] == [
        (steps, 2 * steps + 1, 2 * 5 + 1) for steps in (10, 100, 1000)
    ]


def test_the_state_carried_on_fails_in_two_ways(captured: Callable[[str], str]) -> None:
    text = " ".join(captured(PAGE).split())
    first = "RuntimeError: Trying to backward through the graph a second time"
    second = "has been modified by an inplace operation"
    assert 0 <= text.find(first) < text.find(second)


def test_only_the_window_that_reaches_the_sign_learns_it(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^window = (\d), loss = ([\d.]+), still = (\w+)$", captured(PAGE), re.M)
    assert [(window, never_moved) for window, _, never_moved in rows] == [
        ("6", "False"),
        ("2", "True"),
    ]
    learned, blind = (float(loss) for _, loss, _ in rows)
    assert learned < 0.01
    assert blind > 0.7
