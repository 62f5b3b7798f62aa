"""The glossary: a page made from ``glossary.toml``, and a term's definition wherever a page links to it.

Below each term stands on which pages it appears.

Config value:
    glossary_languages: the site's languages, code to own name, in the order in which they are shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.glossary import appearances, hints, terms

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, the order of the terms, and the hints."""
    app.setup_extension("_extensions.translation")  # registers glossary_file
    app.add_config_value("glossary_languages", {}, "env", types=frozenset({dict}))
    app.add_directive("glossary-terms", terms.GlossaryTerms)
    app.add_transform(terms.SortGlossary)
    app.add_node(appearances.appearances)
    plain = (appearances.show_content, appearances.show_content)
    folded = (appearances.visit_folded_pages_html, appearances.depart_folded_pages_html)
    app.add_node(appearances.folded_pages, html=folded, latex=plain, text=plain, man=plain)
    app.connect("doctree-read", appearances.on_doctree_read)
    app.connect("env-updated", appearances.on_env_updated)
    app.add_post_transform(appearances.FillAppearances)
    app.connect("doctree-read", hints.on_doctree_read)
    app.connect("html-page-context", hints.on_html_page_context)
    return {
        "version": "1",
        "env_version": 3,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
