"""A gallery page is light: what a reader's browser fetches for it, compressed as a server sends it."""

from __future__ import annotations

import gzip
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from browser.published_pages import BUILT, LANGUAGES

from facts.curriculum import read_curriculum

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

KILOBYTE = 1000
MOST_KILOBYTES = 75
MOST_REQUESTS = 12


def fetched(chromium: Browser, address: str) -> set[str]:
    """Return the files, below the site, that the browser of a new reader fetches, who reads a page to its end.

    A font that an earlier page brought is asked for again, from the browser's own store, where no text needs it.
    """
    context = chromium.new_context()
    page = context.new_page()
    urls: set[str] = set()
    page.on("request", lambda request: urls.add(request.url))
    page.goto(address, wait_until="networkidle")
    page.evaluate("document.querySelectorAll('img').forEach((image) => image.scrollIntoView())")
    page.wait_for_load_state("networkidle")
    icon = page.evaluate(
        "document.querySelector('link[rel~=icon]').href"
    )  # a headless browser shows none
    context.close()
    return {unquote(urlsplit(url).path) for url in {*urls, icon} if not url.startswith("data:")}


def compressed(file: str) -> int:
    """Return the size of a published file as a server sends it; what is packed already gets no smaller."""
    content = (BUILT / file.lstrip("/")).read_bytes()
    return min(len(content), len(gzip.compress(content, 9)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_usual_gallery_page_is_light(chromium: Browser, site: str, language: str) -> None:
    sizes, counts = [], []
    for part in read_curriculum():
        for lesson in part.pages:
            files = fetched(chromium, f"{site}/{language}/{lesson.docname}.html")
            sizes.append(sum(map(compressed, files)))
            counts.append(len(files))
    assert median(sizes) <= MOST_KILOBYTES * KILOBYTE, sorted(sizes)
    assert max(counts) <= MOST_REQUESTS, counts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_search_page_is_shown_before_its_index_is_there(
    page: Page, site: str, language: str
) -> None:
    page.goto(f"{site}/{language}/search.html")
    assert page.locator("script[src*='searchindex']").get_attribute("defer") is not None
