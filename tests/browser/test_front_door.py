"""The front door opens a reader's own language, as closely as the site has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from facts.site import read_site
from sitebuild.publish import assemble

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]) -> str:
    """Serve the front door of the site with Portuguese as in Brazil as a further language."""
    folder = tmp_path_factory.mktemp("front_door")
    site = read_site()
    brazilian = replace(site.languages[0], code="pt_BR", name="Português")
    pages = {}
    for code in (*(language.code for language in site.languages), brazilian.code):
        pages[code] = folder / code
        pages[code].mkdir()
        (pages[code] / "index.html").write_text(f"<title>{code}</title>", encoding="utf-8")
    assemble(pages, replace(site, languages=(*site.languages, brazilian)), folder / "site")
    return serve_folder(folder / "site")


@pytest.mark.parametrize(
    ("asked", "opened"),
    [
        ("vi", "vi"),
        ("vi-VN", "vi"),
        ("en-GB", "en"),
        ("pt-BR", "pt_BR"),
        ("pt-br", "pt_BR"),
        ("pt-PT", "pt_BR"),
        ("fr-FR", "vi"),
    ],
)
def test_it_opens_the_language_that_the_browser_asks_for(
    chromium: Browser, door: str, asked: str, opened: str
) -> None:
    context = chromium.new_context(locale=asked)
    page = context.new_page()
    page.goto(f"{door}/index.html")
    page.wait_for_url(f"{door}/{opened}/index.html")
    context.close()
