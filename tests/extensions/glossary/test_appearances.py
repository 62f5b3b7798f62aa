"""The glossary says of each term on which pages it appears."""

from __future__ import annotations

import re

from doctree import page_of
from docutils import nodes
from minimal_site import MinimalSite
from sphinx import addnodes

from _extensions.glossary.appearances import (
    FEW,
    appearance_nodes,
    folded_pages,
    linked_forms,
    pages_of,
)


def _term(target: str) -> addnodes.pending_xref:
    return addnodes.pending_xref("", reftype="term", reftarget=target)


def _entry(page: str, term: str) -> str:
    """Return what the glossary says of a term."""
    found = re.search(rf'<dt id="term-{term}">.*?</dd>', page, re.DOTALL)
    assert found
    return found[0]


def test_each_wording_of_a_link_to_a_term_counts_once_and_other_links_do_not() -> None:
    other = addnodes.pending_xref("", reftype="ref", reftarget="leaf")
    page = page_of(
        nodes.paragraph("", "", _term("leaves"), _term("Gradient"), other, _term("leaves"))
    )
    assert linked_forms(page) == ["gradient", "leaves"]


def test_a_term_appears_where_any_of_its_forms_is_linked_in_the_order_of_the_pages() -> None:
    linked = {"z": ["leaf"], "a": ["gradient", "leaves"], "m": ["gradient"]}
    assert pages_of(["leaf", "leaves"], linked) == ["z", "a"]
    assert pages_of(["hook"], linked) == []


def test_few_pages_stand_in_a_line_and_many_are_folded_below_their_number() -> None:
    few, many = (appearance_nodes([f"page{k}" for k in range(n)]) for n in (FEW, FEW + 1))
    assert appearance_nodes([]) == []
    (line,), (folded,) = few, many
    assert line.astext().startswith("Appears on: ")
    assert [link["reftarget"] for link in line.findall(addnodes.pending_xref)] == [
        f"/page{k}" for k in range(FEW)
    ]
    assert isinstance(folded, folded_pages)
    assert str(FEW + 1) in folded["label"]
    assert len(list(folded.findall(addnodes.pending_xref))) == FEW + 1


def test_the_glossary_links_back_to_the_pages_by_their_titles_in_every_language(
    minimal_site: MinimalSite,
) -> None:
    for language in ("en", "vi"):
        built = minimal_site.build(language)
        titles = {
            f"{name}.html": re.findall(r"<h1>(.*?)<a", built.page(name))[0]
            for name in ("index", "gallery/first/plot_square")
        }
        entry = _entry(built.page("glossary"), "derivative")
        found = re.findall(r'href="(\w+[^"#]*)"><span class="doc">(.*?)</span>', entry)
        assert found == list(titles.items())
        assert "Appears on" not in _entry(built.page("glossary"), "leaf")


def test_a_page_that_links_to_another_term_changes_the_glossary_of_the_next_build(
    minimal_site: MinimalSite,
) -> None:
    assert "index.html" not in _entry(minimal_site.build("en").page("glossary"), "leaf")
    minimal_site.edit(minimal_site.docs / "index.md", "Read {ref}", "{term}`leaves`. Read {ref}")
    assert "index.html" in _entry(minimal_site.build("en").page("glossary"), "leaf")
    minimal_site.edit(minimal_site.docs / "index.md", "{term}`leaves`. Read", "Read")
    assert "index.html" not in _entry(minimal_site.build("en").page("glossary"), "leaf")


def test_a_new_title_of_a_page_is_in_the_glossary_of_the_next_build(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.build("en")
    minimal_site.edit(minimal_site.docs / "index.md", "# Minimal", "# Smallest")
    assert ">Smallest<" in _entry(minimal_site.build("en").page("glossary"), "derivative")
