"""A folded graph as SVG: boxes by kind, shapes on the lines, and what a replay recorded.

Kinds differ by outline, not by colour alone. Colours and line styles stand in ``graph.css``, so that
a page's light and dark theme reaches the picture; text takes the page's own colour.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from autograd_vi.graph import columns_of
from autograd_vi.render.folding import ENTRY, EXIT, Box, Link, Picture, Unfold, fold
from autograd_vi.render.layout import Placed, place
from autograd_vi.render.sizes import Size
from autograd_vi.render.words import WORDS, Say, escape, plain_word, text_word
from autograd_vi.walk import paused_gc

if TYPE_CHECKING:
    from autograd_vi.graph import Edge, Graph
    from autograd_vi.notes import Columns

CHAR = 8  # width of a 13-pixel monospaced letter, rounded up
SMALL = 7.3  # and of a 12-pixel one
LINE = 16
LONGEST = 26  # letters in a line
LINES = 3
MARGIN = 10
FRAME = 14
HEADER = 6
_PORT = Size(2, 2, 0)  # where lines enter an unfolded module, or leave it
_NO_LABEL = Size(2, 2, 4)
METER = 12  # more contributions than this are not counted one by one


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a replay adds to the picture; step 0 is the start, step k what the k-th node did.

    Attributes:
        steps: the steps in which each node ran.
        values: the short text of what left a node: ``(node id, slot)``.
        roots: the short text of what entered each root.
        before: the text for each leaf's ``.grad`` before the backward pass.
        leaves: the same afterwards.
        arrivals: for each leaf the steps in which a contribution to its gradient left a node.
    """

    steps: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    values: Mapping[tuple[int, int], str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    before: Mapping[int, str] = field(default_factory=dict)
    leaves: Mapping[int, str] = field(default_factory=dict)
    arrivals: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


class _Laid(NamedTuple):
    """A level with its places; positions are relative to its own corner."""

    picture: Picture
    placed: Placed
    sizes: list[Size]
    texts: list[list[str]]
    labels: list[list[str]]
    inner: dict[int, _Laid]
    entry: int
    exit: int


def draw(
    graph: Graph,
    picture: Picture,
    overlay: Overlay | None = None,
    say: Say = text_word,
) -> str:
    """Return the ``<svg>`` element, without a style sheet; ``say`` makes elements of keyed words."""
    overlay = overlay or Overlay()
    # Networks repeat their blocks: levels that are alike are placed once.
    read = columns_of(graph)
    laid = _lay(read, picture, overlay, cache(place))
    width, height = laid.placed.width + 2 * MARGIN, laid.placed.height + 2 * MARGIN
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="av-svg" role="img" '
        f'viewBox="0 0 {width} {height}" width="{width}" height="{height}">',
        _title(read, picture, say),
        say("graph.desc", "desc"),
    ]
    _Pen(read, overlay, say, out).level(laid, MARGIN, MARGIN)
    out.append("</svg>")
    return "\n".join(out)


def _title(graph: Columns, picture: Picture, say: Say) -> str:
    if len(picture.boxes) == 1 and picture.boxes[0].inside is not None:  # one module alone
        return _node_title(graph, picture.boxes[0], say)
    return say("graph.title", "title", n=str(len(graph.kinds)), m=str(len(graph.edges)))


def svg_document(graph: Graph, unfold: Unfold = ()) -> str:
    """Return the picture as a document of its own: with its style, and dark where the reader is."""
    with paused_gc():
        svg = draw(graph, fold(graph, unfold), say=plain_word)
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
    size = Size(15, 15, 16)
    shape = _outline(kind, 18, 11, size)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="av-svg av-glyph" viewBox="0 -4 37 28" '
        f'width="37" height="28" aria-hidden="true"><g class="av-node av-{kind}">{shape}</g></svg>'
    )


@lru_cache  # a graph has few shapes, and each stands in many places
def shape_text(shape: tuple[int, ...] | None) -> str:
    """Return a shape as Python writes a tuple; a question mark where it is unknown."""
    return "?" if shape is None else str(tuple(shape))


def wrap(text: str) -> list[str]:
    """Cut a long name into lines, at capitals, dots and spaces where there are any."""
    if text_width(text) <= LONGEST:
        return [text]
    pieces = re.findall(r"[A-Z]?[^A-Z._\s]*[._\s]*|.", text)
    lines = [""]
    for piece in pieces:
        rest = piece
        if lines[-1] and text_width(lines[-1] + rest) > LONGEST:
            lines.append("")
        while text_width(rest) > LONGEST:
            lines[-1] = rest[:LONGEST]
            rest = rest[LONGEST:]
            lines.append("")
        lines[-1] += rest
    lines = [line for line in lines if line]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: LONGEST - 1] + "…"]
    return lines


