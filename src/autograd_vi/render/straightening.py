"""Lines that pass several layers are made straight where their neighbours leave room."""

from __future__ import annotations

from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING

from autograd_vi.render.spacing import least_distance

if TYPE_CHECKING:
    from autograd_vi.render.sizes import Size


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
            low = xs[a] + least_distance(sizes[a], sizes[v], gap)
        if (b := right_of.get(v)) is not None:
            high = xs[b] - least_distance(sizes[v], sizes[b], gap)
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
