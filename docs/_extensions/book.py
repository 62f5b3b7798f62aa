"""The site as a book (EPUB): what it says of itself, in its own language.

The pages are those of the site. Sphinx's epub builder writes them, :mod:`sitebuild.epub` completes the book. Formulas
are MathML, figures are the pictures for light pages, graphs and steppers show all their steps.
"""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING, Any

from sphinx.locale import get_translation

from _extensions.site_config import read_site

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

_ = get_translation("sphinx")


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Fill in what the book's front matter needs."""
    del app
    site = read_site()
    values: dict[str, Any] = {
        "version": metadata.version("autograd-vi"),
        "epub_basename": f"autograd_vi-{config.language}",
        "epub_theme": "epub",
        "epub_title": site.title,
        "epub_description": _("How PyTorch differentiates, one idea a page, every output checked."),
        "epub_contributor": config.author,
        "epub_identifier": site.url or f"urn:autograd_vi:{config.language}",
        "epub_uid": "autograd_vi",
        "epub_css_files": ["book.css"],
        "epub_show_urls": "no",
        "epub_tocscope": "includehidden",
        "epub_tocdup": False,
        "epub_use_index": False,
    }
    for name, value in values.items():
        setattr(config, name, value)


def on_builder_inited(app: Sphinx) -> None:
    """Name the parts of the book in its language; Sphinx would name them in English."""
    builder: Any = app.builder
    builder.guide_titles = {"toc": _("Contents"), "cover": _("Cover")}


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Take the scripts away: a book has none."""
    del app, pagename, templatename, doctree
    context["script_files"] = []


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers where a book is built; the site is not to know of them."""
    if app.tags.has("book"):
        app.connect("config-inited", on_config_inited, priority=400)
        app.connect("builder-inited", on_builder_inited)
        app.connect("html-page-context", on_html_page_context, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
