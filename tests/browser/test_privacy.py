"""A page asks nobody but its own site, and needs no server but for the summaries of search results."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import pytest
from browser.published_pages import BUILT, LANGUAGES, page_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGE = "gallery/first_gradients/plot_tracking.html"

# A browser takes every file for an origin of its own, so it may not fetch the font early; it does so when the style
# sheet asks for it.
EARLY_FONT = "stix-two-math.woff2"


class Listener:
    """What a page asks for and complains about."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._read)

    def _read(self, message: ConsoleMessage) -> None:
        about = message.text + message.location["url"]
        if message.type in {"error", "warning"} and EARLY_FONT not in about:
            self.complaints.append(message.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_asks_another_site_or_breaks_its_own_policy(
    page: Page, site: str, language: str
) -> None:
    listener = Listener(page)
    for name in page_names(language):
        page.goto(f"{site}/{language}/{name}")
    page.goto(f"{site}/{language}/search.html?q={quote('gradient')}", wait_until="networkidle")
    page.locator("ul.search > li .context").first.wait_for()
    assert [url for url in listener.requests if not url.startswith((site, "data:"))] == []
    assert listener.complaints == []


@pytest.fixture
def from_disk(chromium: Browser) -> Iterator[tuple[Page, Listener]]:
    """Open the published files without a server."""
    context = chromium.new_context()
    page = context.new_page()
    listener = Listener(page)
    page.goto((BUILT / "vi" / "index.html").as_uri())
    yield page, listener
    context.close()
    assert listener.complaints == []  # now no more can come
    assert all(url.startswith(("file:", "data:")) for url in listener.requests)


def test_the_theme_can_be_switched_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    before = page.evaluate("document.body.dataset.theme")
    page.locator("button.theme-toggle:visible").first.click()
    assert page.evaluate("document.body.dataset.theme") != before


def test_the_stepper_steps_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.locator(".av-stepper [data-av-go=next]").first.click()
    assert page.locator(".av-stepper .av-k").first.inner_text() == "1"


def test_the_language_can_be_switched_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.locator(".page-bar-languages a[hreflang=en]").click()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_front_door_leads_to_a_language_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.goto((BUILT / "index.html").as_uri())
    page.wait_for_url((BUILT / "en" / "index.html").as_uri())  # what this browser asks for


def test_pages_lead_to_each_other_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.goto((BUILT / "vi" / PAGE).as_uri())
    page.locator(".page-end a.next-page").click()
    page.wait_for_url("**/gallery/first_gradients/plot_square.html")
    page.locator(".sidebar-drawer a[href$='glossary.html']").click()
    page.wait_for_url((BUILT / "vi" / "glossary.html").as_uri())


def test_a_term_and_an_answer_unfold_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.goto((BUILT / "vi" / PAGE).as_uri())
    page.locator("article a[href*='glossary.html#term-']").first.hover()
    page.locator(".glossary-hints [role=tooltip]:visible").wait_for()
    page.wait_for_function(
        """document.fonts.check('16px "STIX Two Math"', 'x')"""
    )  # the formulas too
    page.locator("details.answer > summary").click()
    assert page.locator("details.answer > :not(summary)").first.is_visible()


@pytest.mark.parametrize("name", ["index.html", "gallery/first_gradients/plot_tracking.html"])
def test_what_can_be_downloaded_lies_on_the_disk(
    from_disk: tuple[Page, Listener], name: str
) -> None:
    page, _ = from_disk
    page.goto((BUILT / "vi" / name).as_uri())
    files = page.eval_on_selector_all(
        ".take-along a, .run-page a", "all => all.map((link) => link.href)"
    )
    assert len(files) >= 3
    assert [file for file in files if not Path(unquote(urlsplit(file).path)).is_file()] == []


def test_code_can_be_copied_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.goto((BUILT / "vi" / PAGE).as_uri())
    button = page.locator("button.copybtn").first
    button.hover()
    button.click()
    page.locator("button.copybtn.success").first.wait_for()


def test_search_finds_pages_from_disk(from_disk: tuple[Page, Listener]) -> None:
    page, _ = from_disk
    page.goto((BUILT / "vi" / "search.html").as_uri() + f"?q={quote('đạo hàm')}")
    page.locator("ul.search > li > a[href^=gallery]").first.click()
    page.wait_for_url("file:///**/vi/gallery/**")
