"""What the page on kinks prints lies between finite facts, whichever version of torch ran it."""

import math
import re
from collections.abc import Callable

import pytest

PAGE = "beyond/plot_kinks"
H = 2.0**-10

# The slopes on the left and on the right of 0, from the functions' formulas.
SIDES = {
    "relu": (0, 1),
    "abs": (-1, 1),
    "clamp(0, 1)": (0, 1),
    "maximum(x, 0)": (0, 1),
    "leaky_relu": (0.01, 1),
    "relu6": (0, 1),
    "elu": ((1 - math.exp(-H)) / H, 1),
    "softplus": (0.5, 0.5),
}


def table(text: str, names: str) -> dict[str, list[float]]:
    """Return the rows of numbers that begin with one of ``names``, a regular expression."""
    rows = re.findall(rf"^({names}) +((?:-?\d+\.\d\d ?\s*)+)$", text, re.M)
    return {name.strip(): [float(number) for number in row.split()] for name, row in rows}


@pytest.mark.parametrize("name", SIDES)
def test_the_slope_lies_between_those_on_both_sides(
    captured: Callable[[str], str], name: str
) -> None:
    left, right, autograd = table(captured(PAGE), re.escape(name))[name]
    assert (left, right) == pytest.approx(SIDES[name], abs=0.006)
    assert min(left, right) <= autograd <= max(left, right)


def test_whoever_writes_the_branch_chooses_the_slope(captured: Callable[[str], str]) -> None:
    text = captured(PAGE)
    assert re.search(r"^where\(x > 0, x, 0\) +0\.00\nwhere\(x >= 0, x, 0\) +1\.00$", text, re.M)
    assert text.endswith("1.0\n-1.0") or "\n1.0\n-1.0\n" in text


def test_tied_entries_share_one(captured: Callable[[str], str]) -> None:
    rows = re.findall(r"^(?:a?max\(\)|max\(dim=0\)) +\[(.*)\]$", captured(PAGE), re.M)
    shares = [[float(number) for number in row.split(", ")] for row in rows]
    assert len(shares) == 3
    assert all(first + second == 1 and third == 0 for first, second, third in shares)


def test_a_weight_that_starts_at_the_kink_does_not_reach_what_the_other_one_reaches(
    captured: Callable[[str], str],
) -> None:
    ends = re.findall(r"^start = (\S+), w.item\(\) = (\S+), loss", captured(PAGE), re.M)
    assert ends == [("0.0", "0.0000"), ("0.1", "0.5000")]
