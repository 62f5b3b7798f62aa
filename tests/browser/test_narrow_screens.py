"""On a phone nothing is hidden: what is cut has a cue, and no button stands on code or text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from browser.published_pages import LANGUAGES, page_names

from _extensions.page.inline_code import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = ("gallery/training/plot_mini_batch", "gallery/error_museum/plot_in_place")
CUT = "article :is(pre, .math-wrapper, .math-block, .table-wrapper)"
# Of each box that scrolls: how many of the backgrounds stay at its edges while its text moves.
SHADOWS = f"""[...document.querySelectorAll("{CUT}")]
    .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth)
    .map((box) => getComputedStyle(box).backgroundAttachment.split(", ").slice(0, 4).sort().join(" "))"""
# What is wider than its line, all unfolded: the page, its displayed formulas, and the code in a line that is broken.
BROKEN = """(longest) => {
    document.querySelectorAll("details").forEach((element) => { element.open = true });
    const seen = (selector) => [...document.querySelectorAll(`article ${selector}`)]
        .filter((element) => !element.closest(".av-figure"));
    return [
        document.documentElement.scrollWidth > innerWidth ? ["the page"] : [],
        seen(".math-block").filter((box) => box.scrollWidth > box.clientWidth)
            .map((box) => box.querySelector("math").getAttribute("alttext")),
        seen(":is(p, li, dd) code.literal").map((code) => [code.textContent, new Set([...code.getClientRects()]
            .map((line) => Math.round(line.top))).size])
            .filter(([text, lines]) => text.length <= longest && lines > 1).map(([text]) => text),
    ].flat();
}"""
# Buttons of a cell that stand on a letter, as the text of their cell's first line.
COVERED = """[...document.querySelectorAll("article :is(.copybtn, .wrapbtn)")].filter((button) => {
    const all = document.createRange();
    all.selectNodeContents(button.parentElement.querySelector("pre"));
    const covers = button.getBoundingClientRect();
    return [...all.getClientRects()].some((line) => line.width && line.top < covers.bottom - 1
        && line.bottom > covers.top + 1 && line.right > covers.left && line.left < covers.right);
}).map((button) => button.parentElement.textContent.trim().split("\\n")[0])"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PAGES)
def test_a_box_that_is_cut_has_a_shadow_at_the_cut(
    phone: Page, site: str, language: str, name: str
) -> None:
    phone.goto(f"{site}/{language}/{name}.html")
    shadows = phone.evaluate(SHADOWS)
    assert shadows
    assert set(shadows) == {"local local scroll scroll"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_formula_and_no_short_code_is_broken_on_any_page(
    phone: Page, site: str, language: str
) -> None:
    found = []
    for name in page_names(language):
        phone.goto(f"{site}/{language}/{name}")
        found += [(name, text) for text in phone.evaluate(BROKEN, LONGEST)]
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_the_button_for_copying_stands_on_no_code(phone: Page, site: str, name: str) -> None:
    phone.goto(f"{site}/en/{name}.html")
    assert phone.locator("article button.copybtn").count()
    assert phone.evaluate(COVERED) == []


@pytest.mark.parametrize("name", PAGES)
def test_what_a_cell_printed_is_read_without_scrolling(phone: Page, site: str, name: str) -> None:
    phone.goto(f"{site}/en/{name}.html")
    outputs = phone.locator(".sphx-glr-script-out pre")
    widths = outputs.evaluate_all("all => all.map((box) => box.scrollWidth - box.clientWidth)")
    assert widths
    assert max(widths) <= 0


def test_a_picture_that_is_cut_begins_with_its_root(phone: Page, site: str) -> None:
    phone.goto(f"{site}/vi/guide/drawing-graphs.html")
    roots = phone.evaluate("""[...document.querySelectorAll(".av-graph .av-picture")]
        .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth)
        .map((box) => [box, box.querySelector(".av-root")].map((part) => part.getBoundingClientRect()))
        .map(([box, root]) => root.left >= box.left && root.right <= box.right)""")
    assert roots
    assert all(roots)


def test_the_signs_in_the_header_stand_apart_and_in_the_window(phone: Page, site: str) -> None:
    phone.goto(f"{site}/vi/{PAGES[0]}.html")
    boxes = phone.locator(".mobile-header svg").evaluate_all(
        "all => all.map((sign) => sign.getBoundingClientRect()).map((box) => [box.left, box.right])"
    )
    seen = sorted(box for box in boxes if box[1] > box[0])
    assert len(seen) == 4  # the menu, the wordmark's, the theme, the contents
    assert all(after[0] - before[1] >= 8 for before, after in pairwise(seen))
    assert seen[0][0] >= 8
    assert seen[-1][1] <= 390 - 8


@pytest.mark.parametrize("width", [390, 1280])
def test_the_way_back_to_the_top_stands_on_no_text(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{site}/vi/{PAGES[0]}.html")
    page.evaluate("scrollTo({top: 2000, behavior: 'instant'})")
    page.mouse.wheel(0, -200)
    page.wait_for_function("document.documentElement.classList.contains('show-back-to-top')")
    link = page.locator(".back-to-top")
    if not link.is_visible():
        assert width == 390
        return
    box, text = link.bounding_box(), page.locator("article p").first.bounding_box()
    assert box is not None
    assert text is not None
    assert box["x"] > text["x"] + text["width"]
