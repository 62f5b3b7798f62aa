"""What is folded, what is shown, and that no node is lost."""

from __future__ import annotations

import itertools
from collections import Counter

import pytest
import torch
from hypothesis import given
from package.random_programs import Program, programs
from package.render.graphs import chain, doublings, shared, stack_graph, tangle, toy_graph, wide
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Graph
from autograd_vi.render.elision import MOST
from autograd_vi.render.folding import fold
from autograd_vi.render.layers import longest_paths
from autograd_vi.render.modules import DEPTH
from autograd_vi.render.picture import ENTRY, EXIT, Box, Picture


def _labels(picture: Picture) -> list[str]:
    return [box.label for box in picture.boxes if box.kind != "root"]


def _shown(picture: Picture) -> Counter[int]:
    return Counter(i for box in picture.walk() if box.inside is None for i in box.nodes)


def _levels(picture: Picture) -> list[Picture]:
    inside = [_levels(box.inside) for box in picture.boxes if box.inside is not None]
    return [picture, *itertools.chain.from_iterable(inside)]


def _group(picture: Picture, path: str) -> Box:
    return next(box for box in picture.walk() if box.path == path)


def assert_whole(graph: Graph, picture: Picture) -> None:
    assert _shown(picture) == Counter(range(len(graph.nodes)))
    for level in _levels(picture):
        inner = [(k.source, k.target) for k in level.links if min(k.source, k.target) >= 0]
        longest_paths(len(level.boxes), inner)  # raises where folding made a cycle


def test_a_small_graph_is_shown_in_full_with_inputs_in_order() -> None:
    picture = fold(toy_graph())
    assert _labels(picture) == [
        *("SubBackward0", "MulBackward0", "a", "PowBackward0", "x", "PowBackward0", "y")
    ]


def test_the_two_edges_of_a_product_with_itself_are_two_links() -> None:
    picture = fold(doublings(1))
    assert sum(len(link.edges) == 1 and link.root is None for link in picture.links) == 2


def test_a_run_of_one_operation_folds_with_its_count() -> None:
    picture = fold(chain(10_000))
    run = next(box for box in picture.boxes if box.kind == "run")
    assert (run.label, len(run.nodes)) == ("MulBackward0", 10_000)
    assert _labels(picture) == ["MulBackward0", "x"]


def test_a_short_run_stays_unfolded() -> None:
    assert _labels(fold(chain(7))) == ["MulBackward0"] * 7 + ["x"]


@pytest.mark.parametrize("graph", [shared(50_000), doublings(60), wide(50_000), tangle(2_000)])
def test_large_graphs_become_few_boxes(graph: Graph) -> None:
    picture = fold(graph)
    assert len(picture.boxes) <= MOST
    assert_whole(graph, picture)


def test_uses_of_a_shared_node_are_counted_on_one_link() -> None:
    picture = fold(shared(500))
    assert max(len(link.edges) for link in picture.links) == 500


@given(programs(most=60))
def test_folding_loses_no_node_and_makes_no_cycle(program: Program) -> None:
    traced = av.trace(program.output)
    nodes = [node._replace(module=f"block{node.id % 2}.part{node.id % 7}") for node in traced.nodes]
    graph = Graph(nodes, traced.edges, traced.roots)
    for unfold in ((), True):
        assert_whole(graph, fold(graph, unfold))


def test_modules_become_groups() -> None:
    picture = fold(stack_graph(6), unfold="blocks")
    folded = [box.path for box in picture.walk() if box.kind == "group" and box.inside is None]
    assert [path for path in folded if "." in path] == [f"blocks.{i}" for i in reversed(range(6))]
    assert _group(picture, "blocks").inside is not None


def test_a_block_holds_its_shortcut_and_what_follows() -> None:
    graph = stack_graph(6)
    block = _group(fold(graph, unfold="blocks"), "blocks.3")
    ops = Counter(graph.nodes[i].op for i in block.nodes)
    assert ops["AddBackward0"] == 1
    assert ops["ReluBackward0"] == 2
    assert ops["AccumulateGrad"] == 4


def test_gradients_enter_and_leave_an_unfolded_module_at_its_ports() -> None:
    inside = _group(fold(stack_graph(6), unfold="blocks.3"), "blocks.3").inside
    assert inside is not None
    assert any(link.source == ENTRY for link in inside.links)
    assert any(link.target == EXIT for link in inside.links)


def _unfolded(picture: Picture) -> list[str]:
    return [box.path for box in picture.walk() if box.inside is not None]


