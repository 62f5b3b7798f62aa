"""Where boxes and lines go: layers from top to bottom, in the style of Sugiyama.

A chain of boxes is a column, and trees are placed as trees. Elsewhere the vertices of each layer are first put in an
order in which few lines cross, and then near to their neighbours. A label is a vertex of a layer between two layers of
boxes, so that nothing overlaps it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from autograd_vi.render.column import find_path, place_column
from autograd_vi.render.layers import LAYER_GAP, Layered, ordinates, put_in_layers
from autograd_vi.render.line_labels import LabelledLine, find_slanting, pull_labels
from autograd_vi.render.lines import STRAIGHT, find_ports, find_route, turning_distance
from autograd_vi.render.ordering import order_layers
from autograd_vi.render.placed import Placed
from autograd_vi.render.sizes import Size
from autograd_vi.render.straightening import straighten
from autograd_vi.render.sweeps import align_neighbours
from autograd_vi.render.trees import find_trees, tree_abscissas

GAP = 14  # between neighbours in a layer


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
    order = find_path(len(boxes), edges)
    if order and not any(size.top for size in boxes):
        return place_column(order, boxes, edges, labels, lowest)
    level = put_in_layers(boxes, edges, labels, lowest)
    layers, sizes, chains = level
    rows, axes = _rows_and_axes(level, len(boxes))
    left = min([x - size.left for x, size in zip(axes, sizes, strict=True)], default=0.0)
    xs = [round(x - left) for x in axes]
    ys, heights = ordinates(rows, sizes)
    turnings = [
        turning_distance(size, heights[layer]) for size, layer in zip(sizes, layers, strict=True)
    ]
    ports = find_ports(chains, xs, sizes)
    slanting = find_slanting(level, ports, xs, ys, turnings)
    if slanting:
        pull_labels(slanting, rows, ys, sizes, xs)
        if (beyond := min([xs[v] - sizes[v].left for v in slanting])) < 0:
            xs = [x - beyond for x in xs]
            ports = [(start - beyond, end - beyond) for start, end in ports]
    points = [(x, ys[layer]) for x, layer in zip(xs, layers, strict=True)]
    return Placed(
        _width(xs, sizes, slanting),
        sum(heights) + LAYER_GAP * max(len(heights) - 1, 0),
        points[: len(boxes)],
        [
            find_route(chain, port, points, sizes, turnings)
            for chain, port in zip(chains, ports, strict=True)
        ],
        [_label_point(chain, points, slanting) for chain in chains],
    )


def _rows_and_axes(level: Layered, n_boxes: int) -> tuple[list[list[int]], list[float]]:
    """Return the vertices of each layer from left to right, and the axis of each vertex."""
    layers, sizes, chains = level
    if trees := find_trees(layers[:n_boxes], chains):
        rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
        for v in trees.order:
            rows[layers[v]].append(v)
        return rows, tree_abscissas(trees, sizes, GAP, STRAIGHT)
    edges = [pair for chain in chains for pair in pairwise(chain)]
    rows = order_layers(layers, edges)
    axes = align_neighbours(rows, sizes, edges, n_boxes, GAP)
    straighten(axes, rows, sizes, chains, GAP)
    return rows, axes


def _width(xs: list[int], sizes: list[Size], slanting: dict[int, LabelledLine]) -> int:
    """Return how far the picture reaches to the right."""
    reach = [x + size.right for x, size in zip(xs, sizes, strict=True)]
    moved = [xs[v] + sizes[v].right + line.right for v, line in slanting.items()]
    return max([*reach, *moved], default=0)


def _label_point(
    chain: list[int], points: list[tuple[int, int]], slanting: dict[int, LabelledLine]
) -> tuple[int, int]:
    """Return where the label of a line stands."""
    # Where no layer is between two boxes, there is no room for a label.
    v = chain[-2] if len(chain) > 2 else chain[-1]
    x, y = points[v]
    line = slanting.get(v)
    return (x, y) if line is None else (x + line.right, y + line.down)
