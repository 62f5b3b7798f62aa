"""What a reader sees first of the home page stays where it is while the page is loading."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# How much of the window has moved, how far, since it opened (web.dev/articles/cls).
SHIFTS = """new Promise((done) => {
  let sum = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { sum += entry.value; }))
    .observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 100);
})"""


@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_moves_on_the_home_page_when_the_stepper_wakes(
    page: Page, site: str, language: str, size: tuple[int, int]
) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})

    def send_late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/stepper.js*", send_late)
    page.goto(f"{site}/{language}/index.html")
    page.locator(".av-stepper.av-live").wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate(SHIFTS) < 0.01