def text_width(text: str) -> int:
    """Return the width in letters; East Asian wide letters count twice, marks not at all."""
    if text.isascii() or max(text) < "\u0300":  # no letter before that is wide, or a mark
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _lay(
    graph: Columns, picture: Picture, overlay: Overlay, placing: Callable[..., Placed]
) -> _Laid:
    """Return the picture with its places; ``placing`` is ``place``, with a memory."""
    inner: dict[int, _Laid] = {}
    sizes: list[Size] = []
    texts: list[list[str]] = []
    for k, box in enumerate(picture.boxes):
        if box.inside is not None:
            inner[k] = _lay(graph, box.inside, overlay, placing)
            texts.append([box.label])
            sizes.append(_frame_size(inner[k], box.label))
            continue
        lines = _lines(box)
        texts.append(lines)
        sizes.append(_box_size(box, lines, overlay))
    labels = [_label(graph, link, overlay) for link in picture.links]
    ends = [(link.source, link.target) for link in picture.links]
    # Only a level that something enters or leaves has a vertex for it.
    ports = [ENTRY] if ENTRY in [a for a, _ in ends] else []
    ports += [EXIT] if EXIT in [b for _, b in ends] else []
    number = {port: len(sizes) + k for k, port in enumerate(ports)}
    placed = placing(
        (*sizes, *[_PORT] * len(ports)),
        tuple([(number.get(a, a), number.get(b, b)) for a, b in ends] if ports else ends),
        tuple([_label_size(lines) for lines in labels]),
        number.get(EXIT),
    )
    half = placed.width // 2
    entry = placed.centers[number[ENTRY]][0] if ENTRY in number else half
    leave = placed.centers[number[EXIT]][0] if EXIT in number else half
    return _Laid(picture, placed, sizes, texts, labels, inner, entry, leave)


def _lines(box: Box) -> list[str]:
    if box.kind == "root":
        key = "box.root_nr" if box.label else "box.root"
        return [WORDS[key].format(n=box.label)]
    lines = wrap(box.label)
    if box.kind == "run":
        lines[-1] += f" ×{_count(box)}"
    return lines


def _count(box: Box) -> str:
    return f"{len(box.nodes):,}"


def _box_size(box: Box, lines: list[str], overlay: Overlay) -> Size:
    width: float = max(map(text_width, lines)) * CHAR + 20
    height = len(lines) * LINE + 14
    if box.kind == "group":
        counts = WORDS["box.counts"].format_map(_counts(box))
        width = max(width, text_width(counts) * SMALL * 1.15 + 22)
        height += LINE
    if box.kind == "leaf":
        width += 10
        if box.nodes[0] in overlay.leaves:
            found = (overlay.before[box.nodes[0]], overlay.leaves[box.nodes[0]])
            width = max(width, *(text_width(text) * SMALL + 22 for text in found))
            height += LINE + 8
    half = max(int(width / 2) + 1, 27)
    return Size(half, half, height)


def _counts(box: Box) -> dict[str, str]:
    return {"ops": f"{len(box.nodes) - box.leaves:,}", "leaves": f"{box.leaves:,}"}


def _frame_size(laid: _Laid, label: str) -> Size:
    width = max(laid.placed.width + 2 * FRAME, text_width(label) * CHAR + 24)
    shift = (width - laid.placed.width) // 2
    axis = shift + laid.entry
    return Size(axis, width - axis, laid.placed.height + FRAME + HEADER, 0, laid.exit - laid.entry)


def _label(graph: Columns, link: Link, overlay: Overlay) -> list[str]:
    """Return the lines beside a link: the shape, the count, and the gradient that ran along it."""
    above, below, edges, root = link
    if above < 0 or below < 0:  # it enters or leaves
        return []
    if len(edges) == 1:
        source, target, slot, nr = edges[0]
        text = output_shape(graph, target, nr)
        value = overlay.values.get((source, slot))
        return [text] if value is None else [text, value]
    if root is not None:
        node, nr = graph.roots[root]
        lines = [output_shape(graph, node, nr)]
        return [*lines, overlay.roots[root]] if overlay.roots else lines
    shapes = {output_shape(graph, target, nr) for _, target, _, nr in edges}
    text = shapes.pop() if len(shapes) == 1 else ""
    return [f"{text} ×{len(edges):,}".strip()]


def output_shape(graph: Columns, i: int, nr: int) -> str:
    """Return the text of the shape that output ``nr`` of node ``i`` has."""
    shapes = graph.shapes[i]
    return shape_text(shapes[nr]) if nr < len(shapes) else "?"


