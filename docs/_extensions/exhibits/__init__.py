"""Exhibits: the messages that pages show, each with its cause and its cure, and the index of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.exhibits import catalogue, error_index, exhibit

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, the check and what is collected."""
    app.add_directive("exhibit", exhibit.Exhibit)
    app.add_transform(exhibit.CheckExhibits)
    app.connect("doctree-read", catalogue.on_doctree_read)
    app.connect("env-check-consistency", catalogue.on_check_consistency)

    app.add_node(error_index.error_index)
    app.add_directive("error-index", error_index.ErrorIndex)
    app.add_post_transform(error_index.FillErrorIndex)
    app.connect("missing-reference", error_index.on_missing_reference)
    app.connect("env-updated", error_index.on_env_updated)
    return {
        "version": "1",
        "env_version": 4,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
