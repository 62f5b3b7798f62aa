"""Sphinx's side of the search index: collects the sections of each page, and writes ``searchindex.js`` at the end.

The index of :mod:`_extensions.search.sections` takes the place of Sphinx's own terms, titles and objects, which
``search_ranking.js`` does not read. The terms by which readers look for a page without finding them in it
(:mod:`_extensions.search.words`) count as a heading of its first section. Those of several words go into the index as
they are, small words too: a query that says one of them is about the page.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sphinx.search import IndexBuilder, js_index

from _extensions.kept_of_pages import keep, kept
from _extensions.search.sections import HEADING, Section, index, sections

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.search import SearchLanguage

UNREAD = ("alltitles", "indexentries", "objects", "objnames", "objtypes", "terms", "titleterms")
"""What Sphinx writes and its next build expects, but no reader needs."""

_SECTIONS = "search-sections"


def search_language(app: Sphinx) -> SearchLanguage:
    """Return how Sphinx makes terms of the pages' language."""
    config = app.config
    code = config.html_search_language or config.language
    return IndexBuilder(app.env, code, config.html_search_options, "").lang


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Collect the sections of a page that has just been read, and translated."""
    docname = app.env.current_document.docname
    language = search_language(app)
    found = sections(doctree, language)
    words = app.config.search_words.get(docname, ())
    for wording in words:
        found[0].add(wording, HEADING, language)
    if questions := [wording for wording in words if " " in wording]:
        found[0].wordings = (found[0].title, *questions)
    keep(app.env, _SECTIONS, found)


def pages(env: BuildEnvironment) -> dict[str, list[Section]]:
    """Return what has been collected, page by page."""
    return kept(env, _SECTIONS)


def with_sections(data: dict[str, Any], found: dict[str, list[Section]]) -> dict[str, Any]:
    """Return Sphinx's index with ours in place of what no reader needs."""
    return data | {key: {} for key in UNREAD} | index(found, data["docnames"])


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Put our index into the place of Sphinx's."""
    path = Path(app.outdir, "searchindex.js")
    if exception is None and app.builder.name == "html" and path.is_file():
        data = js_index.loads(path.read_text(encoding="utf-8"))
        path.write_text(js_index.dumps(with_sections(data, pages(app.env))), encoding="utf-8")
