"""A graph as HTML: the picture, its key, its modules unfolded, and the same as text."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from autograd_vi.render.folding import fold
from autograd_vi.render.kinds import KINDS, word_key
from autograd_vi.render.opening import PREFIX, parts_html, parts_of
from autograd_vi.render.picture import Picture
from autograd_vi.render.svg import draw, legend_glyph, style_sheet
from autograd_vi.render.words import attribute_word, escape, word

if TYPE_CHECKING:
    from autograd_vi.graph import Graph
    from autograd_vi.render.direction import Direction
    from autograd_vi.render.opening import Part
    from autograd_vi.render.overlay import Overlay
    from autograd_vi.render.picture import Box

TEXT = 150  # larger graphs are not repeated as text
NARROW = 11 / 12  # no picture is made smaller: its smallest letters, of 12 pixels, keep 11

_WIDTH = re.compile(r'<svg ([^>]*?) width="([\d.]+)"')
_SIZE = re.compile(r'width="([\d.]+)" height="([\d.]+)"')
_ON_A_PHONE = 340  # pixels: a picture wider than this scrolls there
_ON_A_PAGE = 690  # pixels: and one wider than this on a large screen
_HIGH = 560  # pixels: a higher picture is cut on a usual screen


def graph_html(graph: Graph) -> str:
    """Return the picture of a graph as an HTML fragment that is also well-formed XML."""
    picture = fold(graph)
    drawn = Drawn(graph, picture)
    key, whole = key_html(picture), _whole_html(drawn.html, steps=False)
    # Nobody looks for a key below a picture that reaches beyond the screen.
    above, below = (key, "") if whole and "av-fits" not in whole else ("", key)
    parts = [
        '<figure class="av-figure av-graph">',
        above,
        drawn.html,
        _foot(whole, drawn.parts_html(), below, text_html(graph)),
        "</figure>",
    ]
    return "\n".join(part for part in parts if part) + "\n" + assets(opens=bool(drawn.parts))


class Drawn:
    """The picture of a graph, and the pictures of what it folds.

    Args:
        graph: what is drawn.
        picture: what is drawn of it.
        overlay: what a replay adds.
        direction: where gradients run.
    """

    def __init__(
        self,
        graph: Graph,
        picture: Picture,
        overlay: Overlay | None = None,
        direction: Direction = "down",
    ) -> None:
        self._graph = graph
        self._overlay = overlay
        self._direction: Direction = direction
        self.parts: dict[tuple[int, ...], Part] = parts_of(graph, picture)
        self.html = self._boxed(picture, f"{PREFIX}0" if self.parts else "", opens=True)

    def _boxed(self, picture: Picture, anchor: str, *, opens: bool = False) -> str:
        """Return a picture in a box that scrolls by itself where the screen is too narrow."""
        where = {nodes: part.anchor for nodes, part in self.parts.items()} if opens else {}
        svg = draw(self._graph, picture, self._overlay, direction=self._direction, opens=where)
        if found := _WIDTH.match(svg):
            least = round(float(found[2]) * NARROW)
            svg = svg.replace("<svg ", f'<svg style="min-width:{least}px" ', 1)
        label = attribute_word("graph.picture", "aria-label")
        name = f' id="{anchor}"' if anchor else ""
        return f'<div class="av-picture"{name} tabindex="0" role="group" {label}>{svg}</div>'

    def _part(self, box: Box, anchor: str) -> str:
        return self._boxed(Picture((box,), ()), anchor)

    def parts_html(self) -> str:
        """Return each folded module of the picture, unfolded, below its name."""
        return parts_html(self.parts, self._part)


def key_html(picture: Picture, more: str = "") -> str:
    """Return the key, folded: one entry for each kind of box that the picture has, and what else is to be told."""
    found = {box.look for box in picture.walk()}
    rows = [
        f"<li>{legend_glyph(kind)}{word(word_key(kind))}</li>" for kind in KINDS if kind in found
    ]
    label = attribute_word("graph.legend", "aria-label")
    kinds = f'<ul class="av-key" {label}>{"".join(rows)}</ul>'
    return f'<details class="av-legend"><summary>{word("graph.legend")}</summary>{kinds}{more}</details>'


def stepper_foot_html(graph: Graph, drawn: Drawn, key: str) -> str:
    """Return what is folded below a stepper: each part is a word to press until it is unfolded."""
    return _foot(_whole_html(drawn.html, steps=True), key, drawn.parts_html(), text_html(graph))


def _foot(*parts: str) -> str:
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


def text_html(graph: Graph) -> str:
    """Return the graph's text tree, folded away; nothing for a large graph."""
    if len(graph.nodes) > TEXT:
        return ""
    return (
        f'<details class="av-text"><summary>{word("graph.text")}</summary>'
        f'<pre tabindex="0">{escape(str(graph))}</pre></details>'
    )


def assets(*, stepper: bool = False, opens: bool = False) -> str:
    """Return the style sheet, and the scripts that are needed, between the comments that ``strip_assets`` looks for.

    All are CDATA sections in comments, so that the fragment is HTML and XML alike.
    """
    parts = ["<!-- av:assets -->", f"<style>/*<![CDATA[*/\n{style_sheet()}/*]]>*/</style>"]
    wanted = [
        name for name, is_needed in (("stepper.js", stepper), ("opening.js", opens)) if is_needed
    ]
    parts += [f"<script>//<![CDATA[\n{script_text(name)}//]]></script>" for name in wanted]
    return "\n".join([*parts, "<!-- /av:assets -->", ""])


def script_text(name: str) -> str:
    """Return the text of ``stepper.js`` or ``opening.js``."""
    return files("autograd_vi.render").joinpath(name).read_text(encoding="utf-8")
