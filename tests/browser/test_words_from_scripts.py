"""What scripts write on a page comes from the catalogues too: in a language that is all marks, all of it is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pseudo_language import OPEN
from pseudo_site import unmarked_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

CUT_OUT = frozenset({"context"})  # a piece of a found page, whose marks may lie outside

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.xdist_group("pseudo")]


@pytest.fixture
def address(pseudo_real_site: Path, serve_folder: Callable[[Path], str]) -> str:
    return serve_folder(pseudo_real_site)


def test_the_stepper_at_every_step(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    stepper = page.locator(".av-stepper").first
    for name in ("next", "next", "previous", "play", "pause", "reset"):
        stepper.locator(f"[data-av-go={name}]").click()
        assert unmarked_on(page.content()) == [], name


def test_the_copy_button_before_and_after(page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{address}/gallery/first_gradients/plot_tracking.html")
    button = page.locator("button.copybtn").first
    expect(button).to_be_attached()
    assert unmarked_on(page.content()) == []
    before = button.get_attribute("data-tooltip")
    button.click()
    expect(button).not_to_have_attribute("data-tooltip", before or "")
    assert unmarked_on(page.content()) == []


def test_a_glossary_term_under_the_pointer(page: Page, address: str) -> None:
    page.goto(f"{address}/gallery/first_gradients/plot_tracking.html")
    page.locator("article a[href*='glossary.html#term-']").first.hover()
    expect(page.locator(".glossary-hints [role=tooltip]:visible")).to_have_count(1)
    assert unmarked_on(page.content()) == []


def test_the_themes(page: Page, address: str) -> None:
    page.goto(f"{address}/learn.html")
    for _ in range(3):
        page.locator(".theme-toggle:visible").first.click()
        assert unmarked_on(page.content()) == []


@pytest.mark.parametrize("query", ["torch", "qqqqqq", ""])
def test_the_search_with_results_and_without(page: Page, address: str, query: str) -> None:
    page.goto(f"{address}/search.html?q={query}")
    if query:
        expect(page.locator("#search-results .search-summary")).to_contain_text(OPEN)
    assert unmarked_on(page.content(), CUT_OUT) == []
