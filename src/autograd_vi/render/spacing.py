"""Places in a row that are as near to the wanted ones as their distances allow."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from operator import add, sub
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd_vi.render.sizes import Size


def least_distances(row: list[int], sizes: list[Size], gaps: Iterable[float]) -> list[float]:
    """Return how far each vertex of a layer is from the first one, at least.

    ``gaps`` has the room between each vertex and the next one, and may have more.
    """
    offsets = [0.0]
    for (a, b), gap in zip(pairwise(row), gaps, strict=False):
        offsets.append(offsets[-1] + least_distance(sizes[a], sizes[b], gap))
    return offsets


def least_distance(left: Size, right: Size, gap: float) -> float:
    """Return how far apart the axes of two neighbours are, at least."""
    return left.right + gap + right.left


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
