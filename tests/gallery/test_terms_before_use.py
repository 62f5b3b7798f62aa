"""A term is explained before it is used: the first page to use it explains it, stands behind that one, or links to it.

``glossary.toml`` names the page that explains a term (``page``). A page before that one may use the term all the same,
since everybody meets “gradient” before the page on gradients. Then the first of them links to the glossary.
"""

from __future__ import annotations

import re

from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from _extensions.translation.catalogue_check import used_terms
from _extensions.translation.message_markup import read_markup
from facts.curriculum import read_pages
from facts.folders import GALLERY, GLOSSARY_FILE
from facts.glossary import Term, read_glossary

PAGES = read_pages()
PLACES = {page.docname: place for place, page in enumerate(PAGES)}
TERMS = read_glossary(GLOSSARY_FILE).terms
_LINKED = re.compile(r":term:`(?:[^`<]*<)?([^`<>]+)>?`")


def texts(script: str) -> list[str]:
    """Return the paragraphs of a page's text cells."""
    _, blocks = split_code_and_text_blocks(str(GALLERY / script))
    cells = [block.content for block in blocks if block.type == "text"]
    return [" ".join(paragraph.split()) for cell in cells for paragraph in cell.split("\n\n")]


def explained_later(place: int) -> list[Term]:
    """Return the terms whose own page stands after the page at ``place`` of the path, everyday words left out."""
    return [term for term in TERMS if term.checked and PLACES.get(term.page, -1) > place]


def used_in(paragraphs: list[str]) -> set[str]:
    """Return the names of the terms that the paragraphs use."""
    prose = [read_markup(paragraph).prose for paragraph in paragraphs]
    return {term.term for text in prose for term in used_terms(text, TERMS)}


def linked_in(paragraphs: list[str]) -> set[str]:
    """Return the names of the terms that the paragraphs link to, by whatever form."""
    names = {name.casefold() for text in paragraphs for name in _LINKED.findall(text)}
    return {
        term.term
        for term in TERMS
        if not names.isdisjoint(form.casefold() for form in term.source_forms())
    }


def first_use_unlinked(pages: list[list[str]]) -> list[tuple[int, str]]:
    """Return the places of ``pages`` that are the first to use a term ahead of its page, and do not link to it."""
    met: set[str] = set()
    found = []
    for place, paragraphs in enumerate(pages):
        used, linked = used_in(paragraphs), linked_in(paragraphs)
        found += [
            (place, term.term)
            for term in explained_later(place)
            if term.term in used - met - linked
        ]
        met |= used | linked
    return found


def test_the_first_page_to_use_a_term_explains_it_or_links_to_it() -> None:
    found = first_use_unlinked([texts(page.script) for page in PAGES])
    assert [(PAGES[place].name, term) for place, term in found] == []


def test_each_page_that_explains_a_term_is_a_page() -> None:
    gallery = [term.page for term in TERMS if term.page.startswith("gallery/")]
    assert len(gallery) > 20
    assert set(gallery) <= PLACES.keys()


def test_a_bare_first_use_is_found_and_a_link_to_any_form_is_enough() -> None:
    bare, linked = "Every running mean moves.", "The :term:`mean that runs <running mean>` moves."
    assert first_use_unlinked([[bare], [linked]]) == [(0, "running mean")]
    assert first_use_unlinked([[linked], [bare]]) == []
    assert first_use_unlinked([[linked, bare]]) == []
