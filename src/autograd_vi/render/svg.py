"""A folded graph as SVG: boxes by kind, shapes on the lines, and what a replay recorded.

Kinds differ by outline, not by colour alone. Colours and line styles stand in ``graph.css``, so that
a page's light and dark theme reaches the picture; text takes the page's own colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from autograd_vi.columns import columns_of
from autograd_vi.render.arrivals import arrivals_svg, is_counted
from autograd_vi.render.curves import curve
from autograd_vi.render.direction import Direction, mirrored_path, runs_right
from autograd_vi.render.folding import fold
from autograd_vi.render.kept import kept_words
from autograd_vi.render.kinds import KINDS, css_class
from autograd_vi.render.labels import label_size, link_label
from autograd_vi.render.layout import place
from autograd_vi.render.lettering import LINE, SMALL_LINE
from autograd_vi.render.level import (
    BANNER,
    COUNTS,
    FRAME,
    HEADER,
    Level,
    box_text,
    lay_out,
    shows_grad,
)
from autograd_vi.render.opening import link_svg
from autograd_vi.render.overlay import Overlay, lit_attribute, tick_svg
from autograd_vi.render.picture import ENTRY, EXIT, Box, Picture
from autograd_vi.render.signs import places
from autograd_vi.render.sizes import Size
from autograd_vi.render.titles import box_title, picture_title
from autograd_vi.render.words import WriteWord, escape, plain_word, text_word
from autograd_vi.walk import paused_gc

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.graph import Graph
    from autograd_vi.render.folding import Unfold

MARGIN = 10
ARROW = 6  # a line ends that far above the box, inside of its arrow


def draw(
    graph: Graph,
    picture: Picture,
    overlay: Overlay | None = None,
    write_word: WriteWord = text_word,
    direction: Direction = "down",
    *,
    opens: Mapping[tuple[int, ...], str] | None = None,
) -> str:
    """Return the ``<svg>`` element, without a style sheet.

    Args:
        graph: what is drawn.
        picture: what is drawn of it.
        overlay: what a replay adds.
        write_word: makes elements of keyed words.
        direction: where gradients run.
        opens: where folded boxes lead, by their nodes: the identifier of an element on the same page.
    """
    right = runs_right(direction)
    overlay = overlay or Overlay(saved=graph.saved or ())
    columns = columns_of(graph)
    # Networks repeat their blocks: levels that are alike are placed once.
    nested = any(box.inside is not None for box in picture.boxes)
    level = lay_out(columns, picture, overlay, cache(place) if nested else place, right=right)
    width, height = level.placed.width + 2 * MARGIN, level.placed.height + 2 * MARGIN
    links: list[str] = []
    # Links are no part of an image: what can be pressed stands beside it, and lies on its boxes.
    role, image = ("none", '<g role="img">\n') if opens else ("img", "")
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="av-svg" role="{role}" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        *([image] if image else []),
        picture_title(columns, picture, write_word),
        write_word("graph.desc_right" if right else "graph.desc", "desc"),
    ]
    _Pen(columns, overlay, write_word, out, right, opens or {}, links).level(
        level, (MARGIN, MARGIN)
    )
    out.extend([*(["</g>", *links] if opens else []), "</svg>"])
    return "\n".join(out)


def svg_document(graph: Graph, unfold: Unfold = (), direction: Direction = "down") -> str:
    """Return the picture as a document of its own: with its style, and dark where the reader is."""
    with paused_gc():
        svg = draw(graph, fold(graph, unfold), write_word=plain_word, direction=direction)
    head, rest = svg.split("\n", 1)
    return f"{head}\n{_style_of_a_document()}\n{rest}\n"


@cache
def _style_of_a_document() -> str:
    alone = "svg{color:#1b1f24}@media(prefers-color-scheme:dark){svg{color:#d6d9dd}}"
    on_a_page = ':is(body[data-theme="auto"], .no-js body) :is(.av-figure, .av-svg)'
    dark = style_sheet().replace(on_a_page, ".av-svg")
    return f"<style>/*<![CDATA[*/\n{alone}\n{dark}/*]]>*/</style>"


@cache
def style_sheet() -> str:
    """Return the text of ``graph.css``."""
    return files("autograd_vi.render").joinpath("graph.css").read_text(encoding="utf-8")


def legend_glyph(kind: str) -> str:
    """Return a small picture of a box of this kind, for the key."""
    outline = KINDS[kind].outline(18, 11, Size(15, 15, 16))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="av-svg av-glyph" viewBox="0 -4 37 28" '
        f'width="37" height="28" aria-hidden="true"><g class="av-node {css_class(kind)}">{outline}</g></svg>'
    )


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes elements for a graph and an overlay into ``out``; ``write_word`` makes elements of keyed words.

    ``right`` says that the picture runs to the right, ``opens`` where folded boxes lead; ``links`` takes these links.
    """

    columns: Columns
    overlay: Overlay
    write_word: WriteWord
    out: list[str]
    right: bool
    opens: Mapping[tuple[int, ...], str]
    links: list[str]

    def level(self, level: Level, corner: tuple[int, int], ahead: int = 0, behind: int = 0) -> None:
        """Draw the boxes of a level, then its lines.

        Args:
            level: the level.
            corner: its upper left corner.
            ahead: how far before the level the lines start that enter it, at the frame.
            behind: how far behind it the lines end that leave it.
        """
        dx, dy = corner
        for k, box in enumerate(level.picture.boxes):
            x, y = level.placed.centers[k]
            if box.inside is None:
                self.box(box, level.texts[k], (x + dx, y + dy), level.sizes[k], level.signs[k])
            else:
                self.frame(level, k, (x + dx, y + dy))
        for k in range(len(level.picture.links)):
            self.link(level, k, corner, ahead, behind)

    def frame(self, level: Level, k: int, center: tuple[int, int]) -> None:
        """Draw an unfolded module or repeat and what is in it."""
        box, size, inside = level.picture.boxes[k], level.sizes[k], level.inside[k]
        x, y = center
        left, top = x - size.left, y - size.height // 2
        looks = (css_class("frame"), css_class(box.look))
        self.out.extend(
            [
                f'<g class="av-node {" ".join(dict.fromkeys(looks))}"'
                f"{lit_attribute(self.overlay.steps_of(box.nodes))}>",
                box_title(self.columns, box, self.write_word),
                KINDS[box.look].outline(x, y, size),
                self.name_of_frame(box, f' x="{left + 10}" y="{top + 16}"') + "</g>",
            ]
        )
        beyond = size.left + size.right - inside.placed.width
        if self.right:
            self.level(inside, (left + FRAME, top + BANNER), FRAME, beyond - FRAME)
        else:
            self.level(inside, (x - inside.entry, top + HEADER), HEADER, FRAME)

    def name_of_frame(self, box: Box, place: str) -> str:
        """Return what stands in the corner of a frame; words among it are keyed."""
        if box.label:
            return _text(box_text(box), place)
        return self.write_word(box.times_word, "text", place, n=f"{box.times:,}")

    def link(self, level: Level, k: int, corner: tuple[int, int], ahead: int, behind: int) -> None:
        """Draw a line with its arrow and label; arguments as for ``level``."""
        link, overlay, (dx, dy) = level.picture.links[k], self.overlay, corner
        points = [(x + dx, y + dy) for x, y in level.placed.routes[k]]
        if self.right:  # the way downwards is mirrored
            points = [(y, x) for x, y in points]
        if link.source == ENTRY:
            points[0] = (points[0][0], points[0][1] - ahead)
        if link.target == EXIT:
            points[-1] = (points[-1][0], points[-1][1] + behind)
        has_arrow = link.target >= 0 and level.picture.boxes[link.target].inside is None
        lit = ""
        if overlay.steps:
            lit = lit_attribute([0] if link.root is not None else overlay.steps_along(link.edges))
        path = curve(points, ARROW if has_arrow else 0)
        if self.right:
            path = mirrored_path(path)
        self.out.append(f'<g class="av-edge"{lit}>\n<path d="{path}"/>')
        if has_arrow:
            x, y = points[-1]
            arrow = f"M{y} {x}l-8-4v8z" if self.right else f"M{x} {y}l-4-8h8z"
            self.out.append(f'<path class="av-arrow" d="{arrow}"/>')
        x, y = level.placed.labels[k]
        if level.labels[k]:
            self.label(level.labels[k], (x + dx, y + dy), link_label(self.columns, link))
        self.out.append("</g>")

    def label(self, lines: list[str], point: tuple[int, int], shape: str) -> None:
        """Write what stands beside a line, or below one that runs to the right; ``shape`` may be its first line."""
        x, y = point
        if self.right and lines:
            size = label_size(lines)
            x, y = x - (size.left + size.right) // 2 + 4, y + SMALL_LINE
        else:
            x, y = x + 6, y - SMALL_LINE * (len(lines) - 1) // 2 + 4
        for nth, line in enumerate(lines):
            part = "av-shape" if nth == 0 and line == shape else "av-value"
            self.out.append(_text(line, f' x="{x}" y="{y + SMALL_LINE * nth}"', part))

    def box(
        self, box: Box, lines: list[str], center: tuple[int, int], size: Size, sign: str
    ) -> None:
        """Draw a box with its name, and the sign before it."""
        x, y = center
        overlay, kind = self.overlay, KINDS[box.kind]
        lit = ""
        if overlay.steps:
            lit = lit_attribute([0] if box.kind == "root" else overlay.steps_of(box.nodes))
        title = box_title(self.columns, box, self.write_word, overlay)
        outline = kind.outline(x, y, size)
        self.out.append(f'<g class="av-node {css_class(box.kind)}"{lit}>\n{title}\n{outline}')
        has_grad = bool(overlay.leaves) and shows_grad(box, overlay)
        small = [(COUNTS[kind.folded], box.counts)] if kind.folded in COUNTS else []
        if overlay.saved and (kept := kept_words(box, overlay)):
            small.append(kept)
        counted = has_grad and is_counted(overlay.arrivals.get(box.nodes[0], ()))
        n_lines = len(lines) + len(small) + has_grad + counted
        first = y - (n_lines - 1) * LINE // 2 + 5
        self.name(box, lines, (x, first), sign)
        last = first + len(lines) * LINE - 1
        for key, values in small:
            attributes = f' class="av-small" x="{x}" y="{last}"'
            self.out.append(self.write_word(key, "text", attributes, **values))
            last += LINE
        if has_grad:
            self.grad(box.nodes[0], (x, last), counted=counted)
        anchor = self.opens.get(box.nodes) if self.opens else None
        if anchor:
            self.links.append(link_svg(box, center, size, anchor, self.write_word))
        if lit:
            self.out.append(
                tick_svg(x + size.right - (22 if anchor else 3), y - size.height // 2 + 1)
            )
        self.out.append("</g>")

    def name(self, box: Box, lines: list[str], place: tuple[int, int], sign: str) -> None:
        """Write the name into a box, from the axis and the first line's height; words among it are keyed."""
        x, y = place
        if box.kind == "root":
            y -= 3  # it ends in a point
        if box.is_numbered_root:
            number = {"n": box.label} if box.label else {}
            key = "box.root_nr" if number else "box.root"
            self.out.append(self.write_word(key, "text", f' x="{x}" y="{y}"', **number))
            return
        if sign:
            before, x = places(sign, lines[0], x)
            self.out.append(_text(sign, f' x="{before}" y="{y}"', "av-sign"))
        for nth, line in enumerate(lines):
            self.out.append(_text(line, f' x="{x}" y="{y + nth * LINE}"'))

    def grad(self, leaf: int, place: tuple[int, int], *, counted: bool) -> None:
        """Write a leaf's ``.grad`` before and after the pass, and how many contributions have arrived."""
        x, y = place
        overlay = self.overlay
        for part, texts in (("av-before", overlay.before), ("av-value", overlay.leaves)):
            self.out.append(_text(texts[leaf], f' x="{x}" y="{y}"', part))
        if counted:
            self.out.extend(arrivals_svg(overlay.arrivals[leaf], x, y + LINE, self.write_word))


_escaped = lru_cache(maxsize=1024)(escape)  # shapes and operations stand in many places


def _text(text: str, attributes: str, css_class: str = "") -> str:
    """Return a name, a shape or a value as a text that a browser's translation leaves alone."""
    classes = f"{css_class} notranslate" if css_class else "notranslate"
    return f'<text class="{classes}"{attributes}>{_escaped(text)}</text>'
