"""Show a dash between a parameter's name and its text in every language.

Sphinx writes two hyphens there and leaves them to docutils' smart quotes, which do not know Vietnamese
(sphinx.util.docfields, docutils.utils.smartquotes).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes

if TYPE_CHECKING:
    from sphinx.application import Sphinx

HYPHENS, DASH = " -- ", " – "


def draw_dashes(document: nodes.document) -> None:
    """Replace the hyphens that stand alone between a name and its text."""
    for text in list(document.findall(nodes.Text)):
        if text == HYPHENS:
            text.parent.replace(text, nodes.Text(DASH))


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Mend one page."""
    del app
    draw_dashes(doctree)
