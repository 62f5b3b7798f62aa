"""The facts that the page on gradcheck promises stand in its captured outputs."""

import re
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_gradcheck"


@pytest.mark.parametrize(
    "fact",
    [
        "min(float64) < 1e-8 = True, min(float32) > 1e-5 = True\npasses = True\n"
        "Input #0 requires gradient and is not a double precision floating point",
        "passes = False\nGradcheckError: Jacobian mismatch for output 0 with respect to input 0\n",
        "weighted  loose = True, strict = True\ndeaf      loose = True, strict = False",
        "square(x).tolist() = [1.0, 4.0]",
        "moved = True, mended = True",
        "place = 1.5, passes = True\nplace = -1.5, passes = False",
        "estimate = 0.5, passes = False",
        "first = True, second = False",
        "h = 1e-06, estimate = 0.1000, passes = False\nh = 1e-08, estimate = 1.0000, passes = True",
    ],
)
def test_the_page_shows_its_facts(captured: Callable[[str], str], fact: str) -> None:
    assert fact in captured(PAGE)


def test_the_message_sets_the_true_slopes_against_half_of_them(
    captured: Callable[[str], str],
) -> None:
    message = captured(PAGE).partition("numerical:")[2]
    numerical, _, analytical = message.partition("analytical:")
    true, halves = (
        [float(number) for number in re.findall(r"\d\.\d*", part.partition(", dtype")[0])]
        for part in (numerical, analytical)
    )
    assert true == [2, 0, 0, 4]
    assert halves == [number / 2 for number in true]
