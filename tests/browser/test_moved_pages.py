"""A link from before the pages moved arrives, at the same place on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import BUILT, LANGUAGES
from playwright.sync_api import expect

from facts.addresses import page_path
from facts.moved_pages import read_moved_pages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OLD = "gallery/autograd_package/plot_tracking.html"
NEW = "gallery/first_gradients/plot_tracking.html"


def test_an_old_address_leads_to_the_same_place_on_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/{OLD}#leaves-and-results")
    page.wait_for_url(f"{site}/vi/{NEW}#leaves-and-results")
    expect(page.locator("#leaves-and-results")).to_be_in_viewport()


def test_going_back_leaves_the_site_and_not_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/glossary.html")
    page.goto(f"{site}/vi/{OLD}")
    page.wait_for_url(f"{site}/vi/{NEW}")
    page.go_back()
    page.wait_for_url(f"{site}/vi/glossary.html")


def test_without_javascript_an_old_address_leads_to_the_page(chromium: Browser, site: str) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/en/{OLD}", wait_until="commit")
    page.wait_for_url(f"{site}/en/{NEW}")
    context.close()


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_old_address_was_left_a_page_and_leads_to_one(language: str) -> None:
    folder = BUILT / language
    for old, new in read_moved_pages().items():
        left = folder / page_path(old)
        text = left.read_text(encoding="utf-8")
        to = text.partition('<a href="')[2].partition('"')[0]
        assert (left.parent / to).resolve() == (folder / page_path(new)).resolve()
        assert (folder / page_path(new)).is_file()


@pytest.mark.usefixtures("site")
def test_no_search_and_no_site_map_lists_an_old_address() -> None:
    lists = [*BUILT.glob("sitemap.xml"), *BUILT.glob("*/searchindex.js")]
    assert lists
    for path in lists:
        text = path.read_text(encoding="utf-8")
        assert [old for old in read_moved_pages() if old in text] == []
