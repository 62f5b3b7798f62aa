"""A picture of the project's rooms, drawn from the code's own imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.architecture import directive

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its picture, and what makes its page anew."""
    plain = (directive.skip, None)
    app.add_node(
        directive.rooms_picture,
        html=(directive.visit_rooms_picture, None),
        latex=plain,
        text=plain,
        man=plain,
    )
    app.add_directive("rooms", directive.Rooms)
    app.connect("env-get-outdated", directive.on_env_get_outdated)
    app.connect("env-purge-doc", directive.on_env_purge_doc)
    app.connect("env-merge-info", directive.on_env_merge_info)
    return {
        "version": "1",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
