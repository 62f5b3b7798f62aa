"""A page's contents lead to headings in full sight, mark the section that is read, and the sidebar marks the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from browser.published_pages import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = [
    "gallery/the_graph/plot_computational_graph.html",
    "gallery/error_museum/plot_in_place.html",
    "guide/drawing-graphs.html",
]
WIDTHS = [
    390,
    1040,
    1280,
    1600,
]  # a phone; where furo's margins change; contents that stand beside a page

# Go to a section as its link does; then say where its heading is, what covers the top, and what the contents mark.
# At the end of a page nothing can be scrolled to the top; there the marks are those of the last sections.
GO = """async (hash) => {
  document.documentElement.style.scrollBehavior = "auto";
  location.hash = hash;
  const marks = () => document.querySelector(".toc-tree .scroll-current > a")?.getAttribute("href");
  for (let k = 0; k < 20 && (k < 2 || marks() !== hash); k += 1) await new Promise((done) => setTimeout(done, 100));
  const heading = document.getElementById(hash.slice(1)).querySelector("h1, h2, h3").getBoundingClientRect();
  const header = document.querySelector(".mobile-header").getBoundingClientRect();
  const atEnd = Math.ceil(scrollY + innerHeight) >= document.documentElement.scrollHeight;
  return { top: heading.top, bottom: heading.bottom, header: Math.max(header.bottom, 0), atEnd, marked: marks() };
}"""


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PAGES)
def test_a_link_of_the_contents_leads_to_a_heading_in_sight_and_marks_it(
    page: Page, site: str, name: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/vi/{name}", wait_until="networkidle")
    links = page.locator(".toc-tree a[href^='#']:not([href='#'])")
    hashes = [link.get_attribute("href") or "" for link in links.all()]
    assert len(hashes) > 4
    reached = 0
    for target in hashes:
        found = page.evaluate(GO, target)
        assert found["header"] <= found["top"], target
        assert found["bottom"] <= 800, target
        if not found["atEnd"]:
            assert found["top"] <= found["header"] + 120, target
            assert found["marked"] == target
            reached += 1
    assert reached > 3


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_the_sidebar_marks_the_page_and_shows_it(
    page: Page, site: str, language: str, name: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{site}/{language}/{name}", wait_until="networkidle")
    current = page.locator(".sidebar-tree [aria-current=page]")
    assert current.count() == 1
    other = page.locator(
        ".sidebar-tree .current-page + li > a, .sidebar-tree li:has(+ .current-page) > a"
    )
    style = "(link) => { const { fontWeight, boxShadow } = getComputedStyle(link); return [fontWeight, boxShadow]; }"
    assert current.evaluate(style)[0] != other.first.evaluate(style)[0]
    assert current.evaluate(style)[1] != "none"
    box = current.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 800
