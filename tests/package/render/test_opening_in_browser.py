"""A reader opens a folded box by mouse and keyboard, and comes back: in a notebook, on a site, without the script."""

from __future__ import annotations

from pathlib import Path

import pytest
from package.render.graphs import stacks
from playwright.sync_api import Browser, Locator, Page, expect

import autograd_vi as av
from autograd_vi.render.words import strip_assets

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

STYLE = (Path(av.__file__).parent / "render" / "graph.css").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a notebook that shows one graph twice, and a page without any script."""
    place = tmp_path_factory.mktemp("opening")
    shown = av.trace(*stacks(1, 2, 3, 4))._repr_html_()
    start = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>t</title>'
    (place / "notebook.html").write_text(f"{start}</head><body>{shown}{shown}", encoding="utf-8")
    plain = f"{start}<style>{STYLE}</style></head><body>{strip_assets(shown)}"
    (place / "plain.html").write_text(plain, encoding="utf-8")
    return place


def opened(page: Page) -> list[Locator]:
    return page.locator(".av-unfold[open]").all()


@pytest.mark.parametrize("nth", [0, 1])
def test_a_press_opens_the_box_in_its_own_figure_and_the_way_back_leads_to_it(
    chromium: Browser, folder: Path, nth: int
) -> None:
    page = chromium.new_page()
    page.goto((folder / "notebook.html").as_uri())
    figure = page.locator(".av-figure").nth(nth)
    box = figure.locator(".av-opens").last
    box.click()
    assert len(opened(page)) == 1
    part = figure.locator(".av-unfold[open]")
    expect(part.locator(".av-picture")).to_be_in_viewport()
    expect(part.locator(".av-picture")).to_be_focused()
    part.locator(".av-back").click()
    expect(box).to_be_focused()
    expect(box).to_be_in_viewport()
    page.close()


def test_the_keyboard_opens_a_box_and_comes_back(chromium: Browser, folder: Path) -> None:
    page = chromium.new_page()
    page.goto((folder / "notebook.html").as_uri())
    box = page.locator(".av-opens").first
    for _ in range(9):
        page.keyboard.press("Tab")
        if box.evaluate("(link) => link === document.activeElement"):
            break
    expect(box).to_be_focused()
    assert box.locator("rect").evaluate("(rect) => getComputedStyle(rect).strokeWidth") == "3px"
    page.keyboard.press("Enter")
    assert len(opened(page)) == 1
    page.keyboard.press("Tab")
    expect(page.locator(".av-unfold[open] .av-back")).to_be_focused()
    page.keyboard.press("Enter")
    expect(box).to_be_focused()
    page.close()


def test_without_the_script_a_box_unfolds_what_it_leads_to(chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "plain.html").as_uri())
    page.locator(".av-opens").last.click()
    expect(page.locator(".av-unfold[open] .av-picture")).to_be_in_viewport()
    page.locator(".av-unfold[open] .av-back").click()
    expect(page.locator(".av-picture").first).to_be_in_viewport()
    page.locator(".av-unfold > summary").first.click()  # and so do the names below the picture
    assert page.locator(".av-unfold .av-picture:visible").count() >= 1
    context.close()