def _label_size(lines: list[str]) -> Size:
    if not lines:
        return _NO_LABEL
    return Size(4, int(max(map(text_width, lines)) * SMALL) + 9, len(lines) * 14 + 4)


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes elements for a graph and an overlay into ``out``; ``say`` makes elements of keyed words."""

    graph: Columns
    overlay: Overlay
    say: Say
    out: list[str]

    def level(self, laid: _Laid, dx: int, dy: int) -> None:
        """Draw the boxes of a level, then its lines."""
        for k, box in enumerate(laid.picture.boxes):
            x, y = laid.placed.centers[k]
            if box.inside is None:
                self.box(box, laid.texts[k], (x + dx, y + dy), laid.sizes[k])
            else:
                self.frame(laid, k, (x + dx, y + dy))
        for k in range(len(laid.picture.links)):
            self.link(laid, k, dx, dy)

    def frame(self, laid: _Laid, k: int, center: tuple[int, int]) -> None:
        """Draw an unfolded module and what is in it."""
        box, size, inner = laid.picture.boxes[k], laid.sizes[k], laid.inner[k]
        left, top = center[0] - size.left, center[1] - size.height // 2
        width = size.left + size.right
        self.out.extend(
            [
                f'<g class="av-node av-frame"{_at(_steps(box.nodes, self.overlay))}>',
                _node_title(self.graph, box, self.say),
                f'<rect x="{left}" y="{top}" width="{width}" height="{size.height}" rx="8"/>',
                _name(box.label, f' x="{left + 10}" y="{top + 16}"') + "</g>",
            ]
        )
        self.level(inner, left + (width - inner.placed.width) // 2, top + HEADER)

    def link(self, laid: _Laid, k: int, dx: int, dy: int) -> None:
        """Draw a line with its arrow and label."""
        link, lines = laid.picture.links[k], laid.labels[k]
        points = [(x + dx, y + dy) for x, y in laid.placed.routes[k]]
        # Inside an unfolded module a line starts and ends at the frame.
        if link.source == ENTRY:
            points[0] = (points[0][0], points[0][1] - HEADER)
        if link.target == EXIT:
            points[-1] = (points[-1][0], points[-1][1] + FRAME)
        arrow = link.target >= 0 and laid.picture.boxes[link.target].inside is None
        at = ""
        if self.overlay.steps:
            at = _at([0] if link.root is not None else _edge_steps(link.edges, self.overlay))
        self.out.append(f'<g class="av-edge"{at}>\n<path d="{_curve(points, 6 if arrow else 0)}"/>')
        if arrow:
            x, y = points[-1]
            self.out.append(f'<path class="av-arrow" d="M{x} {y}l-4-8h8z"/>')
        x, y = laid.placed.labels[k]
        y += dy - 7 * (len(lines) - 1) + 4
        for nth, line in enumerate(lines):
            kind = "av-shape" if nth == 0 else "av-value"
            self.out.append(_name(line, f' x="{x + dx + 6}" y="{y + 14 * nth}"', kind))
        self.out.append("</g>")

    def box(self, box: Box, lines: list[str], center: tuple[int, int], size: Size) -> None:
        """Draw a box with its name."""
        x, y = center
        overlay = self.overlay
        at = ""
        if overlay.steps:
            at = _at([0] if box.kind == "root" else _steps(box.nodes, overlay))
        title, outline = _node_title(self.graph, box, self.say), _outline(box.kind, x, y, size)
        self.out.append(f'<g class="av-node av-{box.kind}"{at}>\n{title}\n{outline}')
        filling = box.kind == "leaf" and box.nodes[0] in overlay.leaves
        extra = 1 if box.kind == "group" or filling else 0
        first = y - (len(lines) + extra - 1) * LINE // 2 + (1 if filling else 5)
        if box.kind == "root":
            values = {"n": box.label} if box.label else {}
            key = "box.root_nr" if values else "box.root"
            self.out.append(self.say(key, "text", f' x="{x}" y="{first - 3}"', **values))
            lines = []
        for nth, line in enumerate(lines):
            self.out.append(_name(line, f' x="{x}" y="{first + nth * LINE}"'))
        last = first + len(lines) * LINE - 1
        if box.kind == "group":
            small = f' class="av-small" x="{x}" y="{last}"'
            self.out.append(self.say("box.counts", "text", small, **_counts(box)))
        if filling:
            leaf = box.nodes[0]
            for kind, texts in (("av-before", overlay.before), ("av-value", overlay.leaves)):
                self.out.append(_name(texts[leaf], f' x="{x}" y="{last}"', kind))
            self.meter(leaf, center, size)
        self.out.append("</g>")

    def meter(self, leaf: int, center: tuple[int, int], size: Size) -> None:
        """Draw one cell per contribution to the leaf's gradient; each fills when it arrives."""
        steps = self.overlay.arrivals.get(leaf, ())
        cells = steps if len(steps) <= METER else steps[-1:]
        if not cells:
            return
        full = size.left + size.right - 28
        wide = (full - 2 * (len(cells) - 1)) / len(cells)
        y = center[1] + size.height // 2 - 10
        for nth, step in enumerate(cells):
            x = center[0] - full / 2 + nth * (wide + 2)
            self.out.append(
                f'<rect class="av-meter" x="{x:.1f}" y="{y}" width="{wide:.1f}" height="5"'
                f"{_at([step])}/>"
            )


