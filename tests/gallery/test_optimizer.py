"""The facts of the page on the optimizer stand in its captured output."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

PAGE = "error_museum/plot_optimizer"


@pytest.mark.parametrize(
    "message",
    [
        "ValueError: can't optimize a non-leaf Tensor",
        "ValueError: optimizer got an empty parameter list",
        "TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'",
        "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed",
        "AttributeError: 'NoneType' object has no attribute 'zero_'",
        "RuntimeError: expected dtype float for `end` but got dtype double",
    ],
)
def test_every_message_of_the_family_is_shown(captured: Callable[[str], str], message: str) -> None:
    assert message in captured(PAGE)


def test_two_rounds_with_a_step_in_place_lead_to_the_number_on_paper(
    captured: Callable[[str], str],
) -> None:
    w = 1.0
    for _ in range(2):
        w -= 0.1 * 2 * (w - 3)
    assert captured(PAGE).count(f"w = tensor({w:.4f}, requires_grad=True)") == 2


def test_a_zero_gradient_moves_a_weight_and_none_does_not(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"gradient = (\S+), round\(w.item\(\), 4\) = (\S+)", captured(PAGE))
    decay, momentum = 1 - 0.1 * 0.5, 0.9 - 0.1 * 0.9
    assert [(kind, float(w)) for kind, w in rows] == [
        ("None", 1.0),
        ("tensor(0.)", pytest.approx(decay)),
        ("None", 0.9),
        ("tensor(0.)", pytest.approx(momentum)),
    ]


def test_a_gradient_left_behind_counts_in_the_norm(captured: Callable[[str], str]) -> None:
    norm = math.hypot(3, 4)
    text = captured(PAGE)
    assert f"with_stale = {(norm, 4 / norm)}\nemptied = (4.0, 1.0)" in text


def test_the_optimizer_moves_what_it_holds_and_nothing_else(captured: Callable[[str], str]) -> None:
    told = re.findall(r"step_moves_the_head\((\w+), optimizer\) = (\w+)", captured(PAGE))
    assert [moved for _, moved in told] == ["False", "False", "True", "False", "True"]
