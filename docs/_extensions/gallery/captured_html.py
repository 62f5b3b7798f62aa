"""Show the graphs and steppers that the run captured, in the reader's language.

A cell that ends in a graph leaves HTML with keyed words (``autograd_vi.render.words``). It is captured once for
all languages; here it becomes a node of its own, outside the search index. Its words come from the catalogue of
the interface; its style sheet and script are files of the site, loaded on the pages that need them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform

from _extensions.formulas.mathml import for_book
from _extensions.stages import Stage
from facts.folders import PACKAGE
from facts.package_file import load_package_file

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

RENDER = PACKAGE / "render"
STYLE, SCRIPT, OPENING_SCRIPT = "graph.css", "stepper.js", "opening.js"

_ = get_translation("sphinx")
_FIGURE = re.compile(r"<figure class=\"av-figure\b.*</figure>", re.DOTALL)
_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_LEGEND = '<details class="av-legend">'
_OPEN_LEGEND = '<details class="av-legend" open="open">'  # of a page's first figure
_STEPPER = 'class="av-figure av-stepper'
_OPENS = 'class="av-opens"'
# Each figure counts the parts that it opens; a page may have several figures.
_ANCHOR = re.compile(r'(?<=id="|f="#)av-part-')


class captured_html(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """HTML that a cell showed; its text is in the attribute ``html``, where no indexer looks."""


WORDS = load_package_file("render/words.py")


def extract_figure(html: str) -> str | None:
    """Return our figure in what sphinx-gallery or MyST-NB captured, without style and script, or None."""
    found = _FIGURE.search(WORDS.strip_assets(html))
    return found[0] if found else None


def number_parts(figure: str, number: int) -> str:
    """Return a figure whose parts have identifiers that no other figure of the page has."""
    return _ANCHOR.sub(f"av-{number}-part-", figure)


class TakeCapturedHtml(SphinxTransform):
    """Replace raw HTML of ours by nodes of ours."""

    default_priority = Stage.TAKE_CAPTURED_HTML

    def apply(self, **kwargs: Any) -> None:
        """Look through one page."""
        del kwargs
        legend = _OPEN_LEGEND
        number = 0
        for raw in list(self.document.findall(nodes.raw)):
            figure = extract_figure(raw.astext()) if raw.get("format") == "html" else None
            if figure is not None:
                number += 1
                figure = number_parts(figure.replace(_LEGEND, legend, 1), number)
                raw.replace_self(captured_html(html=figure))
                legend = _LEGEND


def visit_captured_html(self: Any, node: captured_html) -> None:
    """Write the figure with the words of the language."""
    html = WORDS.translate_html(node["html"], lambda _key, english: str(_(english)))
    if self.builder.name == "epub":
        html = _FORMULA.sub(lambda formula: for_book(formula[0]), html)
        html = html.replace(_LEGEND, _OPEN_LEGEND)  # not every reader's program can unfold it
        if _STEPPER in html:
            note = _("A book shows all steps at once; on the site you can take them one by one.")
            html += f'\n<p class="stepper-note">{note}</p>\n'
    self.body.append(html)
    raise nodes.SkipNode


def skip(_self: Any, _node: captured_html) -> None:
    """Leave the figure out of formats that have no HTML."""
    raise nodes.SkipNode


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Publish the package's own style sheet and script beside ours."""
    del app
    config.html_static_path += [str(RENDER / name) for name in (STYLE, SCRIPT, OPENING_SCRIPT)]


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load style and script on the pages that have a graph or a stepper."""
    del pagename, templatename, context
    figures = (
        [] if doctree is None else [figure["html"] for figure in doctree.findall(captured_html)]
    )
    if figures:
        app.add_css_file(STYLE)
    if any(_STEPPER in figure for figure in figures):
        app.add_js_file(SCRIPT, loading_method="defer")
    if any(_OPENS in figure for figure in figures):
        app.add_js_file(OPENING_SCRIPT, loading_method="defer")
