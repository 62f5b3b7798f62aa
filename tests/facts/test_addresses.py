"""Everything on the published site has one address, wherever it is asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from facts.addresses import (
    archive_paths,
    book_path,
    colab_url,
    download_paths,
    edit_url,
    page_url,
    to_language_folder,
    to_root,
    wheel_path,
)
from facts.site import read_site


@pytest.mark.parametrize(
    ("docname", "up"), [("index", ""), ("guide/index", "../"), ("gallery/one/plot_x", "../../")]
)
def test_a_page_knows_its_way_up(docname: str, up: str) -> None:
    assert to_language_folder(docname) == up
    assert to_root(docname) == f"../{up}"


def test_a_page_is_published_below_its_language() -> None:
    site = replace(read_site(), url="https://example.org/site/")
    assert page_url(site, "vi", "guide/index") == "https://example.org/site/vi/guide/index.html"
    assert page_url(replace(site, url=""), "vi", "guide/index") is None


def test_a_book_lies_beside_the_downloads_of_its_language() -> None:
    assert book_path("vi") == "downloads/autograd_vi-vi.epub"


def test_the_address_of_a_wheel_holds_its_digest() -> None:
    assert wheel_path("a.whl", "0123456789abcdef0123") == (
        "wheels/0123456789abcdef/a.whl#sha256=0123456789abcdef0123"
    )


def test_a_file_is_edited_on_the_source_branch() -> None:
    site = replace(read_site(), repository="owner/name")
    assert edit_url(site, "docs/a.md") == "https://github.com/owner/name/edit/main/docs/a.md"
    assert edit_url(replace(site, repository=""), "docs/a.md") is None


def test_downloads_lie_beside_the_pages() -> None:
    assert download_paths("gallery/one/plot_x") == {
        "notebook": "downloads/one/plot_x.ipynb",
        "no_answers": "downloads/one/plot_x-no-answers.ipynb",
        "script": "downloads/one/plot_x.py",
    }


def test_there_is_one_archive_a_language_and_edition() -> None:
    paths = [path for code in ("vi", "pt_BR") for path in archive_paths(code).values()]
    assert len(set(paths)) == 4


def test_colab_opens_the_language_from_the_published_branch() -> None:
    site = replace(read_site(), repository="owner/name")
    address = colab_url(site, "gallery/one/plot_x", "vi")
    assert address is not None
    assert address.endswith("/github/owner/name/blob/gh-pages/vi/downloads/one/plot_x.ipynb")


def test_a_site_without_a_repository_has_no_colab_link() -> None:
    assert colab_url(replace(read_site(), repository=""), "gallery/one/plot_x", "vi") is None
