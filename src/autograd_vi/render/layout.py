"""Where boxes and lines go: layers from top to bottom, in the style of Sugiyama.

python-igraph orders the vertices of each layer so that few lines cross. What it does not know is
done here: boxes of different widths, labels on lines (a label is a vertex of a layer between two
layers of boxes, so that nothing overlaps it), and lines that stay straight over many layers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asinh, sinh
from operator import add, lt, sub
from typing import NamedTuple, TypeAlias

import igraph

GAP = 14.0  # between neighbours in a layer
LABEL_GAP = 6.0  # between a label and the next line
LAYER_GAP = 13.0  # between a layer of boxes and a layer of labels
SWEEPS = 24  # down and up in turn
LAST = 6  # sweeps that look up and down at once
STRAIGHT = 5.0  # lines that bend less than this are drawn straight

# The two that draw a vertex, as strongly as each other; one that draws alone is named twice.
_Pair: TypeAlias = "tuple[int, int]"
# A layer from left to right, what draws each vertex (pairs; or others, each with a strength, if it is
# not so simple), how strongly it is drawn in all, and how far it is from the first one, at least.
_Pulls: TypeAlias = "list[list[tuple[float, int]]]"
_Row: TypeAlias = "tuple[list[int], list[_Pair] | None, _Pulls, list[float], list[float]]"
# Most layers have a single vertex: then it stands here with its pair.
_Layer: TypeAlias = "tuple[int, int, int] | _Row"


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
        layers[lowest] = max([layer for v, layer in enumerate(layers) if v != lowest]) + 1
    sizes = list(boxes)
    chains: list[list[int]] = []
    label_of: list[int] = []
    for (source, target), label in zip(edges, labels, strict=True):
        between = range(layers[source] + 1, layers[target])
        inner = range(len(sizes), len(sizes) + len(between))
        layers.extend(between)
        if inner:
            # The label stands right above its target: there lines of one source have parted.
            sizes.extend([_BEND] * (len(inner) - 1))
            sizes.append(label)
        label_of.append(inner[-1] if inner else target)  # no layer between: no room for a label
        chains.append([source, *inner, target])
    short = [pair for chain in chains for pair in pairwise(chain)]
    rows = _ordered(layers, short)
    xs = _abscissas(rows, sizes, short, len(boxes))
    ys, height = _ordinates(rows, sizes)
    ports = _ports(chains, xs, sizes)
    wanted: dict[int, float] = {}
    for chain, (start, end) in zip(chains, ports, strict=True):
        if len(chain) == 3:  # the label of a short line goes to where a plain curve passes
            first, middle, last = chain
            if start == end:
                wanted[middle] = start
                continue
            top = ys[layers[first]] + sizes[first].height / 2
            bottom = ys[layers[last]] - sizes[last].height / 2
            wanted[middle] = _bow(start, top, end, bottom, ys[layers[middle]])
    _pull(wanted, rows, sizes, xs)
    left = min([x - size.left for x, size in zip(xs, sizes, strict=True)], default=0.0)
    right = max([x + size.right for x, size in zip(xs, sizes, strict=True)], default=0.0)
    heights = [round(y, 1) for y in ys]
    points = [(round(x - left, 1), heights[layer]) for x, layer in zip(xs, layers, strict=True)]
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
    order: Iterable[int] = range(len(layers))
    if len(rows) < len(layers):  # else, as in a chain, there is no order to find
        graph = igraph.Graph(len(layers), edges, directed=True)
        xs = [x for x, _ in graph.layout_sugiyama(layers=layers, maxiter=200).coords]
        order = sorted(order, key=xs.__getitem__)
    for v in order:
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
    xs = [0.0] * len(sizes)
    if len(rows) == len(sizes):  # all on one axis
        return xs
    above: list[list[int]] = [[] for _ in sizes]
    below: list[list[int]] = [[] for _ in sizes]
    for source, target in edges:
        below[source].append(target)
        above[target].append(source)
    offsets = [_offsets(row, sizes, GAP) for row in rows]
    for row, offset in zip(rows, offsets, strict=True):
        middle = offset[-1] / 2
        for v, x in zip(row, offset, strict=True):
            xs[v] = x - middle
    down, up, both = (
        [_drawn(row, offset, near, n_boxes) for row, offset in zip(rows, offsets, strict=True)]
        for near in (above, below, list(map(add, above, below)))
    )
    for rounds, order in ((SWEEPS - LAST, down + up[::-1]), (LAST, both + both[::-1])):
        for _ in range(0, rounds, 2):
            before = xs.copy()
            for layer in order:
                if len(layer) == 3:
                    v, one, other = layer
                    xs[v] = (xs[one] + xs[other]) / 2
                else:
                    _settle(layer, xs)
            if _only_moved(before, xs):
                break
    return xs


def _offsets(row: list[int], sizes: list[Size], gap: float) -> list[float]:
    """Return how far each vertex of a layer is from the first one, at least."""
    offsets = [0.0]
    if len(row) > 1:
        for a, b in pairwise(row):
            offsets.append(offsets[-1] + sizes[a].right + gap + sizes[b].left)
    return offsets


def _only_moved(before: list[float], after: list[float]) -> bool:
    """Whether all have moved by the same amount, so that more of the same would change nothing."""
    moved: list[float] = list(map(sub, after, before))
    return max(moved) - min(moved) < 1e-6


def _drawn(row: list[int], offset: list[float], near: list[list[int]], n_boxes: int) -> _Layer:
    """Return what draws the vertices of a layer."""
    if len(row) == 1 and 1 <= len(ends := near[row[0]]) <= 2:
        first, last = ends[0], ends[-1]
        if row[0] < n_boxes or (first < n_boxes) == (last < n_boxes):
            return row[0], first, last
    pairs: list[_Pair] = []
    pulls: _Pulls = []
    weights: list[float] = []
    for v in row:
        # Lines are kept straighter between two bends than between boxes.
        pull = [(8.0 if v >= n_boxes and u >= n_boxes else 1.0, u) for u in near[v]] or [(0.05, v)]
        if len(pull) <= 2 and pull[0][0] == pull[-1][0]:
            pairs.append((pull[0][1], pull[-1][1]))
        pulls.append(pull)
        weights.append(sum([strength for strength, _ in pull]))
    if len(pairs) < len(row):
        return row, None, pulls, weights, offset
    if len(row) == 1:
        return row[0], *pairs[0]
    return row, pairs, pulls, weights, offset


def _settle(row: _Row, xs: list[float]) -> None:
    """Move the vertices of a layer to where they are drawn, as far as there is room."""
    vertices, pairs, pulls, weights, offsets = row
    if pairs is not None:
        wanted = [(xs[a] + xs[b]) / 2 for a, b in pairs]
    else:
        wanted = [
            sum([strength * xs[u] for strength, u in pull]) / weight
            for pull, weight in zip(pulls, weights, strict=True)
        ]
    for v, x in zip(vertices, _isotonic(wanted, weights, offsets), strict=True):
        xs[v] = x


def _isotonic(wanted: list[float], weights: list[float], offsets: list[float]) -> list[float]:
    """Return the positions nearest to ``wanted`` that keep the distances in ``offsets``."""
    free = list(map(sub, wanted, offsets))
    if all(map(lt, free, free[1:])):  # nothing is in the way, as in most layers
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
    means: list[float] = []
    for mean, _, size in blocks:
        means += [mean] * int(size)
    return list(map(add, means, offsets))


def _pull(
    wanted: dict[int, float], rows: list[list[int]], sizes: list[Size], xs: list[float]
) -> None:
    """Move vertices to where they are wanted, as far as their neighbours leave room."""
    for row in rows:
        if len(row) == 1:
            if row[0] in wanted:
                xs[row[0]] = wanted[row[0]]
            continue
        if wanted.keys().isdisjoint(row):
            continue
        offsets = _offsets(row, sizes, LABEL_GAP)
        weights = [1.0 if v in wanted else 20.0 for v in row]
        moved = _isotonic([wanted.get(v, xs[v]) for v in row], weights, offsets)
        for v, x in zip(row, moved, strict=True):
            xs[v] = x


def _ordinates(rows: list[list[int]], sizes: list[Size]) -> tuple[list[float], float]:
    """Return the middle height of each layer and the height of all."""
    ys: list[float] = []
    y = 0.0
    for r, row in enumerate(rows):
        height = max([sizes[v].height for v in row])
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


def _bow(start: float, top: float, end: float, bottom: float, y: float) -> float:
    """Return where the curve from ``(start, top)`` to ``(end, bottom)`` has the height ``y``.

    The curve is vertical at both ends, and its inner control points are in the middle of the way. So
    after the time ``t`` its height is (3t - 3t² + 2t³) / 2 of the way and its width 3t² - 2t³. With
    s = t - 1/2 the height is 1/2 + (4s³ + 3s) / 4, and sinh 3u = 4 sinh³ u + 3 sinh u solves it for s.
    """
    t = 0.5 + sinh(asinh(4 * (y - top) / (bottom - top) - 2) / 3)
    return start + (end - start) * t * t * (3 - 2 * t)


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
        upper, lower = sizes[first], sizes[last]
        top = round(points[first][1] + upper.height / 2, 1)
        bottom = round(points[last][1] - lower.height / 2, 1)
        if abs(start - end) < STRAIGHT and upper.bottom is None and lower.top is None:
            left = right = round((start + end) / 2, 1)
        else:
            left, right = round(start, 1), round(end, 1)
        between = [points[v] for v in chain[1:-1]]
        for x, y in between:
            passed = left if left == right else _bow(left, top, right, bottom, y)
            if abs(passed - x) >= STRAIGHT:
                break
        else:
            between = []
        routes.append([(left, top), *between, (right, bottom)])
    return routes
