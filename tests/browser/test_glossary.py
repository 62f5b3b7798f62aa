"""The glossary: an index of letters, a filter in both languages' terms, and the pages on which each term appears."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.axe import violations
from browser.published_pages import LANGUAGES
from playwright.sync_api import expect

from facts.folders import DOCS
from facts.glossary import read_glossary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TERMS = read_glossary(DOCS / "glossary.toml").terms
ENTRIES = "dl.glossary > dt"


@pytest.fixture
def glossary(page: Page, site: str) -> Page:
    """Open the Vietnamese glossary."""
    page.goto(f"{site}/vi/glossary.html")
    return page


def field(page: Page) -> Locator:
    """Return the field of the filter."""
    return page.locator(".glossary-filter input")


def shown(page: Page) -> list[str]:
    """Return the terms in sight."""
    return [text.rstrip("#") for text in page.locator(f"{ENTRIES}:visible").all_inner_texts()]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("dao ham", "đạo hàm"),
        ("ĐẠO HÀM", "đạo hàm"),
        ("derivative", "đạo hàm"),
        ("vector jacobian", "tích vector–Jacobian"),
        ("in place", "phép toán tại chỗ"),
    ],
)
def test_a_term_is_found_in_either_language_with_or_without_marks(
    glossary: Page, typed: str, found: str
) -> None:
    field(glossary).press_sequentially(typed)
    assert found in shown(glossary)
    assert len(shown(glossary)) < len(TERMS) / 4


def test_the_filter_says_how_many_terms_remain_and_hides_letters_without_any(
    glossary: Page,
) -> None:
    told = glossary.locator(".glossary-filter [role=status]")
    expect(told).to_have_text("")
    field(glossary).fill("gradient")
    left = len(shown(glossary))
    assert 0 < left < len(TERMS)
    expect(told).to_have_text(f"Số thuật ngữ còn lại: {left} trên {len(TERMS)}")
    letters = glossary.locator(".glossary-letters > a:visible").all_inner_texts()
    assert letters == glossary.locator(".glossary-letter:visible").all_inner_texts()
    assert len(letters) < glossary.locator(".glossary-letters > a").count()
    field(glossary).fill("xyzzy")
    expect(told).to_have_text(f"Số thuật ngữ còn lại: 0 trên {len(TERMS)}")
    assert glossary.locator(".glossary-letter:visible").count() == 0
    field(glossary).fill("")
    expect(told).to_have_text("")
    assert len(shown(glossary)) == len(TERMS)


def test_a_link_to_a_term_that_the_filter_hides_shows_it(glossary: Page) -> None:
    field(glossary).fill("gradient")
    assert not glossary.locator("#term-scalar").is_visible()
    glossary.evaluate("location.hash = 'term-scalar'")
    expect(glossary.locator("#term-scalar")).to_be_in_viewport()
    assert len(shown(glossary)) == len(TERMS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_letter_leads_to_its_terms_and_each_term_stands_beside_its_equivalent(
    page: Page, site: str, language: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/{language}/glossary.html")
    index = page.locator(".glossary-letters > a")
    assert index.all_inner_texts() == page.locator("h2.glossary-letter").all_inner_texts()
    for entry in page.locator(ENTRIES).all():
        beside = entry.locator("+ dd > .glossary-equivalent").first
        term, other = entry.bounding_box(), beside.bounding_box()
        assert term is not None
        assert other is not None
        assert abs(term["y"] - other["y"]) < 8
        assert term["x"] + term["width"] <= other["x"] + 1
    index.last.click()
    expect(page.locator("h2.glossary-letter").last).to_be_in_viewport()


def test_a_term_leads_to_a_page_that_links_back_to_it(glossary: Page) -> None:
    folded = glossary.locator("#term-gradient + dd > details.appears-on")
    links = folded.locator("a")
    assert links.count() > 10
    assert str(links.count()) in folded.locator("summary").inner_text()
    folded.locator("summary").click()
    links.nth(3).click()
    expect(glossary.locator("article a[href$='glossary.html#term-gradient']").first).to_be_visible()


@pytest.fixture
def without_script(chromium: Browser) -> Iterator[Page]:
    """Open a window that runs no script of a page."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_there_is_no_filter_and_nothing_else_is_missing(
    without_script: Page, site: str
) -> None:
    without_script.goto(f"{site}/vi/glossary.html")
    assert without_script.locator(".glossary-filter").count() == 0
    assert len(shown(without_script)) == len(TERMS)
    without_script.locator(".glossary-letters > a").last.click()
    expect(without_script.locator("h2.glossary-letter").last).to_be_in_viewport()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_a_filtered_glossary(
    page: Page, site: str, language: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"{site}/{language}/glossary.html")
    page.locator("details.appears-on").first.evaluate("(details) => { details.open = true; }")
    field(page).fill("a")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
