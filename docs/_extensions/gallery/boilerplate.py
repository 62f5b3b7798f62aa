"""Take sphinx-gallery's own English out of its pages, before messages are extracted or translated.

A page loses "Go to the end to download", the download box, the running time, the memory line and the
signature: the site's header bar says all that once, in the reader's language. A gallery's thumbnails become
a numbered list of links; their text is the title of the page they lead to, in the reader's language (the
title and the tooltip that sphinx-gallery writes stay English).
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from _extensions.stages import Stage
from facts import generated


def is_boilerplate(node: nodes.Element) -> bool:
    """Tell whether ``node`` is a note, box or line that sphinx-gallery puts on every page."""
    if generated.BOILERPLATE_CLASSES & set(node.get("classes", ())):
        return True
    return isinstance(node, nodes.paragraph) and node.astext().startswith(generated.MEMORY_LINE)


def drop_boilerplate(document: nodes.document) -> None:
    """Remove what sphinx-gallery says on every page, and the target of its "Go to the end"."""
    for node in list(document.findall(nodes.Element)):
        if node.parent is not None and is_boilerplate(node):
            parent = node.parent
            parent.remove(node)
            if isinstance(parent, addnodes.only) and not parent.children:
                parent.parent.remove(parent)
    for target in list(document.findall(nodes.target)):
        if any(name.startswith(generated.DOWNLOAD_TARGET) for name in target["names"]):
            for name in target["names"]:
                document.nameids.pop(name, None)
                document.nametypes.pop(name, None)
            for identifier in target["ids"]:
                document.ids.pop(identifier, None)
            target.parent.remove(target)


def _card(parts: list[nodes.Node]) -> nodes.list_item:
    """Return the list item for one thumbnail: its link (the picture is small, and for light pages only)."""
    item = nodes.list_item("", classes=["gallery-card"])
    for part in parts:
        for link in part.findall(addnodes.pending_xref):
            # Nothing but a reference, so no message: the page's title is translated on its own page.
            item += nodes.paragraph("", "", link.deepcopy(), translatable=False)
    return item


def list_thumbnails(parent: nodes.Element) -> None:
    """Replace the thumbnails among the children of ``parent`` by a numbered list of links."""
    kept: list[nodes.Node] = []
    cards: nodes.enumerated_list | None = None
    inside: list[nodes.Node] | None = None
    for child in parent.children:
        html = child.astext() if isinstance(child, nodes.raw) else ""
        if inside is not None:
            if generated.CARD_END in html:
                if cards is None:
                    cards = nodes.enumerated_list("", classes=["gallery-cards"])
                    kept.append(cards)
                cards += _card(inside)
                inside = None
            else:
                inside.append(child)
        elif generated.CARD_START in html:
            inside = []
        elif isinstance(child, nodes.raw) and generated.is_around_cards(html):
            cards = None
        elif isinstance(child, nodes.comment) and child.astext().startswith(
            generated.THUMBNAILS_COMMENT
        ):
            pass
        else:
            kept.append(child)
    parent.children = []
    parent.extend(kept)


class GalleryBoilerplate(SphinxTransform):
    """Clean one page that sphinx-gallery wrote."""

    default_priority = Stage.DROP_BOILERPLATE

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002 - the interface of docutils
        """Drop the boilerplate and turn the thumbnails into links."""
        if not generated.has_any_mark(
            (raw.astext() for raw in self.document.findall(nodes.raw)),
            (comment.astext() for comment in self.document.findall(nodes.comment)),
        ):
            return
        drop_boilerplate(self.document)
        parents = {
            id(raw.parent): raw.parent
            for raw in self.document.findall(nodes.raw)
            if generated.CARD_START in raw.astext()
        }
        wrappers = {
            id(raw.parent): raw.parent
            for raw in self.document.findall(nodes.raw)
            if generated.THUMBNAILS in raw.astext()
        }
        for parent in (parents | wrappers).values():
            if parent is not None:
                list_thumbnails(parent)
