"""Fail the build where a translation puts raw HTML, a link or a picture on a page that the page did not have.

The catalogues are checked before (:mod:`_extensions.translation.catalogue_gate`), by patterns. This looks at what
Sphinx has made of them: whatever the patterns missed is a node of the page here.
Raw HTML is taken out as well as reported.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from _extensions.stages import Stage
from _extensions.translation.catalogue_gate import is_translation

logger = logging.getLogger(__name__)


def foreign_part(node: nodes.Node) -> tuple[str, str] | None:
    """Return the kind and the target of a node that can lead a reader or the build elsewhere, or None."""
    if isinstance(node, nodes.raw):
        return "raw text", node.astext()
    if isinstance(node, addnodes.download_reference):
        return "file", str(node.get("reftarget"))
    if isinstance(node, nodes.image):
        return "picture", str(node.get("uri"))
    if isinstance(node, nodes.reference) and node.get("refuri"):
        return "link", str(node["refuri"])
    return None


def foreign_parts(document: nodes.document) -> Counter[tuple[str, str]]:
    """Return what :func:`foreign_part` finds in a page."""
    return Counter(filter(None, map(foreign_part, document.findall())))


class NoteForeignParts(SphinxTransform):
    """Remember what the page has of its own, before it is translated."""

    default_priority = Stage.BEFORE_TRANSLATION

    def apply(self, **kwargs: Any) -> None:
        """Look through one page."""
        del kwargs
        if is_translation(self.config):
            self.document["foreign_parts"] = foreign_parts(self.document)


class RefuseForeignParts(SphinxTransform):
    """Report what the translation added, and take raw text out."""

    default_priority = Stage.AFTER_TRANSLATION

    def apply(self, **kwargs: Any) -> None:
        """Compare one page with what it had."""
        del kwargs
        own = self.document.attributes.pop("foreign_parts", None)
        if own is None:
            return
        for node in list(self.document.findall()):
            part = foreign_part(node)
            if part is None:
                continue
            if own[part]:
                own[part] -= 1
                continue
            logger.warning(
                "a translation of this page adds the %s “%s”, which the English does not have: take it out of the "
                "catalogue",
                *part,
                location=node,
                type="translation",
                subtype="unsafe",
            )
            if isinstance(node, nodes.raw):
                node.parent.remove(node)
