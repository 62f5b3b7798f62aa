"""Keep a formula in a line of text together with the bracket before it and the comma or full stop after it.

A browser takes a formula for a picture and may break the line on either side of it, so that a line begins with a
full stop. The formula and what clings to it become a span that does not wrap (``maths.css``). There is no config value.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.stages import PostStage

CLASS = "formula-and-punctuation"

_BEFORE = re.compile(r"[(\[{“‘«±−–-]+$")
_AFTER = re.compile(r"^[.,;:!?…)\]}”’»%–-]+")


def hold_together(document: nodes.document) -> None:
    """Wrap each formula that punctuation touches, with that punctuation."""
    for formula in list(document.findall(nodes.math)):
        parent = formula.parent
        place = parent.index(formula)
        before = parent[place - 1] if place else None
        after = parent[place + 1] if place + 1 < len(parent) else None
        opening = _BEFORE.search(before) if isinstance(before, nodes.Text) else None
        closing = _AFTER.search(after) if isinstance(after, nodes.Text) else None
        if not (opening or closing):
            continue
        together = nodes.inline(classes=[CLASS])
        if opening and before is not None:
            parent.replace(before, nodes.Text(before.astext()[: opening.start()]))
            together += nodes.Text(opening[0])
        together += formula.deepcopy()
        if closing and after is not None:
            parent.replace(after, nodes.Text(after.astext()[closing.end() :]))
            together += nodes.Text(closing[0])
        parent.replace(formula, together)


class FormulaPunctuation(SphinxPostTransform):
    """Wrap the formulas of a page that is written as HTML; a notebook's Markdown stays as it is."""

    default_priority = PostStage.FINISH  # the texts of links may hold formulas
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Wrap them."""
        del kwargs
        hold_together(self.document)
