"""Mark the names in the reference: parameters, attributes, exceptions and types are the same in every language.

Sphinx writes them in bold or italics, and nothing says that they are no words of the page's language. A browser that
translates the page would translate them too.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from _extensions.stages import Stage

UNTRANSLATED = "notranslate"


def is_type(node: nodes.Node) -> bool:
    """Tell whether ``node`` is what a field "type" of a description says."""
    return (
        isinstance(node, nodes.paragraph)
        and isinstance(node.parent, nodes.field_body)
        and node.parent.parent[0].astext().lower() == "type"
    )


def is_name(node: nodes.Node) -> bool:
    """Tell whether ``node`` is the name of a parameter, an attribute or an exception, or a type."""
    return isinstance(node, addnodes.literal_strong | addnodes.literal_emphasis) or is_type(node)


def mark_names(document: nodes.document) -> None:
    """Mark the names in every description of an object."""
    for description in document.findall(addnodes.desc_content):
        for node in description.findall(is_name):
            assert isinstance(node, nodes.Element)  # noqa: S101  # tells the type checker what is_name found
            if UNTRANSLATED not in node["classes"]:
                node["classes"].append(UNTRANSLATED)


class MarkNames(SphinxTransform):
    """Mark the names on one page."""

    default_priority = Stage.MARK_NAMES

    def apply(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        mark_names(self.document)
