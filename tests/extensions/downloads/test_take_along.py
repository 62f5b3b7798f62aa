"""A page offers the archives of its own language, and the book only where there is one."""

from types import SimpleNamespace

from docutils import nodes
from docutils.utils import new_document

from _extensions.downloads.take_along import (
    offer_list,
    offers,
    on_doctree_resolved,
    take_along,
)
from facts.addresses import WHOLE_SITE, book_path


def test_the_book_is_offered_where_it_is_published() -> None:
    with_book = [path for path, _ in offers("vi", epub=True)]
    without = [path for path, _ in offers("vi", epub=False)]
    assert book_path("vi") in with_book
    assert without == [path for path in with_book if path != book_path("vi")]


def test_the_whole_site_is_offered_from_any_language() -> None:
    for language in ("vi", "pt_BR"):
        assert f"../{WHOLE_SITE}" in [path for path, _ in offers(language, epub=False)]


def test_links_lead_from_the_page_to_the_folder_of_its_language() -> None:
    links = offer_list([("downloads/a.zip", "A")], "start/index")
    assert [link["refuri"] for link in links.findall(nodes.reference)] == ["../downloads/a.zip"]


def test_a_book_has_no_section_about_files_that_do_not_lie_beside_it() -> None:
    document = new_document("index")
    document += nodes.section("", nodes.title("", "Read"), nodes.paragraph("", "Begin."))
    document += nodes.section("", nodes.title("", "Take it along"), take_along())
    app = SimpleNamespace(builder=SimpleNamespace(name="epub"))
    on_doctree_resolved(app, document, "index")  # type: ignore[arg-type]  # all that it looks at
    assert [title.astext() for title in document.findall(nodes.title)] == ["Read"]
