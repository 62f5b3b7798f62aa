"""Say what an output is, and what language code is in.

Whoever sees a page knows an output by its edge; a screen reader is told by a group with a label. On pages in another
language than the sources', blocks of code and of output are marked as being in the sources' language.
"""

from __future__ import annotations

import html
from typing import Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx_gallery._doctree_links import code_links_block

from _extensions.stages import PostStage
from facts.generated import PRINTED_CLASS

_ = get_translation("sphinx")

OUTPUT_CLASSES = frozenset({PRINTED_CLASS, "cell_output"})


class output_group(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """What a cell printed or showed."""


def is_output(node: nodes.Element) -> bool:
    """Tell whether sphinx-gallery or MyST-NB made ``node`` for an output."""
    return bool(OUTPUT_CLASSES & set(node.get("classes", ())))


def group_outputs(document: nodes.document) -> None:
    """Put every output of the page into a group."""
    for node in [element for element in document.findall(nodes.Element) if is_output(element)]:
        parent = node.parent
        place = parent.index(node)
        group = output_group()
        parent.remove(node)
        group += node
        parent.insert(place, group)


def mark_language(document: nodes.document, language: str) -> None:
    """Mark every block of code and output as being in ``language``."""
    for block in document.findall(nodes.literal_block):
        # docutils' HTML writer makes the attribute lang of it.
        block["classes"] = [*block["classes"], f"language-{language}"]
    for block in list(document.findall(code_links_block)):
        # Its writer knows no classes, so the block gets a box that does
        # (https://github.com/sphinx-gallery/sphinx-gallery/pull/1638).
        parent = block.parent
        place = parent.index(block)
        parent.remove(block)
        parent.insert(place, nodes.container("", block, classes=[f"language-{language}"]))


class AnnounceOutputs(SphinxPostTransform):
    """Only the written pages change, not what downloads and other formats are made from."""

    formats = ("html",)
    default_priority = PostStage.FINISH

    def run(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        group_outputs(self.document)
        source = self.config.translation_source_language
        if self.config.language != source:
            mark_language(self.document, source)


def visit_output_group(self: Any, _node: output_group) -> None:
    """Open the group."""
    label = html.escape(_("Output"))  # Babel finds no message inside an f-string
    self.body.append(f'<div role="group" aria-label="{label}">\n')


def depart_output_group(self: Any, _node: output_group) -> None:
    """Close the group."""
    self.body.append("</div>\n")