def _name(text: str, attributes: str, kind: str = "") -> str:
    """Return a name, a shape or a value as a text that a browser's translation leaves alone."""
    classes = f"{kind} notranslate".lstrip()
    return f'<text class="{classes}"{attributes}>{escape(text)}</text>'


def _curve(points: list[tuple[int, int]], shorten: int) -> str:
    """Return a smooth path through the points, vertical at both ends and where it turns back."""
    (first_x, first_y), (last_x, last_y) = points[0], points[-1]
    if len(points) == 2 and first_x == last_x:  # as most are
        return f"M{first_x} {first_y}V{last_y - shorten}"
    points = [*points[:-1], (last_x, last_y - shorten)]
    slopes = [0.0]
    for (ax, ay), (bx, _), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        monotone = (bx - ax) * (cx - bx) > 0
        slopes.append((cx - ax) / (cy - ay) if monotone else 0.0)
    slopes.append(0.0)
    path = [f"M{first_x} {first_y}"]
    for nth, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
        reach = (by - ay) / 2 if len(points) == 2 else (by - ay) / 2.5
        a, b = ax + slopes[nth] * reach, bx - slopes[nth + 1] * reach
        if abs(a - bx) < 0.05 and abs(b - ax) < 0.05 and abs(ax - bx) < 0.05:
            path.append(f"V{by}")
        else:
            path.append(f"C{a:.1f} {ay + reach:.1f} {b:.1f} {by - reach:.1f} {bx} {by}")
    return "".join(path)


def _outline(kind: str, x: int, y: int, size: Size) -> str:
    left, top = x - size.left, y - size.height // 2
    right, bottom = x + size.right, y + size.height // 2
    width, height = right - left, bottom - top
    if kind == "root":
        point = f"V{bottom - 7}L{x} {bottom}L{left} {bottom - 7}z"
        return f'<path d="M{left} {top}H{right}{point}"/>'
    if kind == "custom":
        cut = 7
        right_side = f"L{right} {top + cut}V{bottom - cut}L{right - cut} {bottom}"
        left_side = f"H{left + cut}L{left} {bottom - cut}V{top + cut}z"
        return f'<path d="M{left + cut} {top}H{right - cut}{right_side}{left_side}"/>'
    if kind == "group":
        tab = min(24, width // 2)
        return f'<path d="M{left} {top - 5}h{tab}l5 5H{right}V{bottom}H{left}z"/>'
    if kind == "run":
        behind = f"M{left + 4} {bottom}v4H{right + 4}V{top + 4}h-4"
        return f'<path d="{behind}"/>\n{_rectangle(left, top, width, height, 4)}'
    radius = min(height // 2, 18) if kind == "leaf" else 5 if kind == "frame" else 4
    return _rectangle(left, top, width, height, radius)


def _rectangle(x: int, y: int, width: int, height: int, radius: int) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}"/>'


def _node_title(graph: Columns, box: Box, say: Say) -> str:
    if box.kind == "root":
        return say("kind.root", "title")
    if box.kind in {"group", "run"}:
        name = box.path or box.label
        return say("box.title", "title", name=name, **_counts(box))
    (i,) = box.nodes
    op, names = graph.ops[i], graph.names[i]
    shape = ", ".join([shape_text(shape) for shape in graph.shapes[i]]) or "?"
    if graph.kinds[i] == "leaf" and names:
        return say("node.leaf", "title", op=op, name=", ".join(names), shape=shape)
    if graph.kinds[i] == "leaf":
        return say("node.unnamed_leaf", "title", op=op, shape=shape)
    if (source := graph.sources[i]) is not None:
        return say("node.source", "title", op=op, shape=shape, line=source.text)
    return say("node.plain", "title", op=op, shape=shape)


def _steps(nodes: Iterable[int], overlay: Overlay) -> list[int]:
    if not overlay.steps:
        return []
    return sorted([step for i in nodes for step in overlay.steps.get(i, ())])


def _edge_steps(edges: Iterable[Edge], overlay: Overlay) -> list[int]:
    return sorted({step for e in edges for step in overlay.steps.get(e.source, ())})


def _at(steps: list[int]) -> str:
    """Return the attribute that tells the stepper when this is lit; neighbours as ranges."""
    if not steps:
        return ""
    parts: list[str] = []
    first = last = steps[0]
    for step in [*steps[1:], None]:
        if step is not None and step <= last + 1:
            last = step
            continue
        parts.append(str(first) if first == last else f"{first}-{last}")
        if step is not None:
            first = last = step
    return f' data-av-at="{" ".join(parts)}"'
