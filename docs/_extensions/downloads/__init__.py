"""What a reader takes along: notebooks and scripts of every page, with and without answers, and a list of all there is.

Config values:
    wheel_address: where the site serves the wheel of the package, relative to the site's address, such as
        ``wheels/0123/autograd_vi-0.1.0-py3-none-any.whl#sha256=…``. The build driver sets it.
    epub_published: whether the site holds the book; the build driver sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.downloads import files, take_along

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the files that are written at the end, and the directive that lists them."""
    app.setup_extension("_extensions.page")  # registers the site
    app.add_config_value("wheel_address", "", "", types=frozenset({str}))
    app.connect("build-finished", files.on_build_finished)

    skip = (take_along.skip, None)
    app.add_config_value("epub_published", default=False, rebuild="html", types=frozenset({bool}))
    app.add_node(take_along.take_along, html=skip, text=skip)
    app.add_directive("take-along", take_along.TakeAlong)
    app.connect("doctree-resolved", take_along.on_doctree_resolved)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
