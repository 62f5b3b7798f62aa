"""The shorter routes lead along the path, each page offers them, and each mistake in the list is told."""

import re
from pathlib import Path

import pytest

from facts.curriculum import CurriculumError, read_pages
from facts.folders import DOCS
from facts.routes import read_routes

PART = """
[[part]]
folder = "one"
pages = [{ name = "plot_a", minutes = 3 }, { name = "plot_b", minutes = 4 }]
"""


def with_route(folder: Path, route: str) -> Path:
    path = folder / "file.toml"
    path.write_text(f"{PART}[[route]]\n{route}\n", encoding="utf-8")
    return path


def test_every_route_leads_through_pages_of_the_path_in_its_order() -> None:
    path = read_pages()
    routes = read_routes()
    assert len(routes) >= 3
    for route in routes:
        places = [path.index(page) for page in route.pages]
        assert places == sorted(set(places))
        assert len(places) > 2


def test_the_first_hour_takes_about_an_hour() -> None:
    (first,) = [route for route in read_routes() if route.name == "first_hour"]
    assert 50 <= first.minutes <= 65


def test_the_learning_path_offers_each_route_once() -> None:
    text = (DOCS / "learn.md").read_text(encoding="utf-8")
    offered = re.findall(r"^```\{route\} (\w+)$", text, re.MULTILINE)
    assert offered == [route.name for route in read_routes()]


def test_a_route_takes_as_long_as_its_pages(tmp_path: Path) -> None:
    path = with_route(tmp_path, 'name = "short"\npages = ["one/plot_a", "one/plot_b"]')
    assert [route.minutes for route in read_routes(path)] == [7]


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ('pages = ["one/plot_a"]', "a route lacks the key 'name'"),
        ('name = "short"', "a route lacks the key 'pages'"),
        ('name = "short"\npages = []', "the pages of the route short are []"),
        ('name = "short"\npages = "one/plot_a"', "the pages of the route short are 'one/plot_a'"),
        ('name = "short"\npages = ["plot_a"]', "the route short leads to 'plot_a'"),
        ('name = "short"\npages = ["one/plot_b", "one/plot_a"]', "in the order of the path"),
        ('name = "short"\npages = ["one/plot_a", "one/plot_a"]', "each page once"),
        (
            'name = "short"\npages = ["one/plot_a"]\n[[route]]\nname = "short"\npages = ["one/plot_b"]',
            "the route short is listed twice",
        ),
    ],
)
def test_a_route_that_leads_nowhere_is_refused(tmp_path: Path, route: str, message: str) -> None:
    path = with_route(tmp_path, route)
    with pytest.raises(CurriculumError) as caught:
        read_routes(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
