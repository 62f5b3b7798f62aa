"""Exhibits: the messages that pages show, each with its cause and its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.exhibits import exhibit

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive and its check."""
    app.add_directive("exhibit", exhibit.Exhibit)
    app.add_transform(exhibit.CheckExhibits)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
