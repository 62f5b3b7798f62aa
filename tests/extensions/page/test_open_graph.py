"""A page of a site with an address shows a title, a description and a picture where it is shared."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from _extensions.page.open_graph import PICTURE
from facts.folders import DOCS

PAGE = "Lá\n==\n\nTensor lá là gì?\n"


def _build(folder: Path) -> tuple[str, Path]:
    (folder / "_static").mkdir()
    shutil.copy(DOCS / PICTURE, folder / PICTURE)
    (folder / "index.rst").write_text(PAGE, encoding="utf-8")
    (folder / "conf.py").write_text(
        "extensions = ['_extensions.page']\nlanguage = 'vi'\n",
        encoding="utf-8",
    )
    app = SphinxTestApp(srcdir=folder, builddir=folder / "build")
    try:
        app.build()
        return (app.outdir / "index.html").read_text(encoding="utf-8"), app.outdir
    finally:
        app.cleanup()


def test_a_page_has_its_own_picture_in_its_own_language(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_SITE_URL", "https://example.org/site/")
    page, folder = _build(tmp_path)
    tags = dict(re.findall(r'<meta property="(og:[a-z:]+)" content="([^"]*)"', page))
    assert tags["og:title"] == "Lá"
    assert tags["og:description"] == "Tensor lá là gì?"
    assert tags["og:url"] == "https://example.org/site/vi/index.html"
    picture = tags["og:image"].removeprefix("https://example.org/site/vi/")
    assert (folder / picture).read_bytes().startswith(b"\x89PNG")
    assert page.count('name="description"') == 1


def test_a_site_without_an_address_has_a_description_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_SITE_URL", "")
    page, _ = _build(tmp_path)
    assert "og:" not in page
    assert '<meta name="description" content="Tensor lá là gì?">' in page
