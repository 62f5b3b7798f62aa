"""A graph as HTML: the picture, its key, its modules unfolded, and the same as text."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from autograd_vi.render.folding import fold, fold_inside
from autograd_vi.render.kinds import KINDS, word_key
from autograd_vi.render.level import box_text
from autograd_vi.render.picture import Box, Picture
from autograd_vi.render.svg import draw, legend_glyph, style_sheet
from autograd_vi.render.words import attribute_word, escape, word

if TYPE_CHECKING:
    from autograd_vi.graph import Graph
    from autograd_vi.render.direction import Direction
    from autograd_vi.render.overlay import Overlay

TEXT = 150  # larger graphs are not repeated as text
UNFOLDED = 400  # nodes that all unfolded modules below a picture may have together
NARROW = 11 / 12  # no picture is made smaller: its smallest letters, of 12 pixels, keep 11

_WIDTH = re.compile(r'<svg ([^>]*?) width="([\d.]+)"')
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_ON_A_PHONE = 340  # pixels: a picture wider than this scrolls there
_ON_A_PAGE = 690  # pixels: and one wider than this on a large screen
_HIGH = 560  # pixels: a higher picture is cut on a usual screen


def graph_html(graph: Graph) -> str:
    """Return the picture of a graph as an HTML fragment that is also well-formed XML."""
    picture = fold(graph)
    drawn = picture_html(graph, picture)
    parts = [
        '<figure class="av-figure av-graph">',
        drawn,
        foot_html(graph, picture, drawn, key_html(picture)),
        "</figure>",
    ]
    return "\n".join(parts) + "\n" + assets(script=False)


def picture_html(
    graph: Graph, picture: Picture, overlay: Overlay | None = None, direction: Direction = "down"
) -> str:
    """Return the picture in a box that scrolls by itself where the screen is too narrow."""
    svg = draw(graph, picture, overlay, direction=direction)
    if found := _WIDTH.match(svg):
        least = round(float(found[2]) * NARROW)
        svg = svg.replace("<svg ", f'<svg style="min-width:{least}px" ', 1)
    label = attribute_word("graph.picture", "aria-label")
    return f'<div class="av-picture" tabindex="0" role="group" {label}>{svg}</div>'


def key_html(picture: Picture, more: str = "") -> str:
    """Return the key, folded: one entry for each kind of box that the picture has, and what else is to be told."""
    found = {box.look for box in picture.walk()}
    rows = [
        f"<li>{legend_glyph(kind)}{word(word_key(kind))}</li>" for kind in KINDS if kind in found
    ]
    label = attribute_word("graph.legend", "aria-label")
    kinds = f'<ul class="av-key" {label}>{"".join(rows)}</ul>'
    return f'<details class="av-legend"><summary>{word("graph.legend")}</summary>{kinds}{more}</details>'


def foot_html(  # noqa: PLR0917  # the picture, as it is drawn and as it was asked for
    graph: Graph,
    picture: Picture,
    drawn: str,
    key: str,
    overlay: Overlay | None = None,
    direction: Direction = "down",
) -> str:
    """Return what is folded below a picture: each part is a word to press until it is unfolded."""
    parts = [
        _whole_html(drawn, steps=overlay is not None),
        key,
        unfolded_html(graph, picture, overlay, direction),
        text_html(graph),
    ]
    return f'<div class="av-foot">{"".join(part for part in parts if part)}</div>'


def _whole_html(drawn: str, *, steps: bool) -> str:
    """Return a box to check for the whole picture, however small, where some screen cuts it.

    A stepper's script knows when that is, and shows it then; a graph has no script.
    """
    check = f'<input type="checkbox"/>{word("graph.whole")}</label>'
    if steps:
        return f'<label class="av-whole" hidden="hidden">{check}'
    found = _SIZE.search(drawn)
    width, height = (float(found[1]), float(found[2])) if found else (0.0, 0.0)
    if width * NARROW <= _ON_A_PHONE and height <= _HIGH:
        return ""
    fits = "" if width > _ON_A_PAGE or height > _HIGH else " av-fits"
    return f'<label class="av-whole{fits}">{check}'


def unfolded_html(
    graph: Graph, picture: Picture, overlay: Overlay | None = None, direction: Direction = "down"
) -> str:
    """Return each folded module of the picture, unfolded in a ``<details>``, while there is room."""
    folded: dict[tuple[int, ...], str] = {}
    room = UNFOLDED
    for box in picture.walk():
        if box.kind in {"group", "repeat"} and box.inside is None:
            room -= len(box.nodes) // box.copies
            if room >= 0:
                folded[box.nodes] = box.path
    if not folded:
        return ""
    whole = fold_inside(graph, folded.values())
    unfolded = {box.nodes: box for box in whole.walk() if box.path in folded.values()}
    return "\n".join(_unfolded(graph, unfolded[nodes], overlay, direction) for nodes in folded)


def _unfolded(graph: Graph, box: Box, overlay: Overlay | None, direction: Direction) -> str:
    summary = word("graph.unfold", name=f"<code>{escape(box_text(box))}</code>")
    inside = picture_html(graph, Picture((box,), ()), overlay, direction)
    return f'<details class="av-unfold"><summary>{summary}</summary>{inside}</details>'


def text_html(graph: Graph) -> str:
    """Return the graph's text tree, folded away; nothing for a large graph."""
    if len(graph.nodes) > TEXT:
        return ""
    return (
        f'<details class="av-text"><summary>{word("graph.text")}</summary>'
        f'<pre tabindex="0">{escape(str(graph))}</pre></details>'
    )


def assets(*, script: bool) -> str:
    """Return the style sheet, and the script, between the comments that ``strip_assets`` looks for.

    Both are CDATA sections in comments, so that the fragment is HTML and XML alike.
    """
    parts = ["<!-- av:assets -->", f"<style>/*<![CDATA[*/\n{style_sheet()}/*]]>*/</style>"]
    if script:
        parts.append(f"<script>//<![CDATA[\n{stepper_script()}//]]></script>")
    return "\n".join([*parts, "<!-- /av:assets -->", ""])


def stepper_script() -> str:
    """Return the text of ``stepper.js``."""
    return files("autograd_vi.render").joinpath("stepper.js").read_text(encoding="utf-8")
