"""Long lines of code can be wrapped, by a button that a finger and the keyboard reach and that the device remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGE = "gallery/training/plot_mini_batch"
LONG_CELLS = """document.querySelectorAll("article .highlight:has(> .copybtn)").values().filter((cell) =>
    [...cell.querySelectorAll("pre")].some((code) => code.scrollWidth > code.clientWidth)).toArray().length"""
BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("blocked", "SecurityError"); },
})"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


def buttons(page: Page) -> Locator:
    """Return the buttons that are seen."""
    return page.locator(".wrapbtn:visible")


def opened(page: Page, site: str, language: str = "en") -> Locator:
    """Open a page with long lines, unfold it, and return its first button."""
    page.goto(f"{site}/{language}/{PAGE}.html")
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true })")
    expect(buttons(page).first).to_be_visible()
    return buttons(page).first


def test_every_cell_with_long_lines_has_a_button_and_no_other_has(phone: Page, site: str) -> None:
    opened(phone, site)
    long = phone.evaluate(LONG_CELLS)
    cells = phone.locator("article .highlight:has(> .copybtn)").count()
    assert 0 < long < cells
    expect(buttons(phone)).to_have_count(long)


def test_the_button_wraps_the_code_of_the_page_and_lets_it_run_again(
    phone: Page, site: str
) -> None:
    button = opened(phone, site)
    before = phone.evaluate(LONG_CELLS)
    expect(button).to_have_attribute("aria-pressed", "false")
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert phone.evaluate(LONG_CELLS) == 0
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert phone.evaluate(LONG_CELLS) == before
    expect(buttons(phone)).to_have_count(before)


def test_the_keyboard_reaches_the_button(phone: Page, site: str) -> None:
    button = opened(phone, site)
    button.focus()
    phone.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    phone.keyboard.press("Space")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_the_button_is_large_enough_for_a_finger(phone: Page, site: str) -> None:
    box = opened(phone, site).bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Wrap long lines"), ("vi", "Ngắt các dòng dài")]
)
def test_the_button_says_what_it_does_in_the_language_of_the_page(
    phone: Page, site: str, language: str, words: str
) -> None:
    expect(opened(phone, site, language)).to_have_accessible_name(words)


def test_the_device_remembers_the_choice_on_every_page(phone: Page, site: str) -> None:
    opened(phone, site).tap()
    phone.goto(f"{site}/vi/gallery/training/plot_fine_tuning.html")
    expect(buttons(phone).first).to_have_attribute("aria-pressed", "true")
    assert phone.evaluate(LONG_CELLS) == 0


def test_a_browser_that_keeps_nothing_wraps_all_the_same(phone: Page, site: str) -> None:
    phone.add_init_script(BLOCKED)
    button = opened(phone, site)
    button.tap()
    expect(button).to_have_attribute("aria-pressed", "true")
    assert phone.evaluate(LONG_CELLS) == 0


def test_copying_takes_no_word_of_the_button(phone: Page, site: str) -> None:
    opened(phone, site).tap()
    cell = phone.locator("article .highlight:has(> .copybtn)").first
    target = cell.locator(".copybtn").get_attribute("data-clipboard-target")
    assert target is not None
    assert phone.locator(target).locator("button").count() == 0


def test_without_a_script_there_is_no_button_and_no_room_for_one(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/{PAGE}.html")
    assert page.locator(".wrapbtn").count() == 0
    context.close()
