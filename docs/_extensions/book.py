"""The site as a book (EPUB): what it says of itself, in its own language.

The pages are those of the site. Sphinx's epub builder writes them, :mod:`sitebuild.epub` completes the book. Formulas
are MathML, figures are the pictures for light pages, graphs and steppers show all their steps.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from sphinx.locale import get_translation

from facts.site import language_tag

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.util.typing import ExtensionMetadata

_ = get_translation("sphinx")

# What only the site's pages use. The font's licence is in the font too.
SITE_ONLY = (
    "_static/check-solid.svg",
    "_static/copy-button.svg",
    "_static/copybutton.css",
    "_static/favicon.svg",
    "_static/fonts/OFL.txt",
    "_static/glossary.css",
    "_static/minus.png",
    "_static/plus.png",
    "_static/path.css",
    "_static/site.css",
    "_static/social.png",
    "_static/stations.css",
)
_STYLES_OF_THE_SITE = ("mystnb.", "copybutton.css", "stations.css")


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Fill in what the book's front matter needs."""
    del app
    values: dict[str, Any] = {
        "epub_basename": f"autograd_vi-{config.language}",
        "epub_theme": "epub",
        "epub_language": language_tag(config.language),
        "epub_title": config.site.title,
        "epub_description": _("How PyTorch differentiates, one idea a page, every output checked."),
        "epub_contributor": config.author,
        # Sphinx writes the one into the package and the other into the list for old reading programs.
        "epub_identifier": f"autograd_vi-{config.language}",
        "epub_uid": f"autograd_vi-{config.language}",
        "epub_exclude_files": list(SITE_ONLY),
        "epub_css_files": ["book.css"],
        "epub_show_urls": "no",
        "epub_tocscope": "includehidden",
        "epub_tocdup": False,
        "epub_use_index": False,
    }
    for name, value in values.items():
        setattr(config, name, value)


def on_builder_inited(app: Sphinx) -> None:
    """Name the parts of the book in its language, which Sphinx would name in English, and let it list the font."""
    builder: Any = app.builder
    builder.guide_titles = {"toc": _("Contents"), "cover": _("Cover")}
    # As for WOFF: https://github.com/sphinx-doc/sphinx/pull/2710
    builder.media_types = builder.media_types | {".woff2": "font/woff2"}


def mark_language(html_tag: str, language: str) -> str:
    """Return the start tag of a chapter with the language in which it is read aloud."""
    tag = html.escape(language_tag(language))
    return html_tag.replace("<html ", f'<html lang="{tag}" xml:lang="{tag}" ', 1)


def is_for_books(style_sheet: str) -> bool:
    """Whether a chapter loads the style sheet; a file that a chapter names must be in the book."""
    return not style_sheet.rpartition("/")[2].startswith(_STYLES_OF_THE_SITE)


def on_html_page_context(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Take the scripts and the site's styles away, and name the language of the chapter."""
    del pagename, templatename, doctree
    context["script_files"] = []
    context["css_files"] = [
        sheet
        for sheet in context["css_files"]
        if is_for_books(str(getattr(sheet, "filename", sheet)))
    ]
    context["html_tag"] = mark_language(context["html_tag"], str(app.config.language))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers where a book is built; the site is not to know of them."""
    app.setup_extension("_extensions.page")  # registers the site
    if app.tags.has("book"):
        app.connect("config-inited", on_config_inited, priority=400)
        app.connect("builder-inited", on_builder_inited)
        app.connect("html-page-context", on_html_page_context, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
