"""On a phone the letters in every figure and in every drawn graph can be read: they are 11 pixels high or more.

The words in a figure are in the reader's language, whole, and on nothing else. Letters means the size of the font.
Indices and exponents are smaller, as in any formula.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from browser.published_pages import BUILT, LANGUAGES, page_names

from _extensions.gallery.figure_place import picture_size
from _extensions.run.figure_words import words_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PHONE = 390  # pixels
LEAST = 11  # pixels
ROUNDING = 0.05  # pixels: the width below which a picture does not shrink is a whole number
LANGUAGE = "vi"  # its pages have the same pictures as the other's, from the same run

# matplotlib draws a formula as outlines from a font of 100 units, scaled to the size of the text.
OUTLINES = re.compile(r"scale\(([\d.]+) -[\d.]+\)$")
OUTLINE_UNITS = 100
SIZE = re.compile(r"font-size: ([\d.]+)px")

FIGURES = """[...document.querySelectorAll("img.figure")].filter((element) => element.offsetParent)
    .map((element) => [element.getAttribute("src"), element.getBoundingClientRect().width])"""
# The words that a figure cuts off, and those that stand on another text, by more than the rounding of their edges.
MISPLACED = """() => {
    const picture = document.documentElement.getBoundingClientRect();
    const texts = [...document.querySelectorAll("[id^=text_]")].map((text) => [text, text.getBoundingClientRect()]);
    return texts.filter(([text]) => text.querySelector(".word")).filter(([text, box]) =>
        box.left < picture.left - 1 || box.right > picture.right + 1
        || box.top < picture.top - 1 || box.bottom > picture.bottom + 1
        || texts.some(([other, its]) => other !== text
            && Math.min(box.right, its.right) - Math.max(box.left, its.left) > 1
            && Math.min(box.bottom, its.bottom) - Math.max(box.top, its.top) > 3)
    ).map(([text]) => text.textContent.trim());
}"""
# Each picture of a graph: the height of its smallest letters, and whether it is wider than its box and the box scrolls.
GRAPHS = """[...document.querySelectorAll(".av-picture > svg")].filter((element) => element.getClientRects().length)
    .map((element) => [
        Math.min(...[...element.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize)))
            * element.getScreenCTM().a,
        element.parentElement.scrollWidth > element.parentElement.clientWidth,
        getComputedStyle(element.parentElement).overflowX,
    ])"""


def font_sizes(svg: str) -> list[float]:
    """Return the size of the font of each text in a figure, in the figure's own units."""
    texts = [
        element
        for element in ET.fromstring(svg).iter()
        if element.get("id", "").startswith("text_")
    ]
    sizes = []
    for text in texts:
        parts = list(text.iter())
        written = [found for part in parts if (found := SIZE.search(part.get("style", "")))]
        outlined = [
            found for part in parts if (found := OUTLINES.search(part.get("transform", "")))
        ]
        assert len(written) + len(outlined) == 1
        sizes += [float(found[1]) for found in written]
        sizes += [float(found[1]) * OUTLINE_UNITS for found in outlined]
    return sizes


def show(page: Page, address: str) -> None:
    """Open a page of the site as a phone shows it, with all that is folded away unfolded."""
    page.goto(address)
    page.evaluate(
        "document.querySelectorAll('details').forEach((element) => { element.open = true })"
    )


def test_the_letters_of_every_picture_can_be_read_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})
    letters = []
    folder = BUILT / LANGUAGE
    for name in page_names(LANGUAGE):
        html = (folder / name).read_text(encoding="utf-8")
        if 'class="figure only-light"' not in html and 'class="av-picture"' not in html:
            continue
        show(page, f"{site}/{LANGUAGE}/{name}")
        for source, width in page.evaluate(FIGURES):
            svg = (folder / name).parent.joinpath(source).read_text(encoding="utf-8")
            size = picture_size(svg)
            assert size is not None
            letters.append((min(font_sizes(svg)) * width / size[0], name, source))
        letters += [(least, name, "a graph") for least, _, _ in page.evaluate(GRAPHS)]
    assert {kind == "a graph" for _, _, kind in letters} == {True, False}
    small = [letter for letter in letters if letter[0] < LEAST - ROUNDING]
    assert not small, small


def figures(language: str) -> list[Path]:
    """Return the pictures of a language's figures, for light pages and for dark ones."""
    return sorted((BUILT / language / "_images").glob("sphx_glr_*_[0-9][0-9][0-9]*.svg"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_in_a_figure_have_room(page: Page, site: str, language: str) -> None:
    misplaced, words = [], 0
    for picture in figures(language):
        words += len(words_of(picture.read_text(encoding="utf-8")))
        page.goto(f"{site}/{picture.relative_to(BUILT).as_posix()}")
        misplaced += [(picture.name, word) for word in page.evaluate(MISPLACED)]
    assert words > 40
    assert not misplaced, misplaced


def test_the_words_in_a_figure_are_in_the_language_of_the_page(site: str) -> None:
    del site  # it is built by now
    english, other = (
        {
            picture.name: words_of(picture.read_text(encoding="utf-8"))
            for picture in figures(language)
        }
        for language in ("en", LANGUAGE)
    )
    assert english.keys() == other.keys()
    for name, words in english.items():
        assert len(other[name]) == len(words)
        assert not set(words) & set(other[name]), name


def test_a_graph_that_is_too_wide_for_a_phone_scrolls_by_itself(page: Page, site: str) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})
    show(page, f"{site}/{LANGUAGE}/gallery/training/plot_batchnorm_gradient.html")
    assert [found[1:] for found in page.evaluate(GRAPHS)] == [[True, "auto"]]
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_the_stepper_of_the_home_page_fits_on_a_phone_without_scrolling(
    page: Page, site: str
) -> None:
    page.set_viewport_size({"width": PHONE, "height": 844})
    show(page, f"{site}/{LANGUAGE}/index.html")
    assert [wider for _, wider, _ in page.evaluate(GRAPHS)] == [False]
