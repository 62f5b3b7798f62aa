"""Every page's frame: its bar, its few files, what it tells search engines, where it can be improved, what it may load.

Config values:
    site: what ``site.toml`` and the environment say (:class:`facts.site.Site`); a change makes the pages anew.
    assets_digest: the digest of the site's own extensions, templates and static files; set here, so that a changed one
        makes the pages anew (Sphinx itself does not look at them).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.page import (
    assets,
    bar,
    content_security,
    description,
    file_names,
    gone_pages,
    improve_links,
    inline_code,
    open_graph,
)
from facts.site import Site, read_site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_EARLY, _LATE = 400, 900
"""Around Sphinx's usual 500: before the handlers that read the description, and after those that add files."""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register what stands around the text of a page."""
    app.add_config_value("site", lambda _config: read_site(), "html", types=frozenset({Site}))
    app.connect("env-before-read-docs", file_names.on_env_before_read_docs)
    app.connect("html-page-context", content_security.on_html_page_context)

    app.add_config_value("assets_digest", "", "env", types=frozenset({str}))
    app.connect("config-inited", assets.on_config_inited)
    joined = assets.PageAssets()
    app.connect("html-page-context", joined.on_html_page_context, priority=_LATE)

    app.connect("config-inited", bar.on_config_inited)
    app.connect("html-page-context", bar.on_html_page_context)
    app.connect("html-page-context", improve_links.on_html_page_context)
    app.connect("html-page-context", description.on_html_page_context, priority=_EARLY)
    app.connect("doctree-resolved", inline_code.on_doctree_resolved)
    app.connect("build-finished", gone_pages.on_build_finished)

    if app.config.site.url:  # its pictures cost time, and show nothing without an address
        app.setup_extension("sphinxext.opengraph")
        app.connect("config-inited", open_graph.on_config_inited)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
