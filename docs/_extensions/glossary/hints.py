"""Show the definition of a term where a page links to it.

At the foot of a page stand the terms that it links to with their definitions, hidden, in the page's language;
``glossary_hints.js`` shows one while the pointer or the focus is on its link, or when it is tapped. Templates get
``glossary_hints``, a mapping from the term's identifier to its name and definition.

The definitions are collected when the glossary page is read, so that no page has to open it again. A page that links to
a term depends on the glossary and on its catalogue: it is made anew when a definition changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from docutils import nodes

from _extensions.glossary.appearances import GLOSSARY, linked_forms
from _extensions.glossary.terms import EQUIVALENT
from _extensions.kept_of_pages import keep, kept
from _extensions.translation.catalogue_gate import catalogue_files, glossary_path

if TYPE_CHECKING:
    from sphinx.application import Sphinx

Definitions: TypeAlias = "dict[str, tuple[str, str]]"

STYLE, FILTER = "glossary.css", "glossary_filter.js"
"""What only the glossary loads."""
_ANCHOR = "#term-"
_DEFINITIONS = "glossary_definitions"


def definitions(glossary: nodes.document) -> Definitions:
    """Return the names and definitions on the glossary page, by the identifiers of their terms."""
    found: Definitions = {}
    for item in glossary.findall(nodes.definition_list_item):
        told = [
            paragraph.astext()
            for paragraph in item.findall(nodes.paragraph)
            if EQUIVALENT not in paragraph["classes"]
        ]
        for term in item.findall(nodes.term):
            for identifier in term["ids"]:
                if told:
                    found[identifier.removeprefix("term-")] = term.astext(), told[0]
    return found


def linked_terms(document: nodes.document) -> list[str]:
    """Return the identifiers of the terms that a page links to, in order and each once."""
    targets = (str(link.get("refuri", "")) for link in document.findall(nodes.reference))
    terms = (target.partition(_ANCHOR)[2] for target in targets if f"{GLOSSARY}.html#" in target)
    return list(dict.fromkeys(filter(None, terms)))


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the definitions, or make a page that shows some depend on them."""
    if app.env.current_document.docname == GLOSSARY:
        keep(app.env, _DEFINITIONS, definitions(doctree))
    elif linked_forms(doctree):
        for path in (glossary_path(app), *catalogue_files(app, GLOSSARY)):
            if path is not None:
                app.env.note_dependency(str(path))


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the definitions of the page's terms, and the glossary its style and its filter."""
    del templatename
    context["glossary_hints"] = {}
    if pagename == GLOSSARY and app.builder.name == "html":
        app.add_css_file(STYLE)
        app.add_js_file(FILTER, loading_method="defer")
    if doctree is not None and pagename != GLOSSARY:
        known: Definitions = kept(app.env, _DEFINITIONS).get(GLOSSARY, {})
        context["glossary_hints"] = {
            term: known[term] for term in linked_terms(doctree) if term in known
        }
