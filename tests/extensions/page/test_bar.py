"""The bar leads to this page in every language and to what can be taken along; so does the head, for machines."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from _extensions.page.bar import language_links
from facts.folders import DOCS
from facts.site import read_site


def page_in_a_folder(folder: Path, language: str = "vi") -> str:
    """Build a page two folders deep and return its HTML."""
    (folder / "guide").mkdir()
    (folder / "index.rst").write_text(
        "Home\n====\n\n.. toctree::\n\n   guide/sums\n", encoding="utf-8"
    )
    (folder / "guide" / "sums.rst").write_text("Sums\n====\n", encoding="utf-8")
    (folder / "conf.py").write_text(
        "extensions = ['_extensions.page']\n"
        f"language = {language!r}\n"
        f"html_theme = 'furo'\ntemplates_path = [{str(DOCS / '_templates')!r}]\n"
        f"html_favicon = {str(DOCS / '_static' / 'favicon.svg')!r}\n",
        encoding="utf-8",
    )
    app = SphinxTestApp(srcdir=folder, builddir=folder / "build")
    try:
        app.build()
        return (app.outdir / "guide" / "sums.html").read_text(encoding="utf-8")
    finally:
        app.cleanup()


def links_in_head(page: str) -> dict[tuple[str, str], str]:
    """Return the addresses that the head of a page links to, by relation and language."""
    links = {}
    for tag in re.findall(r"<link [^>]*>", page.partition("</head>")[0]):
        named = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        links[named["rel"], named.get("hreflang", "")] = named["href"]
    return links


def test_a_published_page_names_its_own_address_and_those_of_its_languages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_SITE_URL", "https://example.org/site/")
    links = links_in_head(page_in_a_folder(tmp_path))
    assert links["canonical", ""] == "https://example.org/site/vi/guide/sums.html"
    assert links["alternate", "vi"] == links["canonical", ""]
    assert links["alternate", "en"] == "https://example.org/site/en/guide/sums.html"
    assert links["alternate", "x-default"] == links["alternate", "vi"]
    assert links["shortcut icon", ""] == "../_static/favicon.svg"


def test_a_page_without_an_address_knows_its_languages_by_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_SITE_URL", "")
    links = links_in_head(page_in_a_folder(tmp_path))
    assert links["alternate", "en"] == "../../en/guide/sums.html"
    assert ("canonical", "") not in links


def test_a_language_of_a_country_has_its_tag_in_pages_and_its_code_in_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = replace(read_site(), url="https://example.org/", default_language="pt_BR")
    brazilian = replace(site.languages[0], code="pt_BR", name="Português")
    site = replace(site, languages=(brazilian, *site.languages[1:]))
    monkeypatch.setattr("_extensions.page.read_site", lambda: site)
    page = page_in_a_folder(tmp_path, "pt_BR")
    links = links_in_head(page)
    assert links["alternate", "pt-BR"] == "https://example.org/pt_BR/guide/sums.html"
    assert links["alternate", "x-default"] == links["canonical", ""] == links["alternate", "pt-BR"]
    assert {language for _, language in links} == {"", "pt-BR", "en", "x-default"}
    assert (
        '<a href="../../pt_BR/guide/sums.html" hreflang="pt-BR" lang="pt-BR" aria-current="true">'
    ) in page
    assert re.findall(r'<html [^>]*\blang="([^"]*)"', page) == ["pt-BR"]


@pytest.mark.parametrize(
    ("pagename", "href"),
    [
        ("index", "../en/index.html"),
        ("gallery/one/plot_x", "../../../en/gallery/one/plot_x.html"),
    ],
)
def test_a_language_link_leads_to_the_same_page(pagename: str, href: str) -> None:
    links = {link.code: link for link in language_links(read_site(), pagename, "vi")}
    assert links["en"].href == href
    assert links["vi"].current
    assert not links["en"].current
