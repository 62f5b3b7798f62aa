"""The way into the learning path and along it: home in one screen, the header of a page, its end, the path."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from browser.axe import violations
from browser.published_pages import LANGUAGES

from facts.curriculum import read_curriculum, read_pages

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PARTS = read_curriculum()
BEGIN = PARTS[0].pages[0]


def bottom(page: Page, selector: str) -> float:
    """Return how far below the top of the window an element ends."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return box["y"] + box["height"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_says_in_one_screen_what_it_is_and_where_to_begin(
    page: Page, site: str, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/{language}/index.html")
    for selector in ("h1", "a.begin-link", ".begin > a + a", ".av-stepper .av-columns"):
        assert bottom(page, selector) <= 620, selector
    title, stepper = (page.locator(name).first.bounding_box() for name in ("h1", ".av-stepper"))
    assert title is not None
    assert stepper is not None
    assert title["x"] + title["width"] <= stepper["x"]  # beside it
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontSize") == "44px"
    code = page.locator("section.home > .cell details.drawing")
    assert code.get_attribute("open") is None
    assert code.bounding_box()["y"] > bottom(page, ".av-stepper") - 1  # type: ignore[index]  # it is shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stepper_s_bar_is_in_sight_on_a_phone(page: Page, site: str, language: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/{language}/index.html")
    bar = page.locator(".av-stepper .av-bar").first.bounding_box()
    assert bar is not None
    assert bar["y"] <= 440
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("language", LANGUAGES)
def test_home_begins_where_the_curriculum_begins_and_has_a_card_for_each_part(
    page: Page, site: str, language: str
) -> None:
    page.goto(f"{site}/{language}/index.html")
    begin = page.locator("a.begin-link")
    assert f"/{BEGIN.docname}.html" in (begin.evaluate("(link) => link.href") or "")
    assert str(BEGIN.minutes) in begin.inner_text()
    named = [name for name, _ in json.loads(begin.get_attribute("data-pages") or "")]
    assert named == [lesson.docname for lesson in read_pages()]
    cards = page.locator(".part-cards > li")
    assert cards.count() == len(PARTS)
    for card, part in zip(cards.all(), PARTS, strict=True):
        numbers = card.locator(".minutes").inner_text()
        assert str(len(part.pages)) in numbers
        assert str(part.minutes) in numbers
        assert card.locator(".question").inner_text().endswith("?")
        assert card.locator("svg.miniature").count() == 1


def test_the_header_says_the_part_the_place_in_it_and_the_time(page: Page, site: str) -> None:
    for number, part in enumerate(PARTS, start=1):
        for place, lesson in ((1, part.pages[0]), (len(part.pages), part.pages[-1])):
            page.goto(f"{site}/vi/{lesson.docname}.html")
            said = page.locator(".page-bar").inner_text().replace("\N{NO-BREAK SPACE}", " ")
            assert f"Phần {number} · " in said
            assert f"{lesson.minutes} phút" in said
            counted = page.locator(".page-segments > span").inner_text()
            assert (
                counted.replace("\N{NO-BREAK SPACE}", " ")
                == f"trang {place} trên {len(part.pages)}"
            )
            segments = page.locator(".page-segments > i")
            assert segments.count() == len(part.pages)
            current = segments.evaluate_all(
                "all => all.map((one) => one.classList.contains('current'))"
            )
            assert current == [index == place - 1 for index in range(len(part.pages))]


def test_the_languages_stand_on_the_line_of_the_part(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/vi/{BEGIN.docname}.html")
    assert bottom(page, ".page-place > a") == bottom(page, ".page-bar-languages a")


def test_the_end_of_a_page_leads_to_the_next_and_says_how_long_it_takes(
    page: Page, site: str
) -> None:
    pages = read_pages()
    page.goto(f"{site}/en/{pages[0].docname}.html")
    card = page.locator("a.next-page")
    said = card.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert said.startswith("Next: ")
    assert said.endswith(f" · {pages[1].minutes} minutes")
    card.click()
    page.wait_for_url(f"{site}/en/{pages[1].docname}.html")
    page.locator("a.prev-page").click()
    page.wait_for_url(f"{site}/en/{pages[0].docname}.html")


def test_what_runs_a_page_is_one_click_away_at_its_top_and_at_its_end(
    page: Page, site: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/en/{BEGIN.docname}.html")
    above, below = page.locator(".toc-drawer .run-page a"), page.locator(".page-end .run-page a")
    assert above.count() == below.count() >= 3
    for link in above.all():
        box = link.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] < 200
    with page.expect_download() as started:
        above.first.click()
    assert started.value.suggested_filename.endswith(".ipynb")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_home_and_path_with_pages_marked(
    page: Page, site: str, language: str, width: int, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/{language}/{BEGIN.docname}.html")
    page.locator(".mark-read button").click()
    for name in ("index", "learn", PARTS[0].docname, BEGIN.docname):
        page.goto(f"{site}/{language}/{name}.html")
        assert violations(page) == []
