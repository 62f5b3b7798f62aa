"""Formulas in a real browser: their font, their width on a phone, and no script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sphinx.testing.util import SphinxTestApp

from facts.folders import DOCS

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

LONG = " + ".join(rf"\frac{{\partial y_{{{i}}}}}{{\partial x}}" for i in range(40))


@pytest.fixture(scope="module")
def formulas(tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]) -> str:
    """Build a page with a long numbered formula and serve it."""
    source = tmp_path_factory.mktemp("formulas")
    (source / "conf.py").write_text(
        "extensions = ['_extensions.formulas']\nhtml_theme = 'furo'\n"
        f"html_static_path = [{str(DOCS / '_static')!r}]\n",
        encoding="utf-8",
    )
    (source / "index.rst").write_text(
        f"Title\n=====\n\nInline :math:`x^2`.\n\n.. math::\n   :label: long\n\n   {LONG}\n\n"
        ".. toctree::\n\n   rare\n",
        encoding="utf-8",
    )
    (source / "rare.rst").write_text("Rare\n====\n\n:math:`\\Theta`\n", encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=source / "build")
    try:
        app.build()
        return serve_folder(app.outdir)
    finally:
        app.cleanup()


def test_the_font_of_the_site_is_used(page: Page, formulas: str) -> None:
    page.goto(formulas)
    page.wait_for_function("document.fonts.status === 'loaded'")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"', 'x')")
    families = page.evaluate("getComputedStyle(document.querySelector('math')).fontFamily")
    assert families.startswith('"STIX Two Math"')


def fetched_fonts(page: Page, address: str) -> set[str]:
    """Return the names of the fonts that a browser fetches for a page."""
    names: set[str] = set()
    page.on("request", lambda request: names.add(request.url.rpartition("/")[2]))
    page.goto(address, wait_until="networkidle")
    return {name for name in names if name.endswith(".woff2")}


def test_a_rare_character_brings_its_font_and_a_usual_one_does_not(
    page: Page, formulas: str
) -> None:
    usual = "stix-two-math.woff2"
    assert fetched_fonts(page, formulas) == {usual}
    assert fetched_fonts(page, f"{formulas}/rare.html") == {usual, "stix-two-math-rare.woff2"}


def test_a_wide_formula_scrolls_by_itself_on_a_phone(page: Page, formulas: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(formulas)
    block = "document.querySelector('.math-block')"
    assert page.evaluate(f"{block}.scrollWidth > {block}.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(f"{block}.scrollLeft = 1e6")
    number = page.locator(".eqno").bounding_box()
    assert number is not None
    assert number["x"] + number["width"] <= 390
