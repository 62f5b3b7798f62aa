"""The comforts of a page: the other language at the same place, a term's meaning at a glance, one's own words."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

import pytest
from browser.published_pages import BUILT, LANGUAGES
from playwright.sync_api import expect

from facts.curriculum import read_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGE = "gallery/first_gradients/plot_tracking.html"

# Whether the hint of a link covers a line of it, and how many lines the link has.
COVERED = """(link) => {
  const hint = document.getElementById(link.getAttribute("aria-describedby")).getBoundingClientRect();
  const lines = [...link.getClientRects()];
  return [lines.some((line) => line.bottom > hint.top && hint.bottom > line.top), lines.length];
}"""


@pytest.fixture
def term(page: Page, site: str) -> Locator:
    """Return the first link to a term on a Vietnamese page."""
    page.goto(f"{site}/vi/{PAGE}")
    return page.locator("article a[href*='glossary.html#term-']").first


def test_the_other_language_opens_at_the_anchor_of_the_address(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/{PAGE}#leaves-and-results")
    expect(
        page.locator("#leaves-and-results")
    ).to_be_in_viewport()  # the page scrolls there smoothly
    page.locator(".page-bar-languages a[hreflang=en]").dispatch_event("click")
    page.wait_for_url(f"{site}/en/{PAGE}#leaves-and-results")


def test_the_other_language_opens_at_the_section_that_is_being_read(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/{PAGE}")
    page.evaluate("document.getElementById('leaves-and-results').scrollIntoView()")
    page.wait_for_selector(".toc-tree .scroll-current > a[href='#leaves-and-results']")
    page.locator(".page-bar-languages a[hreflang=en]").dispatch_event("click")
    page.wait_for_url(f"{site}/en/{PAGE}#leaves-and-results")


def test_a_term_says_what_it_means_under_the_pointer(page: Page, term: Locator) -> None:
    hint = page.locator(".glossary-hints [role=tooltip]:visible")
    term.hover()
    assert hint.count() == 1
    hint.hover()  # the pointer may go there, to read or to copy
    page.wait_for_timeout(400)
    assert hint.count() == 1
    page.mouse.move(0, 0)
    hint.wait_for(state="detached")


def test_a_term_says_what_it_means_to_the_keyboard_until_escape(page: Page, term: Locator) -> None:
    page.keyboard.press("Tab")  # from here on the browser shows where the focus is
    term.focus()
    hint = page.locator(".glossary-hints [role=tooltip]:visible")
    assert hint.get_attribute("id") == term.get_attribute("aria-describedby")
    page.keyboard.press("Escape")
    assert hint.count() == 0


@pytest.mark.usefixtures("term")
def test_a_hint_stays_on_a_phone_s_screen(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.keyboard.press("Tab")
    for link in page.locator("article a[href*='glossary.html#term-']").all():
        link.focus()
        box = page.locator(".glossary-hints [role=tooltip]:visible").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_definition_is_the_one_of_the_glossary_in_the_page_s_language(
    page: Page, site: str, term: Locator
) -> None:
    target = term.get_attribute("href") or ""
    name, definition = page.evaluate(
        "(id) => [...document.getElementById(id).childNodes].map((part) => part.textContent.trim())",
        "hint-" + target.split("#term-")[1],
    )
    page.goto(f"{site}/vi/glossary.html#{target.split('#')[1]}")
    entry = page.locator(f"#{target.split('#')[1]}")
    assert entry.inner_text().rstrip("#") == name
    assert definition in entry.locator("+ dd").inner_text()


def test_the_first_tap_on_a_term_shows_what_it_means_and_the_second_one_leads_there(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{site}/vi/{PAGE}")
    term = page.locator("article a[href*='glossary.html#term-']").first
    hint = page.locator(".glossary-hints [role=tooltip]:visible")
    term.tap()
    expect(hint).to_have_count(1)
    page.wait_for_timeout(400)  # a pointer that leaves would have put it away by now
    assert hint.get_attribute("id") == term.get_attribute("aria-describedby")
    hint.tap()
    expect(hint).to_have_count(1)
    page.locator("h1").tap()
    expect(hint).to_have_count(0)
    term.tap()
    expect(hint).to_have_count(1)
    term.tap()
    page.wait_for_url(f"{site}/vi/glossary.html#term-*")
    context.close()


@pytest.mark.usefixtures("term")
def test_a_hint_covers_no_line_of_its_link(page: Page) -> None:
    page.keyboard.press("Tab")
    over_two_lines = 0
    for width in (390, 340, 290, 240):
        page.set_viewport_size({"width": width, "height": 844})
        for link in page.locator("article a[href*='glossary.html#term-']").all():
            link.focus()
            covered, lines = link.evaluate(COVERED)
            assert not covered
            over_two_lines += lines > 1
            link.blur()
    assert over_two_lines


def test_the_copy_button_speaks_the_language_of_the_page(page: Page, site: str) -> None:
    for language, words in (("vi", "Sao chép"), ("en", "Copy")):
        page.goto(f"{site}/{language}/{PAGE}")
        button = page.locator("button.copybtn").first
        assert button.get_attribute("data-tooltip") == words
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("button.copybtn.success")


def test_print_shows_the_answers_and_no_controls(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/{PAGE}")
    page.emulate_media(media="print")
    for control in (
        ".skip-to-content",
        ".page-bar",
        ".sidebar-container",
        "button.copybtn",
        ".theme-toggle",
    ):
        assert page.locator(f"{control}:visible").count() == 0, control
    answer = "document.querySelector('details.answer > :not(summary)')"
    assert page.evaluate(f"{answer}.checkVisibility({{contentVisibilityAuto: true}})")


@pytest.mark.usefixtures("site")
def test_next_leads_through_all_parts_in_order() -> None:
    pages = [page.docname for page in read_pages()]
    walked = ["learn"]
    while walked[-1] != "start/index":  # what comes after the learning path
        text = (BUILT / "en" / f"{walked[-1]}.html").read_text(encoding="utf-8")
        found = re.search(r'<a class="next-page" href="([^"]*)\.html"', text)
        assert found, walked[-1]
        walked.append(posixpath.normpath(posixpath.join(walked[-1], "..", found[1])))
    assert [name for name in walked if "/plot_" in name] == pages


def test_wide_code_and_tables_scroll_by_themselves_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/vi/guide/drawing-benchmark.html")
    boxes = "[...document.querySelectorAll('article :is(pre, .table-wrapper)')]"
    wide = f"{boxes}.filter((box) => box.scrollWidth > box.clientWidth)"
    assert page.evaluate(f"{wide}.length") > 0
    page.evaluate(f"{wide}[0].scrollLeft = 50")
    assert page.evaluate(f"{wide}[0].scrollLeft") == 50
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_home_page_opens_with_a_live_stepper(page: Page, site: str) -> None:
    for language in LANGUAGES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site}/{language}/index.html")
        bar = page.locator(".av-stepper .av-bar").first.bounding_box()
        assert bar is not None
        assert bar["y"] + bar["height"] < 900
