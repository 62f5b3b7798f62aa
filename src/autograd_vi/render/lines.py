"""How lines run from box to box."""

from __future__ import annotations

from math import asinh, sinh
from typing import NamedTuple

from autograd_vi.render.sizes import BEND, Size

TALLER = 26  # a box that is taller than another one by this is much taller
STRAIGHT = 5  # lines that bend less than this are drawn straight
_WIDEST_PORTS = 26.0  # between two lines of one box


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


def turning_distance(size: Size, layer_height: int) -> int:
    """Return how far from the middle of its layer a box's lines may turn to the side.

    That is at its edge, but at the edge of the layer if another box there is much taller: a line
    that turned earlier would cross that box.
    """
    return (layer_height if layer_height - size.height >= TALLER else size.height) // 2


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
        if len(lines) == 1:  # as most are; it stays in the middle
            continue
        lines.sort(key=lambda k: xs[ends[k][2]])
        room = min(_WIDEST_PORTS, 0.7 * (sizes[v].left + sizes[v].right) / len(lines))
        for nth, k in enumerate(lines):
            ports[k] += round(room * (nth - (len(lines) - 1) / 2))
    return ports


def find_route(
    chain: list[int],
    port: tuple[int, int],
    points: list[tuple[int, int]],
    sizes: list[Size],
    turnings: list[int],
) -> list[tuple[int, int]]:
    """Return the points of a line; those that a plain curve passes anyway are left out.

    Args:
        chain: the vertices of the line from end to end.
        port: where it leaves its source and where it arrives at its target.
        points: where each vertex is.
        sizes: how large it is.
        turnings: the :func:`turning_distance` of each vertex.
    """
    first, last, inner = chain[0], chain[-1], chain[1:-1]
    upper, lower = sizes[first], sizes[last]
    top = points[first][1] + upper.height // 2
    bottom = points[last][1] - lower.height // 2
    left, right = port
    if abs(left - right) < STRAIGHT and upper.bottom is None and lower.top is None:
        left = right = (left + right) // 2
    if left == right and max([abs(points[v][0] - left) for v in inner], default=0) < STRAIGHT:
        return [(left, top), (right, bottom)]
    leaves, arrives = points[first][1] + turnings[first], points[last][1] - turnings[last]
    between = _points_between(inner, points, sizes, turnings)
    plain = Curve(left, leaves, right, arrives)
    if all(abs(plain.at(y) - x) < STRAIGHT for x, y in between):
        between = []
    if between or left != right:
        if 2 * turnings[first] > upper.height:
            between.insert(0, (left, leaves))
        if 2 * turnings[last] > lower.height:
            between.append((right, arrives))
    return [(left, top), *between, (right, bottom)]


def _points_between(
    inner: list[int], points: list[tuple[int, int]], sizes: list[Size], turnings: list[int]
) -> list[tuple[int, int]]:
    """Return where a line passes the layers; beside a box it is vertical all along the layer."""
    between: list[tuple[int, int]] = []
    for v in inner:
        x, y = points[v]
        if sizes[v] is not BEND and 2 * turnings[v] > sizes[v].height:  # a label beside tall boxes
            between += [(x, y - turnings[v]), (x, y + turnings[v])]
        else:
            between.append((x, y))
    return between
