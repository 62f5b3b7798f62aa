"""Show the definition of a term where a page links to it.

At the foot of a page stand the definitions of the terms that it links to, hidden, in the page's language;
``glossary_hints.js`` shows one while the pointer or the focus is on its link. Templates get ``glossary_hints``, a
mapping from the term's identifier to its definition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

GLOSSARY = "glossary"
_ANCHOR = "#term-"


def definitions(glossary: nodes.document) -> dict[str, str]:
    """Return the definitions on the glossary page, by the identifiers of their terms."""
    found: dict[str, str] = {}
    for item in glossary.findall(nodes.definition_list_item):
        paragraph = next(iter(item.findall(nodes.paragraph)), None)
        for term in item.findall(nodes.term):
            for identifier in term["ids"]:
                if paragraph is not None:
                    found[identifier.removeprefix("term-")] = paragraph.astext()
    return found


def linked_terms(document: nodes.document) -> list[str]:
    """Return the identifiers of the terms that a page links to, in order and each once."""
    targets = (str(link.get("refuri", "")) for link in document.findall(nodes.reference))
    terms = (target.partition(_ANCHOR)[2] for target in targets if f"{GLOSSARY}.html#" in target)
    return list(dict.fromkeys(filter(None, terms)))


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the definitions of the page's terms."""
    del templatename
    context["glossary_hints"] = {}
    if doctree is None or pagename == GLOSSARY or GLOSSARY not in app.env.found_docs:
        return
    if terms := linked_terms(doctree):
        known = definitions(app.env.get_doctree(GLOSSARY))
        context["glossary_hints"] = {term: known[term] for term in terms if term in known}
