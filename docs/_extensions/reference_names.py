"""Mark the names in the reference: parameters, attributes, exceptions and types are the same in every language.

Sphinx writes them in bold or italics, and nothing says that they are no words of the page's language. A browser that
translates the page would translate them too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

UNTRANSLATED = "notranslate"
_BEFORE_TRANSLATION = (
    15  # while the field "type" is called so (sphinx.transforms.i18n.Locale has 20)
)


def is_name(node: nodes.Node) -> bool:
    """Tell whether ``node`` is the name of a parameter, an attribute or an exception, or a type."""
    if isinstance(node, addnodes.literal_strong | addnodes.literal_emphasis):
        return True
    if isinstance(node, nodes.paragraph) and isinstance(node.parent, nodes.field_body):
        field = node.parent.parent
        return field[0].astext().lower() == "type"
    return False


def mark_names(document: nodes.document) -> None:
    """Mark the names in every description of an object."""
    for description in document.findall(addnodes.desc_content):
        for node in description.findall(is_name):
            assert isinstance(node, nodes.Element)  # noqa: S101  # tells the type checker what is_name found
            if UNTRANSLATED not in node["classes"]:
                node["classes"].append(UNTRANSLATED)


class MarkNames(SphinxTransform):
    """Mark the names on one page."""

    default_priority = _BEFORE_TRANSLATION

    def apply(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        mark_names(self.document)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_transform(MarkNames)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
