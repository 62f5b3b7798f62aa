"""How lines run from box to box, and where the labels beside them stand."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from math import asinh, sinh
from typing import NamedTuple

from autograd_vi.render.sizes import BEND, Size
from autograd_vi.render.sweeps import distances, isotonic

LABEL_GAP = 6.0  # between a label and the next line
LAYER_GAP = 13.0  # between a layer of boxes and a layer of labels
STRAIGHT = 5.0  # lines that bend less than this are drawn straight


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
    right: float
    down: float


def turn(size: Size, tall: float) -> float:
    """Return how far from the middle of its layer a box's lines may turn aside.

    That is at its edge, but at the edge of the layer if another box there is much taller: a line
    that turned earlier would cross that box.
    """
    return (tall if tall - size.height >= 2 * LAYER_GAP else size.height) / 2


def find_ports(
    chains: list[list[int]], xs: list[float], sizes: list[Size]
) -> list[tuple[float, float]]:
    """Return where each line leaves its source and arrives at its target, from left to right."""
    leaving: dict[int, list[int]] = {}
    arriving: dict[int, list[int]] = {}
    for k, chain in enumerate(chains):
        leaving.setdefault(chain[0], []).append(k)
        arriving.setdefault(chain[-1], []).append(k)
    starts, ends = [0.0] * len(chains), [0.0] * len(chains)
    for ports, found, step in ((starts, leaving, 1), (ends, arriving, -2)):
        for v, lines in found.items():
            size = sizes[v]
            port = size.bottom if step == 1 else size.top
            if len(lines) == 1 or port is not None:
                for k in lines:
                    ports[k] = xs[v] + (port or 0.0)
                continue
            lines.sort(key=lambda k, s=step: (xs[chains[k][s]], k))  # type: ignore[misc]
            room = min(26.0, 0.7 * (size.left + size.right) / len(lines))
            for nth, k in enumerate(lines):
                ports[k] = xs[v] + room * (nth - (len(lines) - 1) / 2)
    return list(zip(starts, ends, strict=True))


def aside(curve: Curve, y: float, label: Size) -> tuple[float, float]:
    """Return how far to the right and down a label moves, so that its own slanting line does not cross it.

    It moves up or down where the line gives way, and to the right by what the line still takes of it.
    """
    width = curve.end - curve.start
    if width == 0:
        return 0.0, 0.0
    slant = min(abs(width) / (curve.bottom - curve.top), 2.0)
    down = -4.0 * slant if width > 0 else 4.0 * slant
    half = label.height / 2 - 2.0
    nearest = max(curve.at(y + down - half), curve.at(y + down + half))
    return max(2.0 * slant, nearest - curve.at(y)), down


def pull_labels(
    lines: dict[int, Line],
    rows: list[list[int]],
    ys: list[float],
    sizes: list[Size],
    xs: list[float],
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
        weights = [1.0 if line and line.short else 20.0 for line in own]
        for v, x in zip(row, isotonic(wanted, weights, offsets), strict=True):
            xs[v] = x


def _gap(left: Line | None, right: Line | None, y: float, height: float) -> float:
    """Return the room between a label of this height, in a layer at ``y``, and the next line."""
    gap = LABEL_GAP
    if left:
        gap += left.right
        if right:  # this line may come nearer above or below its middle
            middle = y + left.down
            near = [right.curve.at(middle + side) for side in (-height / 2, height / 2)]
            gap += max(0.0, right.curve.at(y) - min(near))
    return gap


def find_routes(
    chains: list[list[int]],
    ports: list[tuple[float, float]],
    points: list[tuple[float, float]],
    sizes: list[Size],
    turned: Callable[[int], float],
) -> list[list[tuple[float, float]]]:
    """Return the points of each line; those that a plain curve passes anyway are left out."""
    routes: list[list[tuple[float, float]]] = []
    for (first, *inner, last), (start, end) in zip(chains, ports, strict=True):
        upper, lower = sizes[first], sizes[last]
        top = round(points[first][1] + upper.height / 2, 1)
        bottom = round(points[last][1] - lower.height / 2, 1)
        if abs(start - end) < STRAIGHT and upper.bottom is None and lower.top is None:
            left = right = round((start + end) / 2, 1)
        else:
            left, right = round(start, 1), round(end, 1)
        if left == right and all(abs(points[v][0] - left) < STRAIGHT for v in inner):
            routes.append([(left, top), (right, bottom)])
            continue
        leaves, arrives = points[first][1] + turned(first), points[last][1] - turned(last)
        plain = Curve(left, leaves, right, arrives)
        between: list[tuple[float, float]] = []
        for v in inner:
            x, y = points[v]
            if (
                sizes[v] is not BEND and 2 * turned(v) > sizes[v].height
            ):  # beside a box, not a label
                between += [(x, round(y - turned(v), 1)), (x, round(y + turned(v), 1))]
            else:
                between.append((x, y))
        if all(abs(plain.at(y) - x) < STRAIGHT for x, y in between):
            between = []
        if between or left != right:
            if 2 * turned(first) > upper.height:
                between.insert(0, (left, round(leaves, 1)))
            if 2 * turned(last) > lower.height:
                between.append((right, round(arrives, 1)))
        routes.append([(left, top), *between, (right, bottom)])
    return routes
