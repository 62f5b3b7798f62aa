"""How lines run from box to box, and where the labels beside them stand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import asinh, ceil, sinh
from typing import NamedTuple

from autograd_vi.render.sizes import BEND, Size
from autograd_vi.render.sweeps import distances, isotonic

LABEL_GAP = 6  # between a label and the next line
LAYER_GAP = 14  # between a layer of boxes and a layer of labels
TALLER = 26  # a box that is taller than another one by this is much taller
STRAIGHT = 5  # lines that bend less than this are drawn straight


class Curve(NamedTuple):
    """A plain curve from ``(start, top)`` to ``(end, bottom)``, vertical at both ends."""

    start: float
    top: float
    end: float
    bottom: float

    def at(self, y: float) -> float:
        """Return where the curve has the height ``y``.

        Its inner control points are in the middle of the way. So after the time ``t`` its height is
        (3t - 3t² + 2t³) / 2 of the way and its width 3t² - 2t³. With s = t - 1/2 the height is
        1/2 + (4s³ + 3s) / 4, and sinh 3u = 4 sinh³ u + 3 sinh u solves it for s.
        """
        if self.start == self.end or y <= self.top:
            return self.start
        if y >= self.bottom:
            return self.end
        t = 0.5 + sinh(asinh(4 * (y - self.top) / (self.bottom - self.top) - 2) / 3)
        return self.start + (self.end - self.start) * t * t * (3 - 2 * t)


class Line(NamedTuple):
    """The line of a label, at least its last part; and how far to the right and down the label moves."""

    curve: Curve
    short: bool
    right: int
    down: int


def turn(size: Size, tall: int) -> int:
    """Return how far from the middle of its layer a box's lines may turn aside.

    That is at its edge, but at the edge of the layer if another box there is much taller: a line
    that turned earlier would cross that box.
    """
    return (tall if tall - size.height >= TALLER else size.height) // 2


def find_ports(chains: list[list[int]], xs: list[int], sizes: list[Size]) -> list[tuple[int, int]]:
    """Return where each line leaves its source and arrives at its target, from left to right."""
    starts = _ports([(chain[0], sizes[chain[0]].bottom, chain[1]) for chain in chains], xs, sizes)
    ends = _ports([(chain[-1], sizes[chain[-1]].top, chain[-2]) for chain in chains], xs, sizes)
    return list(zip(starts, ends, strict=True))


def _ports(ends: list[tuple[int, int | None, int]], xs: list[int], sizes: list[Size]) -> list[int]:
    """Return where lines meet boxes: at its one point, or spread over the box as they go on.

    An end of a line is its box, that point (None if there is none) and the vertex next to it.
    """
    ports = [xs[v] + (point or 0) for v, point, _ in ends]
    spread: dict[int, list[int]] = {}
    for k, (v, point, _) in enumerate(ends):
        if point is None:
            spread.setdefault(v, []).append(k)
    for v, lines in spread.items():
        lines.sort(key=lambda k: xs[ends[k][2]])
        room = min(26.0, 0.7 * (sizes[v].left + sizes[v].right) / len(lines))
        for nth, k in enumerate(lines):
            ports[k] += round(room * (nth - (len(lines) - 1) / 2))
    return ports


def aside(curve: Curve, y: float, label: Size) -> tuple[int, int]:
    """Return how far to the right and down a label moves, so that its own slanting line does not cross it.

    It moves up or down where the line gives way, and to the right by what the line still takes of it.
    """
    width = curve.end - curve.start
    if width == 0:
        return 0, 0
    slant = min(abs(width) / (curve.bottom - curve.top), 2.0)
    down = round(-4 * slant if width > 0 else 4 * slant)
    half = label.height // 2 - 2
    nearest = max(curve.at(y + down - half), curve.at(y + down + half))
    return ceil(max(2 * slant, nearest - curve.at(y))), down


def pull_labels(
    lines: dict[int, Line],
    rows: list[list[int]],
    ys: list[int],
    sizes: list[Size],
    xs: list[int],
) -> None:
    """Move the labels of short lines to where these pass, as far as their neighbours leave room."""
    for row, y in zip(rows, ys, strict=True):
        if lines.keys().isdisjoint(row):
            continue
        own = [lines.get(v) for v in row]
        wanted = [
            line.curve.at(y) if line and line.short else xs[v]
            for v, line in zip(row, own, strict=True)
        ]
        gaps = [
            _gap(left, right, y, sizes[v].height)
            for v, (left, right) in zip(row, pairwise(own), strict=False)
        ]
        offsets = distances(row, sizes, gaps)
        # What is on another line stays, so that a straight one stays straight.
        weights = [1.0 if line and line.short else 1000.0 for line in own]
        for v, x in zip(row, isotonic(wanted, weights, offsets), strict=True):
            xs[v] = round(x)


def _gap(left: Line | None, right: Line | None, y: float, height: int) -> float:
    """Return the room between a label of this height, in a layer at ``y``, and the next line."""
    gap: float = LABEL_GAP
    if left:
        gap += left.right
        if right:  # this line may come nearer above or below its middle
            middle = y + left.down
            near = [right.curve.at(middle + side) for side in (-height / 2, height / 2)]
            gap += max(0.0, right.curve.at(y) - min(near))
    return gap


def find_routes(
    chains: list[list[int]],
    ports: list[tuple[int, int]],
    points: list[tuple[int, int]],
    sizes: list[Size],
    turned: Callable[[int], int],
) -> list[list[tuple[int, int]]]:
    """Return the points of each line; those that a plain curve passes anyway are left out."""
    routes: list[list[tuple[int, int]]] = []
    for chain, (start, end) in zip(chains, ports, strict=True):
        first, last, inner = chain[0], chain[-1], chain[1:-1]
        upper, lower = sizes[first], sizes[last]
        top = points[first][1] + upper.height // 2
        bottom = points[last][1] - lower.height // 2
        left, right = start, end
        if abs(start - end) < STRAIGHT and upper.bottom is None and lower.top is None:
            left = right = (start + end) // 2
        if left == right and max([abs(points[v][0] - left) for v in inner], default=0) < STRAIGHT:
            routes.append([(left, top), (right, bottom)])
            continue
        leaves, arrives = points[first][1] + turned(first), points[last][1] - turned(last)
        plain = Curve(left, leaves, right, arrives)
        between: list[tuple[int, int]] = []
        for v in inner:
            x, y = points[v]
            if (
                sizes[v] is not BEND and 2 * turned(v) > sizes[v].height
            ):  # beside a box, not a label
                between += [(x, y - turned(v)), (x, y + turned(v))]
            else:
                between.append((x, y))
        if all(abs(plain.at(y) - x) < STRAIGHT for x, y in between):
            between = []
        if between or left != right:
            if 2 * turned(first) > upper.height:
                between.insert(0, (left, leaves))
            if 2 * turned(last) > lower.height:
                between.append((right, arrives))
        routes.append([(left, top), *between, (right, bottom)])
    return routes
