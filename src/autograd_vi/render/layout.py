"""Where boxes and lines go: layers from top to bottom, in the style of Sugiyama.

python-igraph orders the vertices of each layer so that few lines cross. What it does not know is
done here: boxes of different widths, labels on lines (a label is a vertex of a layer between two
layers of boxes, so that nothing overlaps it), and lines that stay straight over many layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import igraph

GAP = 14.0  # between neighbours in a layer
LABEL_GAP = 6.0  # between a label and the next line
LAYER_GAP = 13.0  # between a layer of boxes and a layer of labels
SWEEPS = 24  # down and up in turn
LAST = 6  # sweeps that look up and down at once
STRAIGHT = 5.0  # lines that bend less than this are drawn straight

# A layer from left to right; the two that a single vertex goes between, if nothing else draws it;
# how far the vertices are from the first one, at least; what draws each of them, and how strongly
# in all.
_Row: TypeAlias = "tuple[list[int], tuple[int, int] | None, list[float], list[list[tuple[float, int]]], list[float]]"


class Size(NamedTuple):
    """How far a vertex reaches to the left and right of its axis, and its height, in pixels.

    ``top`` and ``bottom`` say where, from the axis, all lines arrive and leave; None spreads them.
    """

    left: float
    right: float
    height: float
    top: float | None = None
    bottom: float | None = None


_BEND = Size(2, 2, 0)  # a line that passes a layer


@dataclass(frozen=True, slots=True)
class Placed:
    """A finished layout.

    ``centers`` are the axes and middle heights of the boxes, ``routes`` the points of each line from
    its source's lower edge to its target's upper edge, ``labels`` the place of each line's label.
    """

    width: float
    height: float
    centers: list[tuple[float, float]]
    routes: list[list[tuple[float, float]]]
    labels: list[tuple[float, float]]


def place(
    boxes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[Size],
    lowest: int | None = None,
) -> Placed:
    """Place boxes and lines.

    Args:
        boxes: the size of each box.
        edges: pairs of boxes, the upper one first; they must have no cycle.
        labels: the size of each edge's label.
        lowest: a box that goes below all others.
    """
    layers = [2 * layer for layer in longest_paths(len(boxes), edges)]
    if lowest is not None and len(boxes) > 1:
        layers[lowest] = max(layers[v] for v in range(len(boxes)) if v != lowest) + 1
    sizes = list(boxes)
    chains: list[list[int]] = []
    label_of: list[int] = []
    short: list[tuple[int, int]] = []
    for (source, target), label in zip(edges, labels, strict=True):
        chain = [source]
        # The label stands right above its target: there lines of one source have parted.
        at = layers[target] - 1
        for layer in range(layers[source] + 1, layers[target]):
            chain.append(len(sizes))
            layers.append(layer)
            if layer == at:
                label_of.append(len(sizes))
            sizes.append(label if layer == at else _BEND)
        if layers[target] == layers[source] + 1:  # no layer between: no room for a label
            label_of.append(target)
        chain.append(target)
        chains.append(chain)
        short.extend(pairwise(chain))
    rows = _ordered(layers, short)
    xs = _abscissas(rows, sizes, short, len(boxes))
    ys, height = _ordinates(rows, sizes)
    ports = _ports(chains, xs, sizes)
    wanted: dict[int, float] = {}
    for chain, (start, end) in zip(chains, ports, strict=True):
        if len(chain) == 3:  # the label of a short line goes to where a plain curve passes
            first, middle, last = chain
            top = ys[layers[first]] + sizes[first].height / 2
            bottom = ys[layers[last]] - sizes[last].height / 2
            wanted[middle] = _bow((start, top), (end, bottom), ys[layers[middle]])
    _pull(wanted, rows, sizes, xs)
    left = min((xs[v] - sizes[v].left for v in range(len(sizes))), default=0.0)
    right = max((xs[v] + sizes[v].right for v in range(len(sizes))), default=0.0)
    points = [(round(x - left, 1), round(ys[layers[v]], 1)) for v, x in enumerate(xs)]
    ports = [(start - left, end - left) for start, end in ports]
    routes = _routes(chains, ports, points, sizes)
    return Placed(
        round(right - left, 1),
        height,
        points[: len(boxes)],
        routes,
        [points[v] for v in label_of],
    )


def longest_paths(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return each vertex's layer: the length of the longest path that ends in it.

    Raises:
        ValueError: if the edges have a cycle.
    """
    below: list[list[int]] = [[] for _ in range(n)]
    waiting = [0] * n
    for source, target in edges:
        below[source].append(target)
        waiting[target] += 1
    ready = [v for v in range(n) if not waiting[v]]
    layers = [0] * n
    for v in ready:
        for target in below[v]:
            layers[target] = max(layers[target], layers[v] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if len(ready) < n:
        msg = "the edges have a cycle"
        raise ValueError(msg)
    return layers


def _ordered(layers: list[int], edges: list[tuple[int, int]]) -> list[list[int]]:
    """Return the vertices of each layer from left to right."""
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    if len(rows) == len(
        layers
    ):  # one vertex in each layer, as in a chain: there is no order to find
        for v, layer in enumerate(layers):
            rows[layer].append(v)
        return rows
    graph = igraph.Graph(len(layers), edges, directed=True)
    found = graph.layout_sugiyama(layers=layers, maxiter=200)
    for v in sorted(range(len(layers)), key=lambda v: (found[v][0], v)):
        rows[layers[v]].append(v)
    return rows


def _abscissas(
    rows: list[list[int]], sizes: list[Size], edges: list[tuple[int, int]], n_boxes: int
) -> list[float]:
    """Bring neighbours under each other as far as the widths allow.

    Each sweep solves, layer by layer, the least squares problem of being close to one's neighbours
    in other layers while keeping order and distances (isotonic regression, solved exactly by
    pooling adjacent violators).
    """
    above: list[list[int]] = [[] for _ in sizes]
    below: list[list[int]] = [[] for _ in sizes]
    for source, target in edges:
        below[source].append(target)
        above[target].append(source)
    offsets: list[list[float]] = []
    xs = [0.0] * len(sizes)
    for row in rows:
        offset = [0.0]
        for a, b in pairwise(row):
            offset.append(offset[-1] + sizes[a].right + GAP + sizes[b].left)
        offsets.append(offset)
        middle = offset[-1] / 2
        for v, x in zip(row, offset, strict=True):
            xs[v] = x - middle
    if all(len(row) == 1 for row in rows):  # all on one axis
        return xs
    near_above, near_below, near_both = (
        [_drawn(row, offset, near, n_boxes) for row, offset in zip(rows, offsets, strict=True)]
        for near in (above, below, [up + down for up, down in zip(above, below, strict=True)])
    )
    before: list[float] = []
    for sweep in range(0, SWEEPS, 2):
        last = sweep >= SWEEPS - LAST
        if not last and _only_moved(before, xs):
            continue
        before = xs.copy()
        down, up = (near_both, near_both) if last else (near_above, near_below)
        for row, between, offset, pulls, weights in [*down, *reversed(up)]:
            if between is not None:
                xs[row[0]] = (xs[between[0]] + xs[between[1]]) / 2
                continue
            wanted = [
                sum([p * xs[u] for p, u in pull]) / weight if pull else xs[v]
                for v, pull, weight in zip(row, pulls, weights, strict=True)
            ]
            for v, x in zip(row, _isotonic(wanted, weights, offset), strict=True):
                xs[v] = x
    return xs


def _only_moved(before: list[float], after: list[float]) -> bool:
    """Whether all have moved by the same amount, so that more of the same would change nothing."""
    moved = [a - b for a, b in zip(after, before, strict=False)]
    return bool(moved) and max(moved) - min(moved) < 1e-6


def _drawn(row: list[int], offset: list[float], near: list[list[int]], n_boxes: int) -> _Row:
    """Return what draws the vertices of a layer."""
    # Lines are kept straighter between two bends than between boxes.
    pulls = [[(8.0 if v >= n_boxes and u >= n_boxes else 1.0, u) for u in near[v]] for v in row]
    weights = [sum([p for p, _ in pull]) or 0.05 for pull in pulls]
    between = None
    if len(row) == 1 and 1 <= len(pulls[0]) <= 2 and pulls[0][0][0] == pulls[0][-1][0]:
        between = pulls[0][0][1], pulls[0][-1][1]
    return row, between, offset, pulls, weights


def _isotonic(wanted: list[float], weights: list[float], offsets: list[float]) -> list[float]:
    """Return the positions nearest to ``wanted`` that keep the distances in ``offsets``."""
    free = [x - offset for x, offset in zip(wanted, offsets, strict=True)]
    if all(a < b for a, b in pairwise(free)):  # nothing is in the way, as in most layers
        return wanted
    blocks: list[list[float]] = []  # mean, weight, size
    for x, weight in zip(free, weights, strict=True):
        blocks.append([x, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            mean, mass, size = blocks.pop()
            last = blocks[-1]
            last[0] = (last[0] * last[1] + mean * mass) / (last[1] + mass)
            last[1] += mass
            last[2] += size
    means = [mean for mean, _, size in blocks for _ in range(int(size))]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _pull(
    wanted: dict[int, float], rows: list[list[int]], sizes: list[Size], xs: list[float]
) -> None:
    """Move vertices to where they are wanted, as far as their neighbours leave room."""
    for row in rows:
        if not any(v in wanted for v in row):
            continue
        offsets = [0.0]
        for a, b in pairwise(row):
            offsets.append(offsets[-1] + sizes[a].right + LABEL_GAP + sizes[b].left)
        weights = [1.0 if v in wanted else 20.0 for v in row]
        moved = _isotonic([wanted.get(v, xs[v]) for v in row], weights, offsets)
        for v, x in zip(row, moved, strict=True):
            xs[v] = x


def _ordinates(rows: list[list[int]], sizes: list[Size]) -> tuple[list[float], float]:
    """Return the middle height of each layer and the height of all."""
    ys: list[float] = []
    y = 0.0
    for r, row in enumerate(rows):
        height = max(sizes[v].height for v in row)
        y += (LAYER_GAP if r else 0.0) + height / 2
        ys.append(y)
        y += height / 2
    return ys, round(y, 1)


def _ports(
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
            lines.sort(key=lambda k, s=step: (xs[chains[k][s]], k))  # type: ignore[misc]
            room = min(26.0, 0.7 * (sizes[v].left + sizes[v].right) / len(lines))
            port = sizes[v].bottom if step == 1 else sizes[v].top
            for nth, k in enumerate(lines):
                spread = room * (nth - (len(lines) - 1) / 2)
                ports[k] = xs[v] + (spread if port is None else port)
    return list(zip(starts, ends, strict=True))


def _bow(start: tuple[float, float], end: tuple[float, float], y: float) -> float:
    """Return where the curve from ``start`` to ``end``, vertical at both, has the height ``y``."""
    if start[0] == end[0]:
        return start[0]
    low, high = 0.0, 1.0
    height = (y - start[1]) / (end[1] - start[1])
    for _ in range(20):
        t = (low + high) / 2
        # The curve's height has its inner control points in the middle of the way.
        if 1.5 * t * (1 - t) + t**3 < height:
            low = t
        else:
            high = t
    t = (low + high) / 2
    return start[0] + (end[0] - start[0]) * t * t * (3 - 2 * t)


def _routes(
    chains: list[list[int]],
    ports: list[tuple[float, float]],
    points: list[tuple[float, float]],
    sizes: list[Size],
) -> list[list[tuple[float, float]]]:
    """Return the points of each line; those that a plain curve passes anyway are left out."""
    routes: list[list[tuple[float, float]]] = []
    for chain, (start, end) in zip(chains, ports, strict=True):
        first, last = chain[0], chain[-1]
        top = (round(start, 1), round(points[first][1] + sizes[first].height / 2, 1))
        bottom = (round(end, 1), round(points[last][1] - sizes[last].height / 2, 1))
        free = sizes[first].bottom is None and sizes[last].top is None
        between = [points[v] for v in chain[1:-1]]
        if abs(start - end) < STRAIGHT and free:
            middle = round((start + end) / 2, 1)
            top, bottom = (middle, top[1]), (middle, bottom[1])
        if all(abs(_bow(top, bottom, y) - x) < STRAIGHT for x, y in between):
            between = []
        routes.append([top, *between, bottom])
    return routes
