"""In which order the vertices of each layer stand, so that few lines cross.

Barycentre sweeps, as in Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System
Structures" (1981): down and up in turn, each vertex goes to the middle of its neighbours in the layer before it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from operator import add

PATIENCE = 4  # sweeps without an improvement before it is given up
SWEEPS = 60  # at most, from one start
LARGE = 1000  # more vertices than this have one start only


def order_layers(layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Return the vertices of each layer from left to right.

    Where it crosses no more lines, the lines of a vertex leave it from left to right as they are given.

    Args:
        layers: the layer of each vertex.
        edges: pairs of vertices in neighbouring layers, the upper one first.
    """
    above: list[list[int]] = [[] for _ in layers]
    below: list[list[int]] = [[] for _ in layers]
    for source, target in edges:
        above[target].append(source)
        below[source].append(target)
    from_top = sorted(range(len(layers)), key=layers.__getitem__)
    from_bottom = sorted(from_top, key=layers.__getitem__, reverse=True)
    # The order in which a walk meets the vertices: down from the top, along all lines, or up from the bottom.
    walks = [(below, from_top), (list(map(add, below, above)), from_top), (above, from_bottom)]
    found: list[tuple[int, int, list[list[int]]]] = []
    for neighbours, starts in walks if len(layers) <= LARGE else walks[1:2]:
        crossings, rows = _swept(_depth_first(layers, neighbours, starts), above, below)
        disorder = _disorder(rows, below)
        if disorder > 0:
            rows = [row[::-1] for row in rows]
        found.append((crossings, -abs(disorder), rows))
        if not crossings:
            break
    return min(found)[-1]


def _disorder(rows: list[list[int]], below: list[list[int]]) -> int:
    """Return how many neighbouring lines of one vertex stand the other way round, less those that do not."""
    place = [0] * len(below)
    for row in rows:
        _note_places(row, place)
    return sum(
        (place[a] > place[b]) - (place[a] < place[b])
        for targets in below
        for a, b in pairwise(targets)
    )


def count_crossings(
    rows: Sequence[Sequence[int]], above: Sequence[Sequence[int]], place: Sequence[int]
) -> int:
    """Return how many pairs of lines cross.

    Args:
        rows: the vertices of each layer from left to right.
        above: the upper ends of the lines to each vertex.
        place: the place of each vertex in its row.
    """
    count = 0
    for row in rows:
        ends: list[int] = []  # of the lines from above, in the order in which they arrive
        for v in row:
            ends += sorted([place[u] for u in above[v]])
        in_order = sorted(ends)
        if ends == in_order:
            continue
        passed: list[int] = []
        for nth, end in enumerate(ends):
            k = bisect_right(passed, end)
            count += nth - k
            passed.insert(k, end)
    return count


def _swept(
    rows: list[list[int]], above: list[list[int]], below: list[list[int]]
) -> tuple[int, list[list[int]]]:
    """Return the best order that sweeps over these rows come by, after its number of crossings."""
    place = [0] * len(above)
    for row in rows:
        _note_places(row, place)
    fewest, best, best_sweep = count_crossings(rows, above, place), [*rows], -1
    for sweep in range(SWEEPS):
        if not fewest or sweep - best_sweep > PATIENCE:
            break
        downwards = sweep % 2 == 0
        near = above if downwards else below
        for r in range(len(rows)) if downwards else reversed(range(len(rows))):
            if len(rows[r]) > 1:
                # Every other time those that want to be at the same place change sides.
                row = rows[r] if sweep % 4 < 2 else rows[r][::-1]
                rows[r] = sorted(row, key=_barycentres(row, near, place).__getitem__)
                _note_places(rows[r], place)
        crossings = count_crossings(rows, above, place)
        if crossings < fewest:
            fewest, best, best_sweep = crossings, [*rows], sweep
    return fewest, best


def _barycentres(row: list[int], near: list[list[int]], place: list[int]) -> dict[int, float]:
    """Return the mean place of each vertex's neighbours; without any it stays where it is."""
    return {
        v: sum([place[u] for u in near[v]]) / len(near[v]) if near[v] else place[v] for v in row
    }


def _note_places(row: list[int], place: list[int]) -> None:
    for k, v in enumerate(row):
        place[v] = k


def _depth_first(
    layers: Sequence[int], neighbours: list[list[int]], starts: list[int]
) -> list[list[int]]:
    """Return the vertices of each layer in the order in which a walk from these starts meets them."""
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    met = [False] * len(layers)
    for start in starts:
        waiting = [start]
        while waiting:
            v = waiting.pop()
            if not met[v]:
                met[v] = True
                rows[layers[v]].append(v)
                waiting += reversed(neighbours[v])
    return rows
