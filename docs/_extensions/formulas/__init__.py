"""Formulas: MathML made when the site is built, in one font, kept together with their punctuation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from _extensions.formulas import font, mathml, punctuation

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the renderer, the font's style sheet and the transform."""
    app.add_html_math_renderer("mathml", (mathml.visit_math, None), (mathml.visit_math_block, None))
    app.connect("html-page-context", font.on_html_page_context)
    app.add_post_transform(punctuation.FormulaPunctuation)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
