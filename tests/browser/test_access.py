"""Whoever reads with a keyboard, a screen reader or a phone can read every page: axe-core finds nothing."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Literal

import pytest
from browser.axe import COLOUR_RULES, Colours, violations
from browser.published_pages import LANGUAGES, page_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

OPEN_ANSWERS = "document.querySelectorAll('details').forEach((element) => { element.open = true })"
# Each box that may be wider than the screen, as whether it scrolls and whether it can be focused.
BOXES = """[...document.querySelectorAll(
    "article :is(pre, .math-wrapper, .math-block, .table-wrapper, .av-rule, .av-numbers, .av-tablebox)"
)].map((box) => [box.scrollWidth > box.clientWidth, box.tabIndex === 0])"""
RESIZED = f"(width) => innerWidth === width && {BOXES}.every(([scrolls, focusable]) => scrolls === focusable)"
TOUCH_TARGET = 24  # pixels; WCAG 2.2, criterion 2.5.8


# The other rules do not look at the spans that colour code, but axe-core looks at every element: half of its time.
CODE_WITHOUT_COLOURS = """document.querySelectorAll("pre span").forEach(
    (element) => element.replaceWith(...element.childNodes))"""


def each_page(
    browser: Browser, folder: str, names: Sequence[str] = ()
) -> Iterator[tuple[str, Page]]:
    """Open every page below the address ``folder``, or those of these names, their answers unfolded."""
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    for name in names or page_names(folder.rpartition("/")[2]):
        page.goto(f"{folder}/{name}")
        page.evaluate(OPEN_ANSWERS)
        yield name, page
    context.close()


def resize(page: Page, width: int, seconds: float = 10) -> None:
    """Make the window ``width`` pixels wide, and wait until the page's script has seen to the boxes that scroll.

    The browser tells the script of the new size with one of its next pictures. Where the script never sees to them,
    the page is left as it is: what is tested then finds it.
    """
    page.set_viewport_size({"width": width, "height": 900})
    end = time.monotonic() + seconds
    while not page.evaluate(RESIZED, width) and time.monotonic() < end:
        page.wait_for_timeout(20)


VIEWS: tuple[tuple[int, Literal["light", "dark"]], ...] = (
    *((1280, "light"), (1280, "dark")),
    *((390, "light"), (390, "dark")),
)


def each_width(page: Page) -> Iterator[int]:
    """Show the page on a wide screen and on a phone's."""
    for width in (1280, 390):
        resize(page, width)
        yield width


def each_view(page: Page) -> Iterator[tuple[int, str]]:
    """Show the page in each width, light and dark."""
    for width, theme in VIEWS:
        resize(page, width)
        page.emulate_media(color_scheme=theme)
        yield width, theme


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_on_any_page(chromium: Browser, site: str, language: str) -> None:
    """Each page in one language, in turn; the slow test looks at all pages of all languages."""
    found: list[tuple[object, ...]] = []
    colours = Colours()
    mine = page_names(language)[LANGUAGES.index(language) :: len(LANGUAGES)]
    for name, page in each_page(chromium, f"{site}/{language}", mine):
        for view in each_view(page):
            found += [(name, *view, what) for what in colours.violations(page)]
        page.evaluate(CODE_WITHOUT_COLOURS)
        for width in each_width(page):  # a theme changes nothing but colours
            found += [(name, width, what) for what in violations(page, without=COLOUR_RULES)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append((name, width, "the page is wider than the window"))
    assert not found, "\n".join(map(str, found))


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_with_all_its_rules_together(
    chromium: Browser, site: str, language: str
) -> None:
    """Each page in one view, in turn: what the test above takes apart to be quick is not lost between its parts."""
    found = []
    for index, (name, page) in enumerate(each_page(chromium, f"{site}/{language}")):
        width, theme = VIEWS[index % len(VIEWS)]
        resize(page, width)
        page.emulate_media(color_scheme=theme)
        found += [(name, width, theme, what) for what in violations(page)]
    assert not found, "\n".join(map(str, found))


@pytest.mark.parametrize("name", ["404.html", "index.html?"])
def test_axe_finds_nothing_at_the_front_door(chromium: Browser, site: str, name: str) -> None:
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.route("**/front-door.js", lambda route: route.abort())  # it would lead on at once
    page.goto(f"{site}/{name}")
    assert not violations(page)
    context.close()


def test_a_box_can_be_focused_exactly_while_it_scrolls(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/gallery/first_gradients/plot_backward.html")
    page.evaluate(OPEN_ANSWERS)
    scrolling = []
    for width in (390, 1280):
        resize(page, width)
        boxes = page.evaluate(BOXES)
        assert all(scrolls == focusable for scrolls, focusable in boxes)
        scrolling.append(sum(scrolls for scrolls, _ in boxes))
    assert scrolling[0] > scrolling[1]


def test_outputs_are_announced_in_the_language_of_the_page(page: Page, site: str) -> None:
    for language, label in (("vi", "Kết quả"), ("en", "Output")):
        for name in ("gallery/first_gradients/plot_tracking", "guide/printing-graphs"):
            page.goto(f"{site}/{language}/{name}.html")
            page.evaluate(OPEN_ANSWERS)
            groups = page.get_by_role("group", name=label, exact=True)
            outputs = page.locator(".sphx-glr-script-out, .cell_output")
            assert groups.count() == outputs.count() > 0


def test_code_on_a_translated_page_is_marked_as_english(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/gallery/first_gradients/plot_tracking.html")
    languages = page.eval_on_selector_all(
        "article pre", "all => all.map((element) => element.closest('[lang]').lang)"
    )
    assert set(languages) == {"en"}
    assert page.evaluate("document.querySelector('article p').closest('[lang]').lang") == "vi"


def test_buttons_and_the_links_of_the_bar_can_be_hit_with_a_finger(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{site}/vi/gallery/first_gradients/plot_tracking.html")
    small = page.eval_on_selector_all(
        ".page-bar a, article button, .take-along a",
        f"""all => all.filter((element) => element.offsetParent).map((element) => element.getBoundingClientRect())
            .filter((box) => box.width < {TOUCH_TARGET} || box.height < {TOUCH_TARGET}).length""",
    )
    context.close()
    assert small == 0


def test_everything_in_the_stepper_of_the_home_page_works_by_keyboard(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/vi/index.html")
    step = page.locator(".av-stepper").first
    step.locator("[data-av-go=next]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    assert re.search(r"\b2\b", step.locator(".av-where").inner_text())


def test_the_same_colours_are_judged_once_and_others_again(page: Page) -> None:
    page.set_content("<main><p>first</p><p>second</p></main>")
    colours = Colours()
    assert not colours.violations(page)
    seen = list(colours.judged)
    assert seen
    page.set_content("<main><h1>again</h1><p>third</p></main>")
    assert not colours.violations(page)
    assert len(colours.judged) == len(seen) + 1  # of the larger heading
    page.evaluate("document.querySelector('main').style.backgroundColor = '#777'")
    page.evaluate("document.querySelector('p').style.color = '#888'")
    found = colours.violations(page)
    assert len(found) == 1
    assert found[0].startswith('color-contrast: ["p"]')
