"""Pages as docutils has them, for tests of what changes their nodes."""

from __future__ import annotations

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document


def page_of(*children: nodes.Node) -> nodes.document:
    """Return a page that has nothing but these nodes."""
    document = new_document("page", get_default_settings())
    document += children
    return document
