"""Neighbours in different layers stand below each other where there is room."""

from __future__ import annotations

import pytest

from autograd_vi.render.sizes import Size
from autograd_vi.render.sweeps import align_neighbours

BOX = Size(10, 10, 20)
GAP = 14


def test_strands_that_part_and_meet_are_straight_where_they_run_beside_each_other() -> None:
    rows = [[0], [1, 2], [3, 4], [5]]
    edges = [(0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 5)]
    xs = align_neighbours(rows, [BOX] * 6, edges, 6, GAP)
    assert xs[1] == pytest.approx(xs[3])
    assert xs[2] == pytest.approx(xs[4])
    assert xs[0] == pytest.approx((xs[1] + xs[2]) / 2) == pytest.approx(xs[5])


def test_a_wide_box_pushes_its_neighbour_away_by_the_gap() -> None:
    sizes = [BOX, Size(100, 100, 20), BOX, BOX]
    xs = align_neighbours([[0], [1, 2], [3]], sizes, [(0, 1), (0, 2), (1, 3), (2, 3)], 4, GAP)
    assert xs[2] - xs[1] == pytest.approx(100 + GAP + 10)


def test_a_column_below_follows_the_point_where_the_lines_of_a_box_leave() -> None:
    frame = Size(30, 90, 50, 0, 40)
    edges = [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4), (4, 5)]
    xs = align_neighbours(
        [[0], [1, 2], [3], [4], [5]], [*[BOX] * 3, frame, BOX, BOX], edges, 6, GAP
    )
    assert xs[4] == pytest.approx(xs[3] + 40)
    assert xs[5] == pytest.approx(xs[4])
