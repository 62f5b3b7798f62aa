"""Offer what a reader can take along: notebooks and scripts, without the answers too, the whole site, and the book.

The directive ``take-along`` (MyST pages, no arguments) makes a list of links to the files that lie beside the pages. It
stands on HTML pages only.

Config value:
    epub_published: whether the site holds the book; the build driver sets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from facts.addresses import WHOLE_SITE, archive_paths, book_path, to_language_folder

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ = get_translation("sphinx")


class take_along(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the list will stand."""


class TakeAlong(SphinxDirective):
    """``take-along``."""

    def run(self) -> list[nodes.Node]:
        """Leave a marker: the links depend on what is built."""
        return [take_along()]


def offers(language: str, *, epub: bool) -> list[tuple[str, str]]:
    """Return what there is: a path from the language's folder, and what the reader is told."""
    archives = archive_paths(language)
    found = [
        (archives["all"], _("All notebooks and scripts")),
        (archives["no_answers"], _("All notebooks without answers")),
        (
            f"../{WHOLE_SITE}",
            _("The whole site in all languages (zip): unpack it and open index.html"),
        ),
    ]
    if epub:
        found.append((book_path(language), _("The whole site as a book (EPUB)")))
    return found


def offer_list(found: list[tuple[str, str]], docname: str) -> nodes.bullet_list:
    """Return the links from the page ``docname``."""
    up = to_language_folder(docname)
    items = (
        nodes.list_item(
            "", nodes.paragraph("", "", nodes.reference("", text, refuri=up + path, internal=True))
        )
        for path, text in found
    )
    return nodes.bullet_list("", *items, classes=["take-along"])


def on_doctree_resolved(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Put the list in; where pages do not lie beside the files, the section about them goes too."""
    for marker in list(document.findall(take_along)):
        if app.builder.name == "html":
            found = offers(str(app.config.language), epub=app.config.epub_published)
            marker.replace_self(offer_list(found, docname))
        elif app.builder.name != "gettext":  # its words are messages like all others
            about = marker.parent if isinstance(marker.parent, nodes.section) else marker
            about.parent.remove(about)


def skip(_self: Any, _node: take_along) -> None:
    """Say nothing where the marker is left."""
    raise nodes.SkipNode
