"""Where boxes and lines go: layers from top to bottom, in the style of Sugiyama.

Trees are placed as trees. Elsewhere python-igraph orders the vertices of each layer so that few lines
cross. What it does not know is done here and in the modules beside: boxes of different widths, labels
on lines (a label is a vertex of a layer between two layers of boxes, so that nothing overlaps it), and
lines that stay straight over many layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import igraph

from autograd_vi.render.lines import (
    LAYER_GAP,
    STRAIGHT,
    Curve,
    Line,
    aside,
    find_ports,
    find_routes,
    pull_labels,
    turn,
)
from autograd_vi.render.sizes import BEND, Size
from autograd_vi.render.sweeps import settled
from autograd_vi.render.trees import tidy, trees

GAP = 14.0  # between neighbours in a layer


class Placed(NamedTuple):
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
    for (source, target), label in zip(edges, labels, strict=True):
        first = len(layers)
        layers += range(layers[source] + 1, layers[target])
        inner = range(first, len(layers))
        if inner:
            # The label stands right above its target: there lines of one source have parted.
            sizes += [BEND] * (len(inner) - 1)
            sizes.append(label)
        chains.append([source, *inner, target])
    short = [pair for chain in chains for pair in pairwise(chain)]
    found = trees(layers, short)
    order = found.order if found else _order(layers, short)
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    for v in order:
        rows[layers[v]].append(v)
    xs = (
        tidy(found, sizes, GAP, STRAIGHT) if found else settled(rows, sizes, short, len(boxes), GAP)
    )
    ys, tall = _ordinates(rows, sizes)
    ports = find_ports(chains, xs, sizes)

    def turned(v: int) -> float:
        return turn(sizes[v], tall[layers[v]])

    lines: dict[int, Line] = {}
    for chain, (start, end) in zip(chains, ports, strict=True):
        if len(chain) == 2:
            continue
        upper, middle, lower = chain[-3:]
        begin = start if len(chain) == 3 else xs[upper]
        if begin != end or begin != xs[middle]:
            top, bottom = ys[layers[upper]] + turned(upper), ys[layers[lower]] - turned(lower)
            curve = Curve(begin, top, end, bottom)
            shift = aside(curve, ys[layers[middle]], sizes[middle])
            lines[middle] = Line(curve, len(chain) == 3, *shift)
    if lines:
        pull_labels(lines, rows, ys, sizes, xs)
    left = min([x - size.left for x, size in zip(xs, sizes, strict=True)], default=0.0)
    right = max([x + size.right for x, size in zip(xs, sizes, strict=True)], default=0.0)
    right = max([right, *(xs[v] + sizes[v].right + line.right for v, line in lines.items())])
    heights = [round(y, 1) for y in ys]
    points = [(round(x - left, 1), heights[layer]) for x, layer in zip(xs, layers, strict=True)]
    ports = [(start - left, end - left) for start, end in ports]
    routes = find_routes(chains, ports, points, sizes, turned)
    # Where no layer is between two boxes, there is no room for a label.
    label_of = [chain[-2] if len(chain) > 2 else chain[-1] for chain in chains]
    return Placed(
        round(right - left, 1),
        round(sum(tall) + LAYER_GAP * max(len(tall) - 1, 0), 1),
        points[: len(boxes)],
        routes,
        [
            (points[v][0] + lines[v].right, points[v][1] + lines[v].down)
            if v in lines
            else points[v]
            for v in label_of
        ],
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


def _order(layers: list[int], edges: list[tuple[int, int]]) -> list[int]:
    """Return the vertices so that those of each layer stand from left to right."""
    graph = igraph.Graph(len(layers), edges, directed=True)
    xs = [x for x, _ in graph.layout_sugiyama(layers=layers, maxiter=200).coords]
    return sorted(range(len(layers)), key=xs.__getitem__)


def _ordinates(rows: list[list[int]], sizes: list[Size]) -> tuple[list[float], list[float]]:
    """Return the middle height of each layer, and how tall it is."""
    ys: list[float] = []
    tall: list[float] = []
    y = -LAYER_GAP
    for row in rows:
        height = sizes[row[0]].height
        if len(row) > 1:
            height = max([sizes[v].height for v in row])
        y += LAYER_GAP + height / 2
        ys.append(y)
        tall.append(height)
        y += height / 2
    return ys, tall
