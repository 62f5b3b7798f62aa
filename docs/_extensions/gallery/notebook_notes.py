"""Fold what a page says about the notebook that it comes from: it matters to those who know the notebook.

Only pages on the site change: downloads and books show the note as it is written.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.stages import PostStage

NOTEBOOK_CLASS = "notebook"


class folded_note(nodes.admonition):  # noqa: N801  # docutils names nodes in lower case
    """A note that a reader may open; its first child is the title. To whoever knows no folding it is an admonition."""


def fold_notes(document: nodes.document) -> None:
    """Fold every note of the class ``notebook``."""
    for note in list(document.findall(nodes.admonition)):
        if NOTEBOOK_CLASS in note["classes"]:
            note.replace_self(folded_note("", *note.children))


class FoldNotes(SphinxPostTransform):
    """Fold the notes of one page of the site."""

    formats = ("html",)
    default_priority = PostStage.FINISH

    def run(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        fold_notes(self.document)


def visit_folded_note_html(self: Any, node: folded_note) -> None:
    """Open the note. Its title becomes the line that unfolds it, so the writer must not write it again."""
    title = node.children[0]
    self.body.append('<details class="from-notebook"><summary>')
    for child in title.children:
        child.walkabout(self)
    self.body.append("</summary>\n")
    node.remove(title)
