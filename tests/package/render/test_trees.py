"""Trees: no crossing, no overlap, each vertex in the middle of those below it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.render.sizes import Size
from autograd_vi.render.trees import Trees, find_trees, tree_abscissas

GAP, STRAIGHT = 10, 4


class Forest(NamedTuple):
    """Trees, and where their vertices were put."""

    layers: list[int]
    edges: list[tuple[int, int]]
    sizes: list[Size]
    found: Trees
    xs: list[float]


@st.composite
def _forests(draw: st.DrawFn) -> Forest:
    n = draw(st.integers(1, 25))
    parents = [draw(st.integers(-1, v - 1)) for v in range(n)]
    layers: list[int] = []
    for parent in parents:
        layers.append(0 if parent < 0 else layers[parent] + 1)
    edges = [(parent, v) for v, parent in enumerate(parents) if parent >= 0]
    widths = st.tuples(st.integers(0, 60), st.integers(0, 60))
    sizes = [Size(*draw(widths), 10) for _ in range(n)]
    found = _found(layers, edges)
    return Forest(layers, edges, sizes, found, tree_abscissas(found, sizes, GAP, STRAIGHT))


def _found(layers: list[int], chains: Sequence[Sequence[int]]) -> Trees:
    found = find_trees(layers, chains)
    assert found is not None
    return found


@given(_forests())
def test_neighbours_in_a_layer_keep_their_order_and_the_gap(forest: Forest) -> None:
    layers, _, sizes, found, xs = forest
    for layer in range(max(layers) + 1):
        row = [v for v in found.order if layers[v] == layer]
        for a, b in itertools.pairwise(row):
            assert xs[b] - sizes[b].left - (xs[a] + sizes[a].right) >= GAP - 1e-6


@given(_forests())
def test_no_lines_cross(forest: Forest) -> None:
    layers, edges, _, _, xs = forest
    for (a, b), (c, d) in itertools.combinations(edges, 2):
        if layers[a] == layers[c]:
            assert (xs[a] - xs[c]) * (xs[b] - xs[d]) >= 0


@given(_forests())
def test_a_vertex_stands_in_the_middle_of_those_below_it_or_straight_above_one(
    forest: Forest,
) -> None:
    xs = forest.xs
    for v, inner in enumerate(forest.found.below):
        if inner:
            middle = sum(xs[u] for u in inner) / len(inner)
            assert xs[v] == pytest.approx(middle) or xs[v] in [
                pytest.approx(xs[u]) for u in inner if abs(xs[u] - middle) < STRAIGHT
            ]


def test_trees_are_as_near_as_their_outlines_allow() -> None:
    # 0 has the leaf 1, and 2 with the wide leaf 3 below it. 1 stands above the left half of 3.
    sizes = [Size(5, 5, 10), Size(5, 5, 10), Size(5, 5, 10), Size(50, 50, 10)]
    xs = tree_abscissas(_found([0, 1, 1, 2], [(0, 1), (0, 2), (2, 3)]), sizes, GAP, STRAIGHT)
    assert xs[2] - xs[1] == 20
    assert xs[3] == xs[2]


@given(_forests(), st.data())
def test_what_is_on_a_line_stands_above_the_box_where_the_line_ends(
    forest: Forest, data: st.DataObject
) -> None:
    n = len(forest.layers)
    # Each line gets a label: the layers between those of the boxes are the labels'.
    layers = [2 * layer for layer in forest.layers]
    chains = [[source, n + k, target] for k, (source, target) in enumerate(forest.edges)]
    labels = [Size(4, data.draw(st.integers(0, 90)), 18) for _ in chains]
    found = _found(layers, chains)
    xs = tree_abscissas(found, [*forest.sizes, *labels], GAP, STRAIGHT)
    assert all(xs[label] == xs[target] for _, label, target in chains)
    assert sorted(found.order) == list(range(n + len(chains)))
    sizes = [*forest.sizes, *labels]
    layers += [layers[source] + 1 for source, _ in forest.edges]
    for layer in range(max(layers) + 1):
        row = [v for v in found.order if layers[v] == layer]
        for a, b in itertools.pairwise(row):
            assert xs[b] - sizes[b].left - (xs[a] + sizes[a].right) >= GAP - 1e-6


def test_a_vertex_with_two_lines_from_above_is_in_no_tree() -> None:
    assert find_trees([0, 0, 1], [(0, 2), (1, 2)]) is None
    assert find_trees([0, 1], [(0, 1), (0, 1)]) is None


def test_a_tree_that_starts_further_down_is_left_to_the_layout_of_graphs() -> None:
    assert find_trees([0, 1], []) is None


def test_a_deep_tree_needs_no_recursion() -> None:
    n = 20_000
    # Each vertex has a leaf on the left and the rest of the tree on the right.
    edges = [edge for v in range(0, n, 2) for edge in ((v, v + 1), (v, v + 2))]
    layers = [0] * (n + 1)
    for source, target in edges:
        layers[target] = layers[source] + 1
    xs = tree_abscissas(_found(layers, edges), [Size(5, 5, 10)] * (n + 1), GAP, STRAIGHT)
    assert xs[2] - xs[1] == 20
