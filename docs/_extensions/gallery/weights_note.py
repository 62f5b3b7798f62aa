"""Say on a page which weights its run started from: the pretrained ones, or a random start.

A script prints what ``autograd_vi.load_resnet18`` returned (``print(f"{start = }")``), and a later text cell
holds the directive ``.. weights-note::``, which takes no arguments. The note repeats in the reader's language
what the nearest output before it says. So it needs no record of its own, and cannot disagree with the run: the
output is part of the page, and the page's stamp vouches for it.

A note with no such output before it is a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from _extensions.stages import Stage
from facts.generated import PRINTED_LANGUAGE

logger = logging.getLogger(__name__)
_ = get_translation("sphinx")

_PRINTED = re.compile(r"\bStart\(weights=(?:None|'([\w.]+)'), seed=(?:None|(\d+))\)")
_CODE = re.compile(r"``([^`]+)``")


@dataclass(frozen=True)
class RecordedStart:
    """What a run printed of its start: a name of weights, or a seed."""

    weights: str | None
    seed: str | None


class weights_note(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the note will stand."""


def recorded_start(output: str) -> RecordedStart | None:
    """Return the last start that ``output`` shows, or None where it shows none."""
    found = [RecordedStart(match[1], match[2]) for match in _PRINTED.finditer(output)]
    return found[-1] if found else None


def with_code(text: str) -> list[nodes.Node]:
    """Return ``text`` as nodes; what stands between double backquotes is code."""
    parts = _CODE.split(text)
    return [
        nodes.literal("", part) if index % 2 else nodes.Text(part)
        for index, part in enumerate(parts)
        if part
    ]


def note(start: RecordedStart) -> nodes.note:
    """Return the note about ``start`` in the language of this build."""
    if start.weights:
        text = _("The outputs on this page come from the pretrained weights ``%(weights)s``.") % {
            "weights": start.weights
        }
    else:
        text = _(
            "The run behind this page could not load the pretrained weights. Its outputs come from a random start "
            "with seed %(seed)s: with the pretrained weights, losses and gradients have other values."
        ) % {"seed": start.seed}
    # Already in the reader's language, so no message of the page's catalogue.
    return nodes.note(
        "", nodes.paragraph("", "", *with_code(text), translatable=False), classes=["weights"]
    )


def fill(document: nodes.document) -> list[weights_note]:
    """Replace every marker by the note about the start printed last before it; return those that find none."""
    start, lonely = None, []
    for node in list(document.findall(nodes.Element)):
        if isinstance(node, nodes.literal_block) and node.get("language") == PRINTED_LANGUAGE:
            start = recorded_start(node.astext()) or start
        elif isinstance(node, weights_note):
            if start:
                node.replace_self(note(start))
            else:
                lonely.append(node)
    return lonely


class WeightsNote(SphinxDirective):
    """``.. weights-note::``."""

    def run(self) -> list[nodes.Node]:
        """Leave a marker; what the run printed is read when the page is whole."""
        marker = weights_note()
        self.set_source_info(marker)
        return [marker]


class FillWeightsNotes(SphinxTransform):
    """Put the notes in, after the page was translated."""

    default_priority = Stage.FILL_NOTES

    def apply(self, **kwargs: Any) -> None:
        """Fill in the notes of one page."""
        del kwargs
        for marker in fill(self.document):
            logger.warning(
                "weights-note: no output before it says what the run started from; print what load_resnet18 "
                'returned in a cell above: print(f"{start = }")',
                location=marker,
                type="weights",
                subtype="unknown",
            )
            marker.parent.remove(marker)
