"""The facts that the page on a Function of one's own promises stand in its captured outputs."""

from collections.abc import Callable

import pytest

PAGE = "beyond/plot_own_function"


@pytest.mark.parametrize(
    "fact",
    [
        "grad_a = tensor([0.6000,    nan]), grad_b = tensor([0.8000,    nan])",
        "grad_a = tensor([0.6000, 0.0000]), grad_b = tensor([0.8000, 0.0000])",
        "first = True, second = True\npasses = False",
        "returned an incorrect number of gradients (expected 2, got 1)",
        "returned an invalid gradient at index 0 - got [1] but expected shape compatible with [2]",
        "Filled     passes = False\nStretched  passes = False\nLength     passes = True",
        "asked = [(True, True), (True, False)]",
        "first = 6.00, second = 2.00\nfirst = 6.00, second = 0.72",
        "RuntimeError: trying to differentiate twice a function that was marked with @once_differentiable",
        "= [0.0, 2.0, -1.0], gradient.tolist() = [0.0, 0.0, 0.0]",
        "rounded.tolist() = [0.0, 2.0, -1.0], gradient.tolist() = [3.0, 3.0, 3.0]",
        "one_line.tolist() = [0.0, 2.0, -1.0], gradient.tolist() = [3.0, 3.0, 3.0]",
    ],
)
def test_the_page_shows_its_facts(captured: Callable[[str], str], fact: str) -> None:
    assert fact in captured(PAGE)


def test_one_node_stands_for_the_whole_operation(captured: Callable[[str], str]) -> None:
    picture = captured(PAGE).partition("<svg")[2].partition("</svg>")[0]
    assert ">Length<" in picture.replace("\n", "")
    assert "Sqrt" not in picture
