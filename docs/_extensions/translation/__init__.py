"""No translated page shows the source language: catalogues and pages are checked, and what is left fails the build.

Config values:
    translation_source_language: the language that the pages are written in.
    glossary_file: the path of ``glossary.toml`` from the source folder, or empty; translations must use its terms.
    interface_digest: the digest of the words of the interface; set here, so that a changed word makes the pages anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.translation import catalogue_gate, foreign_parts, own_words, page_gate

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


_FIRST = 300
"""Before the handlers that say something, such as the title of a book."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the catalogues before anything is read, and each page after it was translated."""
    app.add_config_value("translation_source_language", "en", "env", types=frozenset({str}))
    app.add_config_value("glossary_file", "", "env", types=frozenset({str}))
    app.add_config_value("interface_digest", "", "env", types=frozenset({str}))
    app.connect("config-inited", own_words.on_config_inited, priority=_FIRST)
    app.connect("config-inited", catalogue_gate.on_config_inited)
    app.connect("builder-inited", catalogue_gate.on_builder_inited)

    app.add_transform(page_gate.NoteSourceMessages)
    app.add_transform(page_gate.TranslationGate)
    app.add_transform(page_gate.AdoptTranslatedNodes)
    app.connect("env-get-outdated", page_gate.on_env_get_outdated)
    app.connect("env-purge-doc", page_gate.on_env_purge_doc)
    app.connect("env-merge-info", page_gate.on_env_merge_info)

    app.add_transform(foreign_parts.NoteForeignParts)
    app.add_transform(foreign_parts.RefuseForeignParts)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
