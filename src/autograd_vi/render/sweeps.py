"""Where vertices go in layers that share lines: in sweeps down and up, each near its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from operator import add, itemgetter, sub
from typing import TYPE_CHECKING, TypeAlias

from autograd_vi.render.spacing import isotonic, least_distances

if TYPE_CHECKING:
    from autograd_vi.render.sizes import Size

SWEEPS = 24  # down and up in turn
LAST = 6  # sweeps that look up and down at once

# A vertex that pulls at another one, and how far from its axis the line between them is straight.
_Pull: TypeAlias = "tuple[int, float]"
# The two that pull at a vertex, as strongly as each other; one that pulls alone is named twice. Then how
# far from the middle between their axes the vertex wants to be.
_Pair: TypeAlias = "tuple[int, int, float]"
# Pulls, each after its weight.
_WeightedPulls: TypeAlias = "list[tuple[float, int, float]]"
# A layer of several vertices: these from left to right; the pair that pulls at each, or if it is not so simple, all
# that pulls at each; the weight of all that; and how far each is from the first one, at least.
_Row: TypeAlias = (
    "tuple[list[int], list[_Pair] | None, list[_WeightedPulls], list[float], list[float]]"
)
# Most layers have a single vertex: then it stands here with its pair.
_Layer: TypeAlias = "tuple[int, int, int, float] | _Row"


def align_neighbours(
    rows: list[list[int]], sizes: list[Size], edges: list[tuple[int, int]], n_boxes: int, gap: int
) -> list[float]:
    """Return abscissas at which neighbours stand below each other, as far as the widths allow.

    Each sweep solves, layer by layer, the least squares problem of being close to one's neighbours
    in other layers while keeping order and distances (isotonic regression, solved exactly by
    pooling adjacent violators).
    """
    xs = [0.0] * len(sizes)
    wide = [r for r, row in enumerate(rows) if len(row) > 1]
    if not wide:  # all on one axis
        return xs
    # What is above and below all wide layers is a column, and follows the vertex where it ends.
    first, last = max(wide[0] - 1, 0), min(wide[-1] + 1, len(rows) - 1)
    middle = rows[first : last + 1]
    offsets = [least_distances(row, sizes, repeat(gap)) for row in middle]
    for row, offset in zip(middle, offsets, strict=True):
        half = offset[-1] / 2
        for v, x in zip(row, offset, strict=True):
            xs[v] = x - half
    above, below = _pulls(sizes, edges)
    above[rows[first][0]] = []
    below[rows[last][0]] = []
    down, up, both = (
        [
            _pulls_in_layer(row, offset, near, n_boxes)
            for row, offset in zip(middle, offsets, strict=True)
        ]
        for near in (above, below, list(map(add, above, below)))
    )
    of_middle = itemgetter(*(v for row in middle for v in row))
    for rounds, order in ((SWEEPS - LAST, down + up[::-1]), (LAST, both + both[::-1])):
        for _ in range(0, rounds, 2):
            before = of_middle(xs)
            _sweep(order, xs)
            if _only_moved(before, of_middle(xs)):
                break
    _follow(rows, sizes, first, last, xs)
    return xs


def _pulls(
    sizes: list[Size], edges: list[tuple[int, int]]
) -> tuple[list[list[_Pull]], list[list[_Pull]]]:
    """Return what pulls at each vertex from above, and from below."""
    above: list[list[_Pull]] = [[] for _ in sizes]
    below: list[list[_Pull]] = [[] for _ in sizes]
    for source, target in edges:
        # What is below a frame goes to where its lines leave. The frame does not: it would need more room.
        above[target].append((source, sizes[source].bottom or 0.0))
        below[source].append((target, 0.0))
    return above, below


def _follow(
    rows: list[list[int]], sizes: list[Size], first: int, last: int, xs: list[float]
) -> None:
    """Put what is above layer ``first`` and below layer ``last``, one vertex a layer, on straight lines."""
    for r in range(first, 0, -1):
        upper, lower = rows[r - 1][0], rows[r][0]
        xs[upper] = xs[lower] - (sizes[upper].bottom or 0.0)
    for r in range(last + 1, len(rows)):
        upper, lower = rows[r - 1][0], rows[r][0]
        xs[lower] = xs[upper] + (sizes[upper].bottom or 0.0)


def _only_moved(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether all have moved by the same amount, so that more of the same would change nothing."""
    moved: list[float] = list(map(sub, after, before))
    return max(moved) - min(moved) < 1e-6


def _pulls_in_layer(
    row: list[int], offset: list[float], near: list[list[_Pull]], n_boxes: int
) -> _Layer:
    """Return what pulls at the vertices of a layer; ``pulls`` has it for all vertices."""
    pairs: list[_Pair] = []
    weights: list[float] = []
    for v in row:
        ends = near[v] or [(v, 0.0)]
        (first, first_port), (last, last_port) = ends[0], ends[-1]
        strength = _strength(v, first, n_boxes)
        if len(ends) > 2 or _strength(v, last, n_boxes) != strength:
            break
        pairs.append((first, last, (first_port + last_port) / 2))
        weights.append(strength * len(ends))
    else:
        return (row[0], *pairs[0]) if len(row) == 1 else (row, pairs, [], weights, offset)
    pulls = [
        [(_strength(v, u, n_boxes), u, port) for u, port in near[v] or [(v, 0.0)]] for v in row
    ]
    return row, None, pulls, [sum([pull[0] for pull in some]) for some in pulls], offset


def _strength(v: int, u: int, n_boxes: int) -> float:
    """Return how strongly a vertex is pulled by another one."""
    if v == u:
        return 0.05
    # Lines are kept straighter between two bends than between boxes.
    return 8.0 if v >= n_boxes and u >= n_boxes else 1.0


def _sweep(layers: list[_Layer], xs: list[float]) -> None:
    """Move the vertices of each layer to where they are pulled, as far as there is room."""
    for layer in layers:
        if len(layer) == 4:
            v, first, last, port = layer
            xs[v] = (xs[first] + xs[last]) / 2 + port
            continue
        vertices, pairs, pulls, weights, offsets = layer
        if pairs is not None:
            wanted = [(xs[first] + xs[last]) / 2 + port for first, last, port in pairs]
        else:
            wanted = [
                sum([strength * (xs[u] + port) for strength, u, port in pull]) / weight
                for pull, weight in zip(pulls, weights, strict=True)
            ]
        for v, x in zip(vertices, isotonic(wanted, weights, offsets), strict=True):
            xs[v] = x
