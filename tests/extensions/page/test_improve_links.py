"""Each page leads to the file in the repository that says what it says."""

from dataclasses import replace
from pathlib import Path

import pytest

from _extensions.page.improve_links import catalogue_path, improve_links, source_path
from facts.curriculum import read_curriculum
from facts.folders import ROOT
from facts.site import read_site


@pytest.mark.parametrize(
    ("docname", "suffix", "path"),
    [
        ("gallery/one/plot_x", ".rst", "gallery/one/plot_x.py"),
        ("gallery/one/index", ".rst", "gallery/one/GALLERY_HEADER.rst"),
        ("guide/sums", ".md", "docs/guide/sums.md"),
        ("reference/index", ".rst", "docs/reference/index.rst"),
        ("glossary", ".md", "docs/glossary.toml"),
    ],
)
def test_a_page_leads_to_its_source(docname: str, suffix: str, path: str) -> None:
    assert source_path(docname, suffix) == path


def test_the_sources_and_catalogues_of_the_first_part_exist() -> None:
    for page in read_curriculum()[0].pages:
        assert Path(ROOT, source_path(page.docname, ".rst")).is_file()
        assert Path(ROOT, catalogue_path(page.docname, "vi")).is_file()


def test_only_a_translated_page_leads_to_a_catalogue() -> None:
    site = replace(read_site(), repository="owner/name")
    assert set(improve_links(site, "index", ".md", "en")) == {"page"}
    links = improve_links(site, "index", ".md", "vi")
    assert links["translation"].endswith("owner/name/edit/main/docs/locale/vi/LC_MESSAGES/index.po")


def test_a_site_without_a_repository_has_no_such_links() -> None:
    assert improve_links(replace(read_site(), repository=""), "index", ".md", "vi") == {}
