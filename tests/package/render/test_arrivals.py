"""A leaf tells how many contributions to its gradient have arrived, if there are several."""

import re

import pytest
import torch

import autograd_vi as av
from autograd_vi.render.arrivals import DOTS, arrivals_svg, arrivals_width, is_counted
from autograd_vi.render.words import text_word


def shown_at(elements: list[str], step: int) -> list[str]:
    """Return the counts that are lit in a step."""
    found = []
    for element in elements:
        counted = re.search(r'data-av-at="(\d+)-(\d+)".*>([^<]+)<', element)
        if counted and int(counted[1]) <= step <= int(counted[2]):
            found.append(counted[3])
    return found


def drawn(steps: tuple[int, ...]) -> list[str]:
    return arrivals_svg(steps, 100, 50, text_word)


@pytest.mark.parametrize(("steps", "counted"), [((), False), ((3,), False), ((3, 3), True)])
def test_one_contribution_is_not_counted(steps: tuple[int, ...], counted: bool) -> None:
    assert is_counted(steps) is counted


@pytest.mark.parametrize("steps", [(2, 4, 5), (0, 1), (3, 3), (1, 1, 2)])
def test_every_step_shows_one_count_and_a_dot_for_each_contribution(steps: tuple[int, ...]) -> None:
    elements = drawn(steps)
    for step in range(8):
        arrived = sum(at <= step for at in steps)
        assert shown_at(elements, step) == [f"{arrived}/{len(steps)} arrived"]
    dots = [element for element in elements if "<circle" in element]
    assert [re.findall(r'data-av-at="(\d+)"', dot) for dot in dots] == [[str(at)] for at in steps]


def test_without_the_script_only_the_last_count_is_seen() -> None:
    (seen,) = [element for element in drawn((2, 4, 5)) if "av-all" in element]
    assert ">3/3 arrived<" in seen


def test_many_contributions_have_no_dots_and_no_count_in_between() -> None:
    steps = tuple(range(1, DOTS + 2))
    elements = drawn(steps)
    assert not any("<circle" in element for element in elements)
    counts = [shown_at(elements, step) for step in (0, DOTS, DOTS + 1)]
    assert counts == [["0/13 arrived"], ["0/13 arrived"], ["13/13 arrived"]]


def test_a_box_has_room_for_its_dots_and_count() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(DOTS - 1):
        y = y * x
    html = av.replay(y, params={"x": x})._repr_html_()
    box = re.search(r'av-leaf".*?<rect x="(-?\d+)" y="\d+" width="(\d+)"', html, re.DOTALL)
    assert box is not None
    assert int(box[2]) >= arrivals_width(range(DOTS)) + 20


def test_a_leaf_that_one_line_reaches_shows_nothing_but_its_grad() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    html = av.replay(x * 2, params={"x": x})._repr_html_()
    picture = html.index('class="av-svg"')
    svg = html[picture : html.index("</svg>", picture)]
    assert ".grad = 2" in svg
    assert "arrived" not in svg
