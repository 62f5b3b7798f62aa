"""Put in what the path says of other pages, when a page is written: then all of them have been read."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.path.home import begin, cards, part_cards, way_in
from _extensions.path.learning_path import page_question
from _extensions.path.openings import Opening, openings
from _extensions.path.places import places, title_of
from _extensions.path.times import time_of
from _extensions.stages import PostStage

_ = get_translation("sphinx")

CARD = "gallery-card"
"""The class of what stands for a page on the page of its part."""

HOME = "home"
"""The class of the section that holds the way in."""


def complete_card(item: nodes.list_item, minutes: dict[str, int], template: str) -> None:
    """Give a page's entry on the page of its part the page's time and the place of its question."""
    for link in list(item.findall(addnodes.pending_xref)):
        docname = str(link["reftarget"]).lstrip("/")
        if docname in minutes:
            link.parent.append(time_of(minutes[docname], template))
            item += page_question(docname=docname)


class FillPath(SphinxPostTransform):
    """Fill the markers of one page, before links are resolved."""

    default_priority = PostStage.FILL_INDEX

    def run(self, **kwargs: Any) -> None:
        """Fill the markers, those of questions last: the others bring some."""
        del kwargs
        parts, opened = self.config.learning_path, openings(self.env)
        minutes = {docname: place.minutes for docname, place in places(parts).items()}
        for marker in list(self.document.findall(begin)):
            marker.parent["classes"].append(HOME)
            here = self.env.current_document.docname
            marker.replace_self(way_in(parts, lambda docname: title_of(self.env, docname), here))
        for place in list(self.document.findall(part_cards)):
            place.replace_self(cards(parts, opened))
        for item in list(self.document.findall(nodes.list_item)):
            if CARD in item["classes"]:
                complete_card(item, minutes, _("%d min"))
        for asking in list(self.document.findall(page_question)):
            asked = opened.get(asking["docname"], Opening()).question
            question = nodes.paragraph(
                "", "", *(part.deepcopy() for part in asked), classes=["question"]
            )
            asking.replace_self(question if asked else [])
