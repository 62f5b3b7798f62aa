"""The bar leads to the same page in every language and to what can be taken along."""

from dataclasses import replace

import pytest

from _extensions.page_bar import archive_paths, colab_address, download_paths, language_links
from _extensions.site_config import read_site


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


def test_downloads_lie_beside_the_pages() -> None:
    assert download_paths("gallery/one/plot_x") == {
        "notebook": "downloads/one/plot_x.ipynb",
        "no_answers": "downloads/one/plot_x-no-answers.ipynb",
        "script": "downloads/one/plot_x.py",
    }


def test_there_is_one_archive_a_language_and_edition() -> None:
    paths = [path for code in ("vi", "en") for path in archive_paths(code).values()]
    assert len(set(paths)) == 4


def test_colab_opens_the_language_from_the_published_branch() -> None:
    site = replace(read_site(), repository="owner/name")
    address = colab_address(site, "gallery/one/plot_x", "vi")
    assert address is not None
    assert address.endswith("/github/owner/name/blob/gh-pages/vi/downloads/one/plot_x.ipynb")


def test_a_site_without_a_repository_has_no_colab_link() -> None:
    assert colab_address(replace(read_site(), repository=""), "gallery/one/plot_x", "vi") is None