def test_a_named_module_unfolds_by_one_level_with_the_way_to_it() -> None:
    picture = fold(stack_graph(12), unfold="blocks.3")
    found = [path for path in _unfolded(picture) if path.startswith("blocks")]
    assert found == ["blocks", "blocks.3"]
    folded = [box.path for box in picture.walk() if box.kind == "group" and box.inside is None]
    assert {"blocks.3.first", "blocks.3.second"} <= set(folded)


def test_a_named_module_stands_beside_the_equal_ones() -> None:
    picture = fold(stack_graph(12), unfold="blocks.5")
    repeats = [(box.label, box.times) for box in picture.walk() if box.kind == "repeat"]
    assert repeats == [("blocks.6 … blocks.11", 6), ("blocks.0 … blocks.4", 5)]


def test_two_stars_unfold_all_that_is_in_a_module() -> None:
    picture = fold(stack_graph(12), unfold="blocks.3.**")
    found = [path for path in _unfolded(picture) if path.startswith("blocks")]
    assert found == ["blocks", "blocks.3", "blocks.3.second", "blocks.3.first"]


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        (0, []),
        (1, ["head", "blocks", "stem"]),
        (2, ["head", "blocks", "blocks.0", "stem"]),
    ],
)
def test_a_depth_unfolds_so_many_levels(depth: int, expected: list[str]) -> None:
    assert _unfolded(fold(stack_graph(12), unfold=depth)) == expected


def test_a_module_of_one_operation_is_shown_by_what_is_around_it() -> None:
    model = nn.Sequential(*[nn.Sequential(nn.Conv1d(1, 1, 1), nn.Tanh()) for _ in range(40)])
    with av.record_modules(model):
        output = model(torch.ones(1, 1, 2))
    graph = av.trace(output.sum(), model)
    picture = fold(graph, unfold="17.0")
    assert "17" in _unfolded(picture)


def test_a_module_thirty_levels_deep_can_be_named() -> None:
    model: nn.Module = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2))
    for _ in range(30):
        model = nn.Sequential(nn.Linear(2, 2), model)
    with av.record_modules(model):
        output = model(torch.ones(1, 2))
    graph = av.trace(output.sum(), model)
    path = ".".join(["1"] * 30 + ["2"])
    assert path in _unfolded(fold(graph, unfold=path))


def test_a_named_module_is_shown_in_a_level_that_is_cut() -> None:
    graph = stack_graph(100)
    picture = fold(graph, unfold=[f"blocks.{k}" for k in range(0, 100, 3)])
    assert len([p for p in _unfolded(picture) if p.startswith("blocks.")]) == 34
    assert_whole(graph, picture)


def test_everything_unfolds_on_demand() -> None:
    graph = stack_graph(12)
    picture = fold(graph, unfold=True)
    assert all(box.inside is not None for box in picture.walk() if box.kind == "group")
    assert_whole(graph, picture)


def test_an_unknown_module_is_refused_with_the_nearest_ones() -> None:
    with pytest.raises(ValueError, match=r"'block\.0' is no module .* Nearest: 'blocks\.0'"):
        fold(stack_graph(1), unfold=["block.0"])
    with pytest.raises(ValueError, match=r"'xyz' is no module .* Its modules: blocks, head, stem"):
        fold(stack_graph(1), unfold="xyz")
    with pytest.raises(ValueError, match="which knows none; pass params=model"):
        fold(chain(3), unfold="layer1")


def test_what_is_no_depth_and_no_name_is_refused() -> None:
    with pytest.raises(ValueError, match="a depth is 0 or more, not -1"):
        fold(chain(3), unfold=-1)
    with pytest.raises(TypeError, match=r"unfold takes a depth, .* not float"):
        fold(chain(3), unfold=1.5)  # type: ignore[arg-type]


def test_more_boxes_than_a_picture_can_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="more than 5,000 boxes"):
        fold(chain(6_000), unfold=True)


def test_many_folded_modules_are_not_counted_as_boxes() -> None:
    class Long(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.w = nn.Parameter(torch.ones(()))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            for n in range(60):
                x = x * self.w if n % 2 else (x + self.w).sin()
            return x

    model = nn.Sequential(*(Long() for _ in range(100)))
    with av.record_modules(model):
        output = model(torch.ones(()))
    graph = av.trace(output, model)
    assert len(graph.nodes) > 5_000
    assert sum(1 for _ in fold(graph).walk()) <= MOST


def test_a_module_name_with_thousands_of_dots_is_cut() -> None:
    output = toy_graph()
    path = ".".join("a" * 5_000)
    nodes = tuple(node._replace(module=path) for node in output.nodes)
    picture = fold(Graph(nodes, output.edges, output.roots), unfold=True)
    assert_whole(output, picture)
    assert _group(picture, ".".join("a" * DEPTH)).inside is not None
