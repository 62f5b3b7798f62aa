"""Boxes do not overlap, lines run downwards, the same input gives the same places."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_vi.render.layout import place
from autograd_vi.render.placed import Placed
from autograd_vi.render.sizes import Size


@st.composite
def _drawings(draw: st.DrawFn) -> tuple[list[Size], list[tuple[int, int]], list[Size]]:
    n = draw(st.integers(1, 14))
    pairs = list(itertools.combinations(range(n), 2))
    edges = draw(st.lists(st.sampled_from(pairs), max_size=25)) if pairs else []
    boxes = [Size(w, w, h) for w, h in draw(_sizes(n))]
    labels = [Size(4, w, h) for w, h in draw(_sizes(len(edges)))]
    return boxes, edges, labels


def _sizes(n: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    heights = st.integers(2, 30).map(lambda half: 2 * half)
    return st.lists(st.tuples(st.integers(5, 90), heights), min_size=n, max_size=n)


def _rectangles(placed: Placed, sizes: list[Size]) -> list[tuple[int, int, int, int]]:
    return [
        (x - size.left, y - size.height // 2, x + size.right, y + size.height // 2)
        for (x, y), size in zip(placed.centers, sizes, strict=True)
    ]


@settings(deadline=None)
@given(_drawings())
def test_boxes_lie_apart_and_within_the_picture(
    drawing: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    boxes, edges, labels = drawing
    placed = place(boxes, edges, labels)
    found = _rectangles(placed, boxes)
    for (l1, t1, r1, b1), (l2, t2, r2, b2) in itertools.combinations(found, 2):
        assert r1 <= l2 or r2 <= l1 or b1 <= t2 or b2 <= t1
    for left, top, right, bottom in found:
        assert left >= 0
        assert top >= 0
        assert right <= placed.width
        assert bottom <= placed.height


@settings(deadline=None)
@given(_drawings())
def test_labels_lie_within_the_picture(
    drawing: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    placed = place(*drawing)
    for (x, _), label in zip(placed.labels, drawing[2], strict=True):
        assert label.left <= x <= placed.width - label.right


@settings(deadline=None)
@given(_drawings())
def test_lines_run_downwards_from_box_to_box(
    drawing: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    boxes, edges, labels = drawing
    placed = place(boxes, edges, labels)
    assert len(placed.routes) == len(placed.labels) == len(edges)
    for (source, target), route in zip(edges, placed.routes, strict=True):
        heights = [y for _, y in route]
        assert heights == sorted(heights)
        assert heights[0] == placed.centers[source][1] + boxes[source].height // 2
        assert heights[-1] == placed.centers[target][1] - boxes[target].height // 2


@settings(deadline=None)
@given(_drawings())
def test_the_same_drawing_gets_the_same_places(
    drawing: tuple[list[Size], list[tuple[int, int]], list[Size]],
) -> None:
    assert place(*drawing) == place(*drawing)


@settings(deadline=None)
@given(st.data())
def test_a_chain_alone_stands_as_it_stands_beside_another_box(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 7))
    ports = st.sampled_from([(None, None), (0, -9), (0, 0), (0, 30)])
    boxes = [Size(w, w, h, *data.draw(ports)) for w, h in data.draw(_sizes(n))]
    order = data.draw(st.permutations(range(n)))
    edges = data.draw(st.permutations(list(itertools.pairwise(order))))
    labels = [Size(4, w, h) for w, h in data.draw(_sizes(n - 1))]
    lowest = data.draw(st.sampled_from([None, order[-1]]))
    alone = place(boxes, edges, labels, lowest)
    beside = place([*boxes, Size(2, 2, 2)], edges, labels, lowest)
    assert alone.centers == beside.centers[:n]
    assert (alone.routes, alone.labels) == (beside.routes, beside.labels)
    assert alone.height == beside.height
    reach = [x + size.right for (x, _), size in zip(alone.centers, boxes, strict=True)]
    for (x, _), label, (_, target) in zip(alone.labels, labels, edges, strict=True):
        if target != lowest:  # else there is no room for a label
            reach.append(x + label.right)
    assert alone.width == max(reach)


def test_a_chain_is_a_straight_line() -> None:
    boxes = [Size(30, 30, 20), Size(50, 50, 20), Size(20, 20, 20)]
    placed = place(boxes, [(0, 1), (1, 2)], [Size(4, 20, 14)] * 2)
    assert {x for route in placed.routes for x, _ in route} == {placed.centers[0][0]}


def test_a_label_that_gives_way_to_its_line_stays_within_the_picture() -> None:
    boxes = [Size(10, 10, 20), Size(60, 60, 20), Size(5, 5, 20)]
    label = Size(4, 90, 32)
    placed = place(boxes, [(0, 1), (0, 2)], [label] * 2)
    assert placed.labels[1][0] != placed.centers[2][0]


def test_a_label_that_its_neighbour_pushes_over_the_left_edge_makes_the_picture_wider() -> None:
    boxes = [Size(10, 10, 20)] * 3
    labels = [Size(4, 150, 32), Size(4, 10, 32)]
    placed = place(boxes, [(0, 1), (0, 2)], labels)
    assert min(x for x, _ in placed.centers) > boxes[1].left
    assert min(x for x, _ in placed.labels) >= labels[0].left


def test_the_lowest_box_goes_below_all_others() -> None:
    boxes = [Size(5, 5, 10)] * 4
    placed = place(boxes, [(0, 1), (1, 2), (0, 3)], [Size(2, 2, 4)] * 3, lowest=3)
    assert placed.centers[3][1] == max(y for _, y in placed.centers)


def test_a_line_passes_a_taller_box_before_it_turns() -> None:
    boxes = [Size(30, 30, 20), Size(30, 30, 20), Size(60, 60, 200), *[Size(30, 30, 20)] * 2]
    edges = [(0, 1), (0, 2), (1, 3), (1, 4)]
    placed = place(boxes, edges, [Size(4, 40, 18)] * 4)
    top, bottom = (placed.centers[2][1] + side for side in (-100, 100))
    arriving, _, *leaving = placed.routes
    assert {x for x, y in arriving if y >= top} == {arriving[-1][0]}
    for line in leaving:
        assert line[0][0] != line[-1][0]
        assert {x for x, y in line if y <= bottom} == {line[0][0]}


def test_lines_to_the_lowest_box_turn_below_all_others() -> None:
    boxes = [Size(30, 30, 20), Size(30, 30, 20), Size(2, 2, 0)]
    placed = place(boxes, [(0, 1), (0, 2)], [Size(2, 2, 4)] * 2, lowest=2)
    around = placed.routes[1]
    bottom = placed.centers[1][1] + 10
    assert len({x for x, y in around if placed.centers[1][1] - 10 <= y <= bottom}) == 1


FRAME = Size(30, 90, 50, 0, 40)  # its lines leave 40 pixels to the right of where they arrive
BOX = Size(10, 10, 20)


@pytest.mark.parametrize(
    ("boxes", "edges", "frame"),
    [
        ([FRAME, BOX], [(0, 1)], 0),
        ([BOX, BOX, BOX, FRAME, BOX], [(0, 1), (0, 2), (1, 3), (2, 3), (3, 4)], 3),
        ([FRAME, BOX, BOX, BOX, BOX], [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)], 0),
    ],
    ids=["a tree", "below what is no tree", "above what is no tree"],
)
def test_what_comes_after_a_frame_stands_below_the_point_where_its_lines_leave(
    boxes: list[Size], edges: list[tuple[int, int]], frame: int
) -> None:
    placed = place(boxes, edges, [Size(4, 20, 18)] * len(edges))
    line = next(route for edge, route in zip(edges, placed.routes, strict=True) if edge[0] == frame)
    target = next(b for a, b in edges if a == frame)
    assert placed.centers[target][0] == pytest.approx(placed.centers[frame][0] + 40, abs=0.2)
    assert max(x for x, _ in line) - min(x for x, _ in line) < 0.2
