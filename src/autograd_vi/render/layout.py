"""Where boxes and lines go: layers from top to bottom, in the style of Sugiyama.

A chain of boxes is a column, and trees are placed as trees. Elsewhere python-igraph orders the vertices
of each layer so that few lines cross. What it does not know is done here and in the modules beside:
boxes of different widths, labels on lines (a label is a vertex of a layer between two layers of boxes,
so that nothing overlaps it), and lines that stay straight over many layers.
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
from autograd_vi.render.sweeps import settled, straighten
from autograd_vi.render.trees import tidy, trees

GAP = 14  # between neighbours in a layer


class Placed(NamedTuple):
    """A finished layout.

    ``centers`` are the axes and middle heights of the boxes, ``routes`` the points of each line from
    its source's lower edge to its target's upper edge, ``labels`` the place of each line's label.
    """

    width: int
    height: int
    centers: list[tuple[int, int]]
    routes: list[list[tuple[int, int]]]
    labels: list[tuple[int, int]]


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
    order = _path(len(boxes), edges)
    if order and not any(size.top for size in boxes):
        return _column(order, boxes, edges, labels, lowest)
    layers = [2 * layer for layer in longest_paths(len(boxes), edges)]
    if lowest is not None and len(boxes) > 1:
        layers[lowest] = max([layer for v, layer in enumerate(layers) if v != lowest]) + 1
    sizes = list(boxes)
    chains = _chains(edges, labels, layers, sizes)
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    if found := trees(layers[: len(boxes)], chains):
        for v in found.order:
            rows[layers[v]].append(v)
        axes = tidy(found, sizes, GAP, STRAIGHT)
    else:
        short = [pair for chain in chains for pair in pairwise(chain)]
        for v in _order(layers, short):
            rows[layers[v]].append(v)
        axes = settled(rows, sizes, short, len(boxes), GAP)
        straighten(axes, rows, sizes, chains, GAP)
    left = min([x - size.left for x, size in zip(axes, sizes, strict=True)], default=0.0)
    xs = [round(x - left) for x in axes]
    ys, tall = _ordinates(rows, sizes)
    ports = find_ports(chains, xs, sizes)

    def turned(v: int) -> int:
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
        if (beyond := min([xs[v] - sizes[v].left for v in lines])) < 0:
            xs = [x - beyond for x in xs]
            ports = [(start - beyond, end - beyond) for start, end in ports]
    points = [(x, ys[layer]) for x, layer in zip(xs, layers, strict=True)]
    routes = find_routes(chains, ports, points, sizes, turned)
    # Where no layer is between two boxes, there is no room for a label.
    label_of = [chain[-2] if len(chain) > 2 else chain[-1] for chain in chains]
    right = max([x + size.right for x, size in zip(xs, sizes, strict=True)], default=0)
    if lines:
        right = max(right, *[xs[v] + sizes[v].right + line.right for v, line in lines.items()])
    return Placed(
        right,
        sum(tall) + LAYER_GAP * max(len(tall) - 1, 0),
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


def _path(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the boxes in their order if each one leads to the next; nothing if they do not."""
    below = dict(edges)
    targets = set(below.values())
    if not len(edges) == len(below) == len(targets) == n - 1:
        return []
    (v,) = set(range(n)) - targets
    order = [v]
    while v in below:
        v = below[v]
        order.append(v)
    return order if len(order) == n else []  # else the others are in a cycle


def _column(
    order: list[int],
    boxes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[Size],
    lowest: int | None,
) -> Placed:
    """Place boxes below each other: all lines are straight, and there is nothing to weigh up."""
    line_to = {target: k for k, (_, target) in enumerate(edges)}
    xs, ys, label_ys = [0] * len(boxes), [0] * len(boxes), [0] * len(labels)
    sides: list[tuple[int, int]] = []
    x = y = 0
    for v in order:
        size = boxes[v]
        if v != order[0]:
            k = line_to[v]
            y += LAYER_GAP
            if v == lowest:  # there is no room for a label
                label_ys[k] = y + size.height // 2
            else:
                sides.append((x - labels[k].left, x + labels[k].right))
                label_ys[k] = y + labels[k].height // 2
                y += labels[k].height + LAYER_GAP
        xs[v], ys[v] = x, y
        sides.append((x - size.left, x + size.right))
        x += size.bottom or 0
        y += size.height
    left = min([side for side, _ in sides])
    return Placed(
        max([side for _, side in sides]) - left,
        y,
        [(x - left, y + size.height // 2) for x, y, size in zip(xs, ys, boxes, strict=True)],
        [[(xs[b] - left, ys[a] + boxes[a].height), (xs[b] - left, ys[b])] for a, b in edges],
        [(xs[b] - left, y) for (_, b), y in zip(edges, label_ys, strict=True)],
    )


def _chains(
    edges: Sequence[tuple[int, int]], labels: Sequence[Size], layers: list[int], sizes: list[Size]
) -> list[list[int]]:
    """Give each line a vertex in every layer that it passes; return its vertices from end to end.

    The label stands right above its target: there lines of one source have parted.
    """
    chains: list[list[int]] = []
    for (source, target), label in zip(edges, labels, strict=True):
        first = len(layers)
        layers += range(layers[source] + 1, layers[target])
        inner = range(first, len(layers))
        if inner:
            sizes += [BEND] * (len(inner) - 1)
            sizes.append(label)
        chains.append([source, *inner, target])
    return chains


def _order(layers: list[int], edges: list[tuple[int, int]]) -> list[int]:
    """Return the vertices so that those of each layer stand from left to right."""
    graph = igraph.Graph(len(layers), edges, directed=True)
    xs = [x for x, _ in graph.layout_sugiyama(layers=layers, maxiter=200).coords]
    return sorted(range(len(layers)), key=xs.__getitem__)


def _ordinates(rows: list[list[int]], sizes: list[Size]) -> tuple[list[int], list[int]]:
    """Return the middle height of each layer, and how tall it is."""
    ys: list[int] = []
    tall: list[int] = []
    y = -LAYER_GAP
    for row in rows:
        height = sizes[row[0]].height
        if len(row) > 1:
            height = max([sizes[v].height for v in row])
        y += LAYER_GAP + height // 2
        ys.append(y)
        tall.append(height)
        y += height // 2
    return ys, tall
