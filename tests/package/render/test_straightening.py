"""A line that passes several layers is as straight as its neighbours let it be."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.render.sizes import BEND, Size
from autograd_vi.render.spacing import least_distances
from autograd_vi.render.straightening import straighten


@st.composite
def _lines_between_boxes(
    draw: st.DrawFn,
) -> tuple[list[float], list[list[int]], list[Size], list[list[int]]]:
    """Return places, layers, sizes and lines: each line passes every layer but the first and last."""
    depth, n_lines = draw(st.integers(1, 6)), draw(st.integers(1, 3))
    sizes = [Size(5, 5, 20)] * 2
    chains: list[list[int]] = [[0] for _ in range(n_lines)]
    rows = [[0]]
    for _ in range(depth):
        row: list[int] = []
        for chain in chains:
            for wide in draw(st.lists(st.integers(2, 40), max_size=2)):
                row.append(len(sizes))
                sizes.append(Size(wide, wide, 20))
            row.append(len(sizes))
            chain.append(len(sizes))
            sizes.append(BEND)
        rows.append(row)
    rows.append([1])
    xs = [0.0] * len(sizes)
    for row in rows:
        offsets = least_distances(row, sizes, itertools.repeat(14))
        extra = itertools.accumulate(draw(st.floats(0, 20)) for _ in row)
        for v, offset, more in zip(row, offsets, extra, strict=True):
            xs[v] = offset + more
    return xs, rows, sizes, [[*chain, 1] for chain in chains]


@given(_lines_between_boxes())
def test_straight_lines_keep_their_distance_and_bend_no_more_than_before(
    drawing: tuple[list[float], list[list[int]], list[Size], list[list[int]]],
) -> None:
    xs, rows, sizes, chains = drawing
    before = list(xs)
    straighten(xs, rows, sizes, chains, 14)
    for row in rows:
        offsets = least_distances(row, sizes, itertools.repeat(14))
        for (a, o1), (b, o2) in itertools.pairwise(zip(row, offsets, strict=True)):
            assert xs[b] - xs[a] >= o2 - o1 - 1e-6
    on_lines = {v for _, *inner, _ in chains for v in inner}
    assert all(xs[v] == before[v] for v in range(len(xs)) if v not in on_lines)
    for _, *inner, _ in chains:
        assert len({xs[v] for v in inner}) <= len({before[v] for v in inner})


def test_a_line_with_room_beside_it_stands_on_one_axis_and_others_bend_once() -> None:
    # A box on the left of each layer; the line passes three layers on the right of these boxes.
    sizes = [Size(5, 5, 20), Size(5, 5, 20), *[Size(20, 20, 20)] * 3, *[BEND] * 3]
    rows = [[0], [2, 5], [3, 6], [4, 7], [1]]
    xs = [0.0, 0.0, 0.0, 0.0, 0.0, 50.0, 58.0, 54.0]
    straighten(xs, rows, sizes, [[0, 5, 6, 7, 1]], 14)
    assert xs[5:] == [54.0] * 3
    # Another box on the right holds the line back in the first layer.
    sizes.append(Size(20, 20, 20))
    rows[1].append(8)
    xs = [0.0, 0.0, 0.0, 60.0, 60.0, 50.0, 98.0, 100.0, 90.0]
    straighten(xs, rows, sizes, [[0, 5, 6, 7, 1]], 14)
    assert xs[5:8] == [50.0, 99.0, 99.0]
