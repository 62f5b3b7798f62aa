"""Code in a line of text stays on one line where a phone has room for it: ``a - b`` is not torn apart at its minus.

site.css keeps it together; what is too long for that is marked here, and may break. The text itself stays as it is, so
that it can be copied.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

LONGEST = 32
"""Characters of code that fit on one line of a list in a box, on a screen of 360 pixels."""
LONG = "long"


def mark_long(document: nodes.document, longest: int = LONGEST) -> None:
    """Mark the code in lines of text that has more than ``longest`` characters."""
    for code in document.findall(nodes.literal):
        if len(code.astext()) > longest:
            code["classes"].append(LONG)


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the code of one page."""
    del docname
    if app.builder.format == "html":
        mark_long(doctree)
