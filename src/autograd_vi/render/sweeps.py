"""Where vertices go in layers that share lines: in sweeps down and up, each near those that draw it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from math import inf
from operator import add, itemgetter, sub
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.render.sizes import Size

SWEEPS = 24  # down and up in turn
LAST = 6  # sweeps that look up and down at once

# A vertex that draws another one, and how far from its axis the line between them is straight.
_Near: TypeAlias = "tuple[int, float]"
# The two that draw a vertex, as strongly as each other; one that draws alone is named twice. Then how
# far from the middle between their axes the vertex wants to be.
_Pair: TypeAlias = "tuple[int, int, float]"
# A layer from left to right, what draws each vertex (pairs; or others, each with its strength and as in
# _Near, if it is not so simple), how strongly it is drawn in all, and how far it is from the first one, at least.
_Pulls: TypeAlias = "list[list[tuple[float, int, float]]]"
_Row: TypeAlias = "tuple[list[int], list[_Pair] | None, _Pulls, list[float], list[float]]"
# Most layers have a single vertex: then it stands here with its pair.
_Layer: TypeAlias = "tuple[int, int, int, float] | _Row"


def near_neighbours(
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
    offsets = [distances(row, sizes, repeat(gap)) for row in middle]
    for row, offset in zip(middle, offsets, strict=True):
        half = offset[-1] / 2
        for v, x in zip(row, offset, strict=True):
            xs[v] = x - half
    above, below = _near(sizes, edges)
    above[rows[first][0]] = []
    below[rows[last][0]] = []
    down, up, both = (
        [_drawn(row, offset, near, n_boxes) for row, offset in zip(middle, offsets, strict=True)]
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


def _near(
    sizes: list[Size], edges: list[tuple[int, int]]
) -> tuple[list[list[_Near]], list[list[_Near]]]:
    """Return what draws each vertex from above, and from below."""
    above: list[list[_Near]] = [[] for _ in sizes]
    below: list[list[_Near]] = [[] for _ in sizes]
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


def straighten(
    xs: list[float], rows: list[list[int]], sizes: list[Size], chains: list[list[int]], gap: int
) -> None:
    """Let what is on a line stand on as few axes as its neighbours leave room for.

    The sweeps weigh a straight line against all else, and so a long line may waver a little.
    ``chains`` has the vertices of each line from end to end; its ends, which are boxes, stay.
    """
    neighbours = [pair for row in rows for pair in pairwise(row)]
    right_of, left_of = dict(neighbours), {b: a for a, b in neighbours}

    def room(v: int) -> tuple[float, float]:
        low, high = -inf, inf
        if (a := left_of.get(v)) is not None:
            low = xs[a] + _apart(sizes[a], sizes[v], gap)
        if (b := right_of.get(v)) is not None:
            high = xs[b] - _apart(sizes[v], sizes[b], gap)
        return low, high

    for _, *inner, _ in chains:
        first = 0
        while first < len(inner):
            low, high = room(inner[first])
            last = first + 1
            while last < len(inner):
                least, most = room(inner[last])
                if max(low, least) > min(high, most):
                    break
                low, high = max(low, least), min(high, most)
                last += 1
            run = inner[first:last]
            x = min(max(sum([xs[v] for v in run]) / len(run), low), high)
            for v in run:
                xs[v] = x
            first = last


def distances(row: list[int], sizes: list[Size], gaps: Iterable[float]) -> list[float]:
    """Return how far each vertex of a layer is from the first one, at least.

    ``gaps`` has the room between each vertex and the next one, and may have more.
    """
    offsets = [0.0]
    for (a, b), gap in zip(pairwise(row), gaps, strict=False):
        offsets.append(offsets[-1] + _apart(sizes[a], sizes[b], gap))
    return offsets


def _apart(left: Size, right: Size, gap: float) -> float:
    return left.right + gap + right.left


def _only_moved(before: Sequence[float], after: Sequence[float]) -> bool:
    """Whether all have moved by the same amount, so that more of the same would change nothing."""
    moved: list[float] = list(map(sub, after, before))
    return max(moved) - min(moved) < 1e-6


def _drawn(row: list[int], offset: list[float], near: list[list[_Near]], n_boxes: int) -> _Layer:
    """Return what draws the vertices of a layer."""
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
    """Return how strongly a vertex is drawn by another one."""
    if v == u:
        return 0.05
    # Lines are kept straighter between two bends than between boxes.
    return 8.0 if v >= n_boxes and u >= n_boxes else 1.0


def _sweep(layers: list[_Layer], xs: list[float]) -> None:
    """Move the vertices of each layer to where they are drawn, as far as there is room."""
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


def isotonic(wanted: list[float], weights: list[float], offsets: list[float]) -> list[float]:
    """Return the positions nearest to ``wanted`` that keep the distances in ``offsets``."""
    free: list[float] = list(map(sub, wanted, offsets))
    if free == sorted(free):  # nothing is in the way, as in most layers
        return wanted
    blocks: list[tuple[float, float, int]] = []  # mean, weight, size
    for x, weight in zip(free, weights, strict=True):
        mean, mass, size = x, weight, 1
        while blocks and blocks[-1][0] >= mean:
            last, more, n = blocks.pop()
            mean = (last * more + mean * mass) / (more + mass)
            mass += more
            size += n
        blocks.append((mean, mass, size))
    means: list[float] = []
    for mean, _, size in blocks:
        means += [mean] * size
    return list(map(add, means, offsets))
