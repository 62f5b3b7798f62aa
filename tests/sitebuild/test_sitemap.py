"""The site map lists every page in every language, with its other languages."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

from facts.site import read_site
from sitebuild.sitemap import page_names, sitemap

SITE = replace(read_site(), url="https://example.org/a&b/")
NAMESPACES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "x": "http://www.w3.org/1999/xhtml",
}


def test_pages_that_every_language_has_are_listed(tmp_path: Path) -> None:
    for name in (
        "vi/index.html",
        "vi/search.html",
        "vi/only.html",
        "en/index.html",
        "en/search.html",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert page_names([tmp_path / "vi", tmp_path / "en"]) == ["index.html"]
    assert page_names([]) == []


def test_each_address_names_all_its_languages() -> None:
    root = ElementTree.fromstring(sitemap(SITE, ["index.html"]))  # our own text
    addresses = [element.text for element in root.findall("s:url/s:loc", NAMESPACES)]
    codes = [language.code for language in SITE.languages]
    assert addresses == [f"https://example.org/a&b/{code}/index.html" for code in codes]
    for url in root.findall("s:url", NAMESPACES):
        links = {
            element.get("hreflang"): element.get("href")
            for element in url.findall("x:link", NAMESPACES)
        }
        assert set(links) == {*(language.tag for language in SITE.languages), "x-default"}
        assert links["x-default"] == links[SITE.default_tag]


def test_a_language_of_a_country_is_named_by_its_tag() -> None:
    brazilian = replace(SITE.languages[0], code="pt_BR")
    site = replace(SITE, languages=(brazilian,), default_language="pt_BR")
    root = ElementTree.fromstring(sitemap(site, ["index.html"]))  # our own text
    links = root.findall("s:url/x:link", NAMESPACES)
    assert [element.get("hreflang") for element in links] == ["pt-BR", "x-default"]
    assert {element.get("href") for element in links} == {
        "https://example.org/a&b/pt_BR/index.html"
    }
