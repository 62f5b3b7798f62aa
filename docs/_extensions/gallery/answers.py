"""Fold the answer of an exercise away, with the cells that were executed for it.

A script marks it by two text cells, ``.. answer-begin::`` and ``.. answer-end::``; what lies between becomes one
``<details>`` element. (HTML in a text cell could not hold the cells.)
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from _extensions.stages import Stage

logger = logging.getLogger(__name__)


class answer_begin(nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where an answer begins."""


class answer_end(nodes.Element):  # noqa: N801
    """Where an answer ends."""


class answer(nodes.General, nodes.Element):  # noqa: N801
    """An answer, folded until the reader opens it."""


class AnswerBegin(SphinxDirective):
    """``.. answer-begin::``."""

    node_class: ClassVar[type[nodes.Element]] = answer_begin

    def run(self) -> list[nodes.Node]:
        """Leave a marker."""
        marker = self.node_class()
        self.set_source_info(marker)
        return [marker]


class AnswerEnd(AnswerBegin):
    """``.. answer-end::``."""

    node_class = answer_end


def fold(document: nodes.document) -> list[nodes.Element]:
    """Gather what lies between the markers into ``answer`` nodes; return the markers that have no partner."""
    for begin in list(document.findall(answer_begin)):
        parent = begin.parent
        start = parent.index(begin)
        ends = [i for i in range(start + 1, len(parent)) if isinstance(parent[i], answer_end)]
        if not ends:
            continue
        content = parent.children[start + 1 : ends[0]]
        folded = answer()
        folded.source, folded.line = begin.source, begin.line
        for child in [begin, *content, parent[ends[0]]]:
            parent.remove(child)
        folded += content
        parent.insert(start, folded)
    lonely: list[nodes.Element] = [*document.findall(answer_begin), *document.findall(answer_end)]
    return lonely


class FoldAnswers(SphinxTransform):
    """Fold after translation, which must see the paragraphs where they stand."""

    default_priority = Stage.FOLD_ANSWERS

    def apply(self, **kwargs: Any) -> None:
        """Fold the answers of one page."""
        del kwargs
        for marker in fold(self.document):
            logger.warning(
                "answer-begin and answer-end must stand in pairs within one section: no partner here",
                location=marker,
                type="answers",
                subtype="unpaired",
            )
            marker.parent.remove(marker)


def visit_answer_html(self: Any, _node: answer) -> None:
    """Open the element, with its label in the reader's language."""
    label = _("Answer")  # Babel finds no message inside an f-string
    self.body.append(f'<details class="answer"><summary>{label}</summary>\n')


def show_content(_self: Any, _node: answer) -> None:
    """Show the content only, in formats that cannot fold."""
