"""Drawing a graph: folding, layout, SVG, and the HTML of a page."""

from autograd_vi.render.direction import Direction
from autograd_vi.render.dot import dot
from autograd_vi.render.figure import graph_html
from autograd_vi.render.folding import Unfold, fold
from autograd_vi.render.page import replay_page
from autograd_vi.render.stepper import replay_html
from autograd_vi.render.svg import draw, style_sheet, svg_document
from autograd_vi.render.words import WORDS, Lookup, strip_assets, translate_html

__all__ = [
    "WORDS",
    "Direction",
    "Lookup",
    "Unfold",
    "dot",
    "draw",
    "fold",
    "graph_html",
    "replay_html",
    "replay_page",
    "strip_assets",
    "style_sheet",
    "svg_document",
    "translate_html",
]
