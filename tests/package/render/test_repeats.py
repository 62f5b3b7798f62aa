"""What repeats is drawn once, with its number; what differs in anything is not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import pytest
import torch
from hypothesis import given, settings
from package.random_programs import Program, programs
from package.render.test_folding import assert_whole
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Graph
from autograd_vi.render.folding import fold
from autograd_vi.render.picture import Box

WIDEST = 1_200


def repeats(graph: Graph) -> list[Box]:
    return [box for box in fold(graph).walk() if box.kind == "repeat"]


def counted(graph: Graph) -> list[tuple[str, int]]:
    return [(box.label, box.times) for box in repeats(graph)]


def width(graph: Graph) -> int:
    found = re.search(r'width="(\d+)"', graph.to_svg())
    assert found is not None
    return int(found[1])


def recorded(model: nn.Module, x: torch.Tensor) -> Graph:
    with av.record_modules(model):
        output = model(x)
    return av.trace(output.sum(), model)


def encoder(layers: int, *, tracked: bool = True) -> Graph:
    layer = nn.TransformerEncoderLayer(8, 2, 16, 0.0, batch_first=True)
    model = nn.TransformerEncoder(layer, layers)
    x = torch.randn(1, 6, 8, requires_grad=tracked) * 2
    return recorded(model, x)


def gru(steps: int) -> Graph:
    model = nn.GRU(3, 4)
    return av.trace(model(torch.randn(steps, 2, 3))[0].sum(), model)


def lstm_cell(steps: int) -> Graph:
    cell = nn.LSTMCell(3, 4)
    state = torch.zeros(2, 4), torch.zeros(2, 4)
    for x in torch.randn(steps, 2, 3):
        state = cell(x, state)
    return av.trace(state[0].sum(), cell)


def branches(n: int) -> Graph:
    leaves = [torch.ones(2, requires_grad=True) for _ in range(n)]
    return av.trace(torch.stack([x.sin() * i for i, x in enumerate(leaves)]).sum())


def summed_branches(n: int) -> Graph:
    leaves = {f"w{k}": torch.ones(2, requires_grad=True) for k in range(n)}
    return av.trace(torch.as_tensor(sum(w.exp().cos() for w in leaves.values())).sum(), leaves)


class Heads(nn.Module):
    def __init__(self, n: int) -> None:
        super().__init__()
        self.heads = nn.ModuleList(nn.Linear(8, 4) for _ in range(n))
        self.out = nn.Linear(4 * n, 8)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.out(torch.cat([head(x).tanh() for head in self.heads], -1))
        return result


class Block(nn.Module):
    """A residual block with two layers."""

    def __init__(self, p: float = 0.0, dilation: int = 1) -> None:
        super().__init__()
        self.first = nn.Conv1d(4, 4, 3, padding=dilation, dilation=dilation)
        self.drop = nn.Dropout(p)
        self.second = nn.Conv1d(4, 4, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = x + self.second(self.drop(self.first(x).relu()))
        return result


def of_blocks(*blocks: nn.Module) -> Graph:
    model = nn.Sequential(*blocks)
    return recorded(model, torch.ones(1, 4, 9, requires_grad=True))


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (lambda: encoder(12), [("layers.0 … layers.11", 12)]),
        # The input of the first layer asks for no gradient, so this one has fewer operations.
        (lambda: encoder(12, tracked=False), [("layers.1 … layers.11", 11)]),
        (lambda: gru(200), [("", 199)]),
        (lambda: lstm_cell(60), [("", 59)]),
        (lambda: branches(1_000), [("", 1_000)]),
        (lambda: summed_branches(100), [("", 99)]),  # the first one is added to a number
        (lambda: of_blocks(*[Block() for _ in range(50)]), [("0 … 49", 50)]),
    ],
    ids=["encoder", "untracked", "gru", "lstm", "branches", "sum", "residual"],
)
def test_equal_parts_are_drawn_once(
    graph: Callable[[], Graph], expected: list[tuple[str, int]]
) -> None:
    traced = graph()
    assert counted(traced) == expected
    assert width(traced) <= WIDEST
    assert_whole(traced, fold(traced))


def test_attention_heads_are_drawn_once_beside_each_other() -> None:
    model = Heads(16)
    graph = recorded(model, torch.randn(2, 8))
    (box,) = repeats(graph)
    assert (box.times, box.chained) == (16, False)
    assert box.inside is not None
    assert "heads.0 … heads.15" in [b.label for b in box.inside.walk() if b.kind == "group"]
    assert width(graph) <= WIDEST


@pytest.mark.parametrize(
    "blocks",
    [
        [Block(p) for p in (0.1, 0.2, 0.3, 0.4, 0.5)],
        [Block(dilation=d) for d in (1, 2, 3, 4, 5)],
        [Block() if k % 2 else nn.Sequential(nn.Conv1d(4, 4, 1), nn.ReLU()) for k in range(6)],
    ],
    ids=["dropout", "dilation", "classes"],
)
def test_layers_that_differ_are_drawn_one_by_one(blocks: list[nn.Module]) -> None:
    assert counted(of_blocks(*blocks)) == []


def test_only_neighbours_of_one_kind_are_joined() -> None:
    graph = of_blocks(*[Block(p=0.5 if k >= 5 else 0.1) for k in range(10)])
    assert sorted(counted(graph)) == [("0 … 4", 5), ("5 … 9", 5)]


def test_branches_that_differ_are_drawn_one_by_one() -> None:
    leaves = [torch.ones(2, requires_grad=True) for _ in range(12)]
    results = []
    for k, x in enumerate(leaves):
        y = x.exp()
        for bit in range(4):
            y = y.sin() if k >> bit & 1 else y.cos()
        results.append(y)
    assert counted(av.trace(torch.stack(results))) == []


def test_one_odd_branch_stands_beside_the_equal_ones() -> None:
    leaves = [torch.ones(2, requires_grad=True) for _ in range(40)]
    results = [x.exp().sin() if k != 7 else x.exp().cos() for k, x in enumerate(leaves)]
    graph = av.trace(torch.stack(results))
    assert counted(graph) == [("", 39)]
    ops = Counter(box.label for box in fold(graph).boxes)
    assert ops["CosBackward0"] == 1


def test_exponents_are_compared() -> None:
    x = torch.ones(2, requires_grad=True)
    powers = [(x.sin() ** (k + 2)).exp() for k in range(40)]
    assert counted(av.trace(torch.stack(powers))) == []


def test_dropouts_without_a_module_of_their_own_stop_a_repeat() -> None:
    def model(second: float) -> nn.Sequential:
        layers = [
            layer
            for k in range(30)
            for layer in (nn.Linear(4, 4), nn.Dropout(second if k % 2 else 0.1))
        ]
        return nn.Sequential(*layers)

    equal, other = model(0.1), model(0.2)
    x = torch.ones(2, 4, requires_grad=True)
    assert sum(times for _, times in counted(recorded(equal, x))) >= 29
    assert counted(recorded(other, x)) == []


def test_parameters_of_all_steps_stand_outside_and_those_of_each_layer_inside() -> None:
    def leaves(graph: Graph) -> set[str]:
        (box,) = repeats(graph)
        assert box.inside is not None
        return {b.label for b in box.inside.walk() if b.kind == "leaf"}

    assert leaves(gru(50)) == set()
    inside = leaves(of_blocks(*[Block() for _ in range(5)]))
    assert inside == {"first.weight", "first.bias", "second.weight", "second.bias"}


def test_the_nodes_of_a_repeat_come_copy_after_copy() -> None:
    graph = encoder(6)
    (box,) = repeats(graph)
    size = len(box.nodes) // box.times
    for k in range(box.times):
        copy = box.nodes[k * size : (k + 1) * size]
        names = [graph.nodes[i].name for i in copy if graph.nodes[i].kind == "leaf"]
        assert names
        assert all(name.startswith(f"layers.{k}.") for name in names)


def test_every_box_in_a_repeat_stands_for_equal_nodes() -> None:
    graph = gru(40)
    (box,) = repeats(graph)
    assert box.inside is not None
    for inner in box.inside.boxes:
        assert len({graph.nodes[i]._replace(id=0) for i in inner.nodes}) == 1
        assert len(inner.nodes) == box.times == inner.copies


def test_a_result_that_is_used_elsewhere_parts_a_chain() -> None:
    w = torch.ones(2, requires_grad=True)
    y = w.exp()
    middle = y
    for k in range(40):
        y = (y * w).sin() + y
        if k == 19:
            middle = y
    times = [t for _, t in counted(av.trace([y.sum(), middle.prod()], {"w": w}))]
    assert times == [20, 20]


def test_two_chains_that_need_each_other_are_not_torn_into_a_cycle() -> None:
    a, b = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    x, y = a, b
    for k in range(40):
        x = (x * a).sin() + x
        if k == 20:
            y = y * x
        y = (y * b).cos() + y
        if k == 30:
            x = x - y
    graph = av.trace(x.sum() + y.sum(), {"a": a, "b": b})
    assert_whole(graph, fold(graph))


@settings(max_examples=60, deadline=None)
@given(programs(most=12))
def test_any_program_in_a_loop_loses_no_node_and_makes_no_cycle(program: Program) -> None:
    total = program.output.sum()
    w = torch.ones((), requires_grad=True)
    for _ in range(12):
        total = total * w + (total * w).sin() * program.output.sum()
    graph = av.trace(total)
    assert_whole(graph, fold(graph))
