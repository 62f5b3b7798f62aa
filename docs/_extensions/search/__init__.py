"""Search: an index of sections, a ranking, synonyms, and Vietnamese with and without its marks.

Config values:
    search_page_weights: what pages count whose names start with a key.
    search_synonyms: set here from ``glossary.toml``, so that a changed glossary makes Sphinx write the search anew.
    search_words: set here from ``search_words.toml``, so that changed words make Sphinx read the pages anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.search import index, ranking, vietnamese, words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register words, index, ranking and the Vietnamese language of the search."""
    app.add_config_value("search_words", {}, "env", types=frozenset({dict}))
    app.connect("config-inited", words.on_config_inited)
    app.connect("env-before-read-docs", words.on_env_before_read_docs)

    app.connect("doctree-read", index.on_doctree_read)
    app.connect("build-finished", index.on_build_finished)

    weights = ranking.PAGE_WEIGHTS
    app.add_config_value("search_page_weights", weights, "html", types=frozenset({dict}))
    app.add_config_value("search_synonyms", [], "html", types=frozenset({list}))
    app.connect("config-inited", ranking.on_config_inited)

    app.add_search_language(vietnamese.VietnameseSearch)
    return {
        "version": "2",
        "env_version": 3,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
