"""What the home page shows of the learning path.

The directive ``begin`` is the way in: a button to the first page, and a link to the path. A script turns the button
into one to the first page that the reader has not marked as read. The directive ``part-cards`` shows a card for each
part: a small picture of a graph from its pages, its question, how many pages it has and how long they take.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from _extensions.path.learning_path import page_link, page_question
from _extensions.path.miniature import richest
from _extensions.path.openings import Opening
from _extensions.path.places import PATH
from _extensions.path.times import dotted, minutes_said, pages_said

if TYPE_CHECKING:
    from facts.curriculum import Part

_ = get_translation("sphinx")


class begin(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the way in will stand."""


class part_cards(nodes.General, nodes.Element):  # noqa: N801
    """Where the cards of the parts will stand."""


class begin_link(nodes.Inline, nodes.TextElement):  # noqa: N801
    """The button from the page ``here`` to the page ``docname``; ``pages`` has all names and labels in their order."""


class Begin(SphinxDirective):
    """``begin``: no arguments."""

    def run(self) -> list[nodes.Node]:
        """Leave a marker: the first page may not have been read yet."""
        return [begin()]


class PartCards(SphinxDirective):
    """``part-cards``: no arguments."""

    def run(self) -> list[nodes.Node]:
        """Leave a marker: the parts may not have been read yet."""
        return [part_cards()]


def way_in(parts: tuple[Part, ...], title: Callable[[str], str], here: str) -> nodes.paragraph:
    """Return the button to the first page and the link to the path.

    Args:
        parts: the parts of the path.
        title: gives the title of a page.
        here: the page on which they stand.
    """
    pages = [
        (page.docname, dotted(title(page.docname), minutes_said(page.minutes)))
        for part in parts
        for page in part.pages
    ]
    docname, label = pages[0]
    text = _("Begin: %(page)s") % {"page": label}
    button = begin_link("", nodes.Text(text), here=here, docname=docname, pages=pages)
    return nodes.paragraph("", "", button, nodes.Text(" "), page_link(PATH), classes=["begin"])


def _picture(part: Part, opened: Mapping[str, Opening]) -> list[nodes.Node]:
    pictures = (opened[page.docname].picture for page in part.pages if page.docname in opened)
    picture = richest(pictures)
    return [nodes.raw("", picture, format="html")] if picture else []


def card(part: Part, opened: Mapping[str, Opening]) -> nodes.list_item:
    """Return the card of a part."""
    size = dotted(pages_said(len(part.pages)), minutes_said(part.minutes))
    return nodes.list_item(
        "",
        *_picture(part, opened),
        nodes.paragraph("", "", nodes.strong("", "", page_link(part.docname))),
        page_question(docname=part.docname),
        nodes.paragraph("", size, classes=["minutes"]),
    )


def cards(parts: tuple[Part, ...], opened: Mapping[str, Opening]) -> nodes.enumerated_list:
    """Return the cards of all parts, in their order."""
    return nodes.enumerated_list(
        "", *(card(part, opened) for part in parts), classes=["part-cards"]
    )


def visit_begin_link(self: Any, node: begin_link) -> None:
    """Open the button; what its script needs stands on it."""
    attributes = {"href": self.builder.get_relative_uri(node["here"], node["docname"])}
    if self.builder.name == "html":
        attributes["data-pages"] = json.dumps(node["pages"], ensure_ascii=False)
        attributes["data-continue"] = _("Continue: %(page)s") % {"page": "{page}"}
    self.body.append(self.starttag(node, "a", "", CLASS="begin-link", **attributes))


def depart_begin_link(self: Any, _node: begin_link) -> None:
    """Close the button."""
    self.body.append("</a>")
