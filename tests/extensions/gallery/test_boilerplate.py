"""What sphinx-gallery says by itself stays out of pages and catalogues."""

from __future__ import annotations

import polib
import pytest
from docutils import nodes
from docutils.core import publish_doctree
from minimal_site import MinimalSite
from sphinx import addnodes

from _extensions.gallery.boilerplate import drop_boilerplate, is_boilerplate, list_thumbnails

PAGE = "gallery/first/plot_square"


def _raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def _thumbnail(uri: str) -> list[nodes.Node]:
    link = addnodes.pending_xref("", nodes.inline("", "x"), reftarget="/gallery/first/plot_square")
    return [
        _raw('<div class="sphx-glr-thumbcontainer" tooltip="English">'),
        addnodes.only("", nodes.image(uri=uri, alt=""), nodes.paragraph("", "", link), expr="html"),
        _raw('<div class="sphx-glr-thumbnail-title">English</div></div>'),
    ]


def test_a_page_of_the_installed_sphinx_gallery_keeps_no_words_of_its_boilerplate(
    minimal_site: MinimalSite,
) -> None:
    source = (minimal_site.docs / f"{PAGE}.rst").read_text(encoding="utf-8")
    assert "Go to the end" in source
    assert "Download" in source
    page = minimal_site.build("en").page(PAGE)
    assert "Twice the number" in page
    for words in (
        "Go to the end",
        "Download",
        "sphx-glr-footer",
        "sphx-glr-download",
        "Gallery generated",
    ):
        assert words not in page


def test_boilerplate_is_not_extracted(minimal_site: MinimalSite) -> None:
    built = minimal_site.build("en", "gettext")
    messages = [entry.msgid for entry in polib.pofile(str(built.out / f"{PAGE}.pot"))]
    assert messages == [
        "The square",
        "What is the derivative of a square? The :term:`derivative` of :math:`x^2` is :math:`2x`.",
        "A parabola",
        "Twice the number",
        "Multiply it by two.",
    ]


@pytest.mark.parametrize("name", ["gallery/index", "gallery/first/index"])
def test_thumbnails_become_links_with_the_translated_title(
    minimal_site: MinimalSite, name: str
) -> None:
    article = (
        minimal_site.build("vi").page(name).partition("<article")[2].partition("</article>")[0]
    )
    assert "Bình phương" in article
    assert "The square" not in article
    assert "tooltip" not in article
    assert "sg-tag-list" not in article
    assert article.count('<li class="gallery-card">') == 1


def test_the_download_target_leaves_no_dead_anchor(minimal_site: MinimalSite) -> None:
    built = minimal_site.build("en")
    assert "sphx-glr-download" not in built.page(PAGE)
    assert not [line for line in built.warnings if "WARNING" in line]


@pytest.mark.parametrize("name", ["sphx-glr-timing", "sphx-glr-signature", "sphx-glr-footer"])
def test_boilerplate_is_known_by_its_class(name: str) -> None:
    assert is_boilerplate(nodes.paragraph("", "x", classes=[name]))


def test_the_memory_line_is_boilerplate_and_a_sentence_is_not() -> None:
    assert is_boilerplate(nodes.paragraph("", "Estimated memory usage:  12 MB"))
    assert not is_boilerplate(nodes.paragraph("", "Memory is shared."))


def test_what_only_held_boilerplate_goes_with_it() -> None:
    document = publish_doctree("Title\n=====\n\nText.\n")
    document += addnodes.only(
        "", nodes.paragraph("", "x", classes=["sphx-glr-timing"]), expr="html"
    )
    drop_boilerplate(document)
    assert not list(document.findall(addnodes.only))
    assert "Text." in document.astext()


def test_the_thumbnails_become_one_numbered_list_of_links() -> None:
    section = nodes.section()
    section += _thumbnail("/gallery/first/images/thumb/sphx_glr_plot_a_thumb.png")
    section += _thumbnail("/gallery/first/images/thumb/sphx_glr_plot_b_thumb.png")
    list_thumbnails(section)
    (cards,) = section.children
    assert isinstance(cards, nodes.enumerated_list)
    assert not list(cards.findall(nodes.image))
    assert [len(list(card.findall(addnodes.pending_xref))) for card in cards.children] == [1, 1]


def test_other_content_between_thumbnails_stays() -> None:
    section = nodes.section()
    section += nodes.paragraph("", "Before")
    section += _raw('<div class="sphx-glr-thumbnails">')
    section += _thumbnail("/a_thumb.png")
    section += _raw("</div>")
    section += _raw("<hr>")
    list_thumbnails(section)
    assert [type(child) for child in section.children] == [
        nodes.paragraph,
        nodes.enumerated_list,
        nodes.raw,
    ]
