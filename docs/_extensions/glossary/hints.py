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
from sphinx import addnodes
from sphinx.environment.collectors import EnvironmentCollector

from _extensions.glossary.appearances import GLOSSARY
from _extensions.glossary.terms import EQUIVALENT
from _extensions.translation.catalogue_gate import catalogue_files, glossary_path

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

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


def links_to_a_term(document: nodes.document) -> bool:
    """Whether a page that was read, and whose references are not resolved yet, links to a term."""
    return any(link.get("reftype") == "term" for link in document.findall(addnodes.pending_xref))


def _collected(env: BuildEnvironment) -> Definitions:
    """Return the environment's own table of definitions."""
    if not hasattr(env, _DEFINITIONS):
        setattr(env, _DEFINITIONS, {})
    table: Definitions = getattr(env, _DEFINITIONS)
    return table


class GlossaryDefinitions(EnvironmentCollector):
    """Keeps the definitions, and notes which pages show them."""

    def clear_doc(self, app: Sphinx, env: BuildEnvironment, docname: str) -> None:
        """Forget the definitions when the glossary is read again or gone."""
        del app
        if docname == GLOSSARY:
            _collected(env).clear()

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: AbstractSet[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over what a parallel reader collected."""
        del app
        if GLOSSARY in docnames:
            _collected(env).update(_collected(other))

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Collect the definitions, or make the page depend on them."""
        if app.env.docname == GLOSSARY:
            _collected(app.env).update(definitions(doctree))
        elif links_to_a_term(doctree):
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
        known = _collected(app.env)
        context["glossary_hints"] = {
            term: known[term] for term in linked_terms(doctree) if term in known
        }
