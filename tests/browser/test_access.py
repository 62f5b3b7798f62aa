"""Whoever reads with a keyboard, a screen reader or a phone can read every page: axe-core finds nothing."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import axe_playwright_python
import pytest
from published_pages import page_names

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
OPEN_ANSWERS = "document.querySelectorAll('details').forEach((one) => { one.open = true })"
TOUCH_TARGET = 24  # pixels; WCAG 2.2, criterion 2.5.8
# The whole of axe-core, best practices included, but for the rules that its authors call experimental.
RUN_AXE = """axe.run(document, {
        resultTypes: ['violations'], preload: false, rules: {'target-size': {enabled: true}}
    })
    .then((result) => result.violations)"""


def violations(page: Page) -> list[str]:
    """Return what axe-core finds on the page that is open: the rule, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(RUN_AXE)
    return [
        f"{rule['id']}: {json.dumps(node['target'])} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize(
    "views",
    [
        pytest.param(
            [(1280, "light"), (390, "dark")],
            id="each width and theme once",
            marks=pytest.mark.every_page,
        ),
        pytest.param(
            [(1280, "dark"), (390, "light")], id="the other pairs", marks=pytest.mark.every_page
        ),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_axe_finds_nothing_on_any_page(
    chromium: Browser, site: str, language: str, views: list[tuple[int, Literal["light", "dark"]]]
) -> None:
    context = chromium.new_context(reduced_motion="reduce")
    page = context.new_page()
    found = {}
    for name in page_names(language):
        page.goto(f"{site}/{language}/{name}")
        page.evaluate(OPEN_ANSWERS)
        for width, theme in views:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            if what := violations(page):
                found[name, width, theme] = what
    context.close()
    assert not found, "\n".join(f"{where}: {one}" for where, all_ in found.items() for one in all_)


@pytest.mark.parametrize("name", ["404.html", "index.html?"])
def test_axe_finds_nothing_at_the_front_door(chromium: Browser, site: str, name: str) -> None:
    context = chromium.new_context(java_script_enabled=True)
    page = context.new_page()
    page.route("**/front-door.js", lambda route: route.abort())  # it would lead on at once
    page.goto(f"{site}/{name}")
    assert not violations(page)
    context.close()


def test_a_box_can_be_focused_exactly_while_it_scrolls(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/gallery/autograd_package/plot_backward.html")
    page.evaluate(OPEN_ANSWERS)
    scrolling = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_timeout(
            200
        )  # the browser tells the script of the new size with its next picture
        boxes = page.evaluate(
            """[...document.querySelectorAll("article pre")].map(
                (box) => [box.scrollWidth > box.clientWidth, box.tabIndex === 0])"""
        )
        assert all(scrolls == focusable for scrolls, focusable in boxes)
        scrolling.append(sum(scrolls for scrolls, _ in boxes))
    assert scrolling[0] > scrolling[1]


def test_outputs_are_announced_in_the_language_of_the_page(page: Page, site: str) -> None:
    for language, label in (("vi", "Kết quả"), ("en", "Output")):
        for name in ("gallery/autograd_package/plot_tracking", "guide/printing-graphs"):
            page.goto(f"{site}/{language}/{name}.html")
            page.evaluate(OPEN_ANSWERS)
            groups = page.get_by_role("group", name=label, exact=True)
            outputs = page.locator(".sphx-glr-script-out, .cell_output")
            assert groups.count() == outputs.count() > 0


def test_code_on_a_translated_page_is_marked_as_english(page: Page, site: str) -> None:
    page.goto(f"{site}/vi/gallery/autograd_package/plot_tracking.html")
    languages = page.eval_on_selector_all(
        "article pre", "all => all.map((one) => one.closest('[lang]').lang)"
    )
    assert set(languages) == {"en"}
    assert page.evaluate("document.querySelector('article p').closest('[lang]').lang") == "vi"


def test_no_page_is_wider_than_a_phone(chromium: Browser, site: str) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    wide = {}
    for name in page_names("vi"):
        page.goto(f"{site}/vi/{name}")
        wide[name] = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert not {name: width for name, width in wide.items() if width > 390}


def test_buttons_and_the_links_of_the_bar_can_be_hit_with_a_finger(
    chromium: Browser, site: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(f"{site}/vi/gallery/autograd_package/plot_tracking.html")
    small = page.eval_on_selector_all(
        ".page-bar a, article button, .take-along a",
        f"""all => all.filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect())
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
