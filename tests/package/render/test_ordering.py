"""Lines cross as little as a sweep can bring about, and no vertex is lost."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from autograd_vi.render.ordering import count_crossings, order_layers


class Level(NamedTuple):
    """Vertices in layers, and lines between neighbouring layers."""

    layers: list[int]
    edges: list[tuple[int, int]]


@st.composite
def _levels(draw: st.DrawFn) -> Level:
    layers = [
        r
        for r, n in enumerate(draw(st.lists(st.integers(1, 5), min_size=1, max_size=5)))
        for _ in range(n)
    ]
    pairs = [
        (a, b)
        for a, b in itertools.permutations(range(len(layers)), 2)
        if layers[b] == layers[a] + 1
    ]
    edges = draw(st.lists(st.sampled_from(pairs), max_size=20)) if pairs else []
    return Level(layers, edges)


def _crossings(rows: list[list[int]], edges: list[tuple[int, int]]) -> int:
    """Count crossings pair by pair."""
    layer = {v: r for r, row in enumerate(rows) for v in row}
    place = {v: k for row in rows for k, v in enumerate(row)}
    return sum(
        layer[a] == layer[c] and (place[a] - place[c]) * (place[b] - place[d]) < 0
        for (a, b), (c, d) in itertools.combinations(edges, 2)
    )


def _in_order(level: Level) -> list[list[int]]:
    n_layers = max(level.layers) + 1
    return [[v for v, r in enumerate(level.layers) if r == row] for row in range(n_layers)]


@given(_levels())
def test_each_vertex_stands_once_in_its_own_layer(level: Level) -> None:
    rows = order_layers(level.layers, level.edges)
    assert [sorted(row) for row in rows] == _in_order(level)


@given(_levels(), st.randoms())
def test_crossings_are_counted_as_pairs_of_lines_that_cross(level: Level, random: object) -> None:
    rows = _in_order(level)
    for row in rows:
        random.shuffle(row)  # type: ignore[attr-defined]
    place = [0] * len(level.layers)
    for row in rows:
        for k, v in enumerate(row):
            place[v] = k
    above: list[list[int]] = [[] for _ in level.layers]
    for source, target in level.edges:
        above[target].append(source)
    assert count_crossings(rows, above, place) == _crossings(rows, level.edges)


@settings(deadline=None)
@given(_levels())
def test_two_layers_have_few_more_crossings_than_the_best_order(level: Level) -> None:
    kept = [v for v, r in enumerate(level.layers) if r < 2]
    layers = [level.layers[v] for v in kept]
    edges = [(a, b) for a, b in level.edges if b in kept]
    rows = order_layers(layers, edges)
    orders = itertools.product(*(itertools.permutations(row) for row in rows))
    best = min(
        _crossings([list(row) for row in order], edges) for order in itertools.islice(orders, 3_000)
    )
    assert _crossings(rows, edges) <= 2 * best + 2


def test_what_can_be_drawn_without_a_crossing_is() -> None:
    # Two strands that the numbers of their vertices interlace, and that share both ends.
    layers = [0, 1, 1, 2, 2, 3, 3, 4]
    edges = [(0, 2), (0, 1), (2, 3), (1, 4), (3, 6), (4, 5), (6, 7), (5, 7)]
    assert _crossings(order_layers(layers, edges), edges) == 0


def test_lines_leave_a_vertex_in_the_order_in_which_they_are_given() -> None:
    layers = [0, 1, 1, 1, 2, 2]
    edges = [(0, 3), (0, 1), (0, 2), (3, 5), (1, 4), (2, 4)]
    assert order_layers(layers, edges) == [[0], [3, 1, 2], [5, 4]]


def test_of_two_mirrored_orders_with_the_same_crossings_the_given_one_is_taken() -> None:
    # Each of three vertices leads to each of three others, so that every order has nine crossings.
    layers = [0, 1, 1, 1, 2, 2, 2]
    edges = [(0, b) for b in (1, 2, 3)] + [(a, b) for a in (1, 2, 3) for b in (4, 5, 6)]
    assert order_layers(layers, edges) == [[0], [1, 2, 3], [4, 5, 6]]


def test_the_same_level_gets_the_same_order() -> None:
    layers = [v // 8 for v in range(64)]
    edges = [(v, (v // 8 + 1) * 8 + (v * v + k) % 8) for v in range(56) for k in (0, 3)]
    assert order_layers(layers, edges) == order_layers(layers, edges)


def test_a_level_without_vertices_has_no_layers() -> None:
    assert order_layers([], []) == []
