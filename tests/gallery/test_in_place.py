"""The page on changes in place shows who raises and who does not, and where silence gives a wrong number."""

import re
from collections.abc import Callable

import pytest

PAGE = "error_museum/plot_in_place"


@pytest.mark.parametrize(
    ("message", "times"),
    [
        ("a leaf Variable that requires grad is being used in an in-place operation", 1),
        ("a view of a leaf Variable that requires grad is being used in an in-place operation", 1),
        ("one of the variables needed for gradient computation has been modified", 4),
        ("Output 0 of Unbind", 1),
        ("A view was created in no_grad mode and is being modified inplace", 1),
        ("more than one element of the written-to tensor refers to a single memory location", 1),
    ],
)
def test_the_page_shows_the_message(
    captured: Callable[[str], str], message: str, times: int
) -> None:
    pattern = f"^RuntimeError: (?:unsupported operation: )?{message}"
    assert len(re.findall(pattern, captured(PAGE), re.M)) == times


def test_who_keeps_its_result_raises_when_it_is_changed(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^(\w+) +keeps = (\w+) +raised = (\w+)", captured(PAGE), re.M)
    by_result = {"exp", "sigmoid", "sqrt"}  # derivatives that are written with the result
    assert len(rows) == 4
    assert {name for name, keeps, raised in rows if keeps == raised == "True"} == by_result
    assert all(keeps == raised for _, keeps, raised in rows)


@pytest.mark.parametrize(
    "outcome",
    [
        "new.is_leaf = False, new.grad = None",
        "copy.tolist() = [5.0, 1.0, 1.0]\nw.tolist() = [1.0, 1.0, 1.0]",
        "x.grad = tensor([1.0000, 2.7183])\nx.grad = tensor([2.0000, 3.7183])",
        "x.grad = tensor([2., 6.])",
        "x.grad = tensor([2., 2., 1.])",
        "h.tolist() = [1.0, 2.0, 3.0]\nx.grad = None",
        "x.grad = tensor([0., 2., 2.])",
        "row = tensor([1., 2., 3.])\nrow = tensor([3., 3., 3.])",
        "stopped.failed.source.text = 'z = y * x'\nlen(stopped.steps) = 4",
        "stopped.failed.op = 'ExpBackward0'\nx.grad = tensor([2.0000, 8.1548])",
    ],
)
def test_the_page_shows_what_is_right_and_what_is_silently_wrong(
    captured: Callable[[str], str], outcome: str
) -> None:
    assert outcome in captured(PAGE)
