"""A reader marks pages as read: the marks stay on the device, tick the links, and show where to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import LANGUAGES
from playwright.sync_api import expect

from facts.curriculum import read_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = [page.docname for page in read_pages()]
FIRST, SECOND, THIRD = PAGES[:3]
BLOCKED = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("blocked", "SecurityError"); },
})"""
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"


def mark(page: Page) -> Locator:
    """Return the button of the open page."""
    return page.locator(".mark-read button")


def mark_pages(page: Page, site: str, *docnames: str) -> None:
    for docname in docnames:
        page.goto(f"{site}/vi/{docname}.html")
        mark(page).click()


def ticked(page: Page, links: str) -> list[str]:
    """Return where those of the links lead that have a tick."""
    found: list[str] = page.eval_on_selector_all(
        links,
        "all => all.filter((link) => link.querySelector('.tick')).map((link) => new URL(link.href).pathname)",
    )
    return found


def test_a_mark_stays_when_the_page_is_loaded_again_and_can_be_taken_back(
    page: Page, site: str
) -> None:
    mark_pages(page, site, FIRST)
    expect(mark(page)).to_have_text("Đã đọc · bỏ đánh dấu")
    page.reload()
    expect(mark(page)).to_have_text("Đã đọc · bỏ đánh dấu")
    mark(page).click()
    page.reload()
    expect(mark(page)).to_have_text("Đánh dấu là đã đọc")


def test_a_mark_is_set_and_taken_back_by_keyboard(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{FIRST}.html")
    mark(page).focus()
    page.keyboard.press("Enter")
    expect(mark(page)).to_have_class("read")
    expect(page.locator(".mark-read [role=status]")).to_have_text("Marked, on this device only.")
    page.keyboard.press("Space")
    expect(mark(page)).not_to_have_class("read")
    expect(mark(page)).to_be_focused()


def test_a_page_that_is_marked_in_one_language_is_ticked_in_the_path_and_sidebar_of_each(
    page: Page, site: str
) -> None:
    mark_pages(page, site, SECOND)
    for language in LANGUAGES:
        page.goto(f"{site}/{language}/learn.html")
        for links in (".learning-path a", ".sidebar-tree a"):
            assert ticked(page, links) == [f"/{language}/{SECOND}.html"]
        assert page.locator(".tick").first.get_attribute("aria-label")


def test_home_goes_on_with_the_first_page_that_is_not_read(page: Page, site: str) -> None:
    mark_pages(page, site, FIRST, THIRD)
    page.goto(f"{site}/vi/index.html")
    begin = page.locator("a.begin-link")
    expect(begin).to_contain_text("Tiếp tục: ")
    begin.click()
    page.wait_for_url(f"{site}/vi/{SECOND}.html")
    title = page.locator("h1").inner_text().rstrip("#")
    mark(page).click()
    page.go_back()  # to a page that the browser may have kept
    expect(begin).not_to_contain_text(title)
    begin.click()
    page.wait_for_url(f"{site}/vi/{PAGES[3]}.html")


def test_home_begins_with_the_first_page_when_none_or_all_are_read(page: Page, site: str) -> None:
    page.goto(f"{site}/en/index.html")
    begin = page.locator("a.begin-link")
    words = begin.inner_text()
    assert words.startswith("Begin: ")
    page.evaluate(
        "(pages) => localStorage.setItem('autograd_vi.read', JSON.stringify(pages))", PAGES
    )
    page.reload()
    expect(begin).to_have_text(words)
    begin.click()
    page.wait_for_url(f"{site}/en/{FIRST}.html")


def test_marks_that_something_else_has_spoilt_count_as_none(page: Page, site: str) -> None:
    page.goto(f"{site}/en/{FIRST}.html")
    for spoilt in ("{", '{"a": 1}', "7"):
        page.evaluate("(text) => localStorage.setItem('autograd_vi.read', text)", spoilt)
        page.reload()
        expect(mark(page)).to_have_text("Mark as read")
    mark(page).click()
    expect(mark(page)).to_have_class("read")


def test_a_browser_that_keeps_nothing_shows_no_button_and_all_the_rest(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()  # furo's own scripts complain, and ours must not
    page.add_init_script(BLOCKED)
    page.goto(f"{site}/vi/{FIRST}.html")
    page.wait_for_selector("article pre[tabindex]")  # the script after ours in the same file
    expect(mark(page)).to_be_hidden()
    expect(page.locator("a.next-page")).to_be_visible()
    page.goto(f"{site}/vi/index.html")
    page.locator("a.begin-link").click()
    page.wait_for_url(f"{site}/vi/{FIRST}.html")
    context.close()


def test_the_button_goes_when_a_mark_cannot_be_kept(page: Page, site: str) -> None:
    page.add_init_script(FULL)
    page.goto(f"{site}/vi/{FIRST}.html")
    mark(page).click()
    expect(mark(page)).to_be_hidden()


@pytest.fixture
def without_script(chromium: Browser) -> Iterator[Page]:
    """Open a window that runs no script of a page."""
    context = chromium.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def test_without_scripts_nothing_is_missing_but_the_marks(without_script: Page, site: str) -> None:
    page = without_script
    page.goto(f"{site}/vi/index.html")
    page.locator("a.begin-link").click()
    page.wait_for_url(f"{site}/vi/{FIRST}.html")
    expect(mark(page)).to_be_hidden()
    expect(page.locator(".page-place")).to_be_visible()
    expect(page.locator(".page-end .run-page a").first).to_be_visible()
    page.locator("a.next-page").click()
    page.wait_for_url(f"{site}/vi/{SECOND}.html")
    page.goto(f"{site}/vi/learn.html")
    assert page.locator(".learning-path .question").count() == len(PAGES)
