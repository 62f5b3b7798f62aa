"""A graph tells what each operation keeps for the backward pass, and what memory that takes."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import torch
from package.autograd_graphs import leaf
from torch import nn
from torch.utils.checkpoint import checkpoint

import autograd_vi as av
from autograd_vi.saved import size_text

looks_inside = pytest.mark.skipif(
    not hasattr(torch._C._autograd.SavedTensor, "data"),
    reason="this torch shows saved tensors only unpacked",
)


def kept(output: torch.Tensor) -> dict[str, list[tuple[str, tuple[int, ...] | None, str, int]]]:
    graph = av.trace(output, saved=True)
    assert graph.saved is not None
    return {
        node.op: [(s.name, s.shape, s.dtype, s.bytes) for s in saved]
        for node, saved in zip(graph.nodes, graph.saved, strict=True)
        if saved
    }


def test_each_operation_keeps_what_its_derivative_needs() -> None:
    x = leaf(10, 10)
    assert kept((x.exp() * x).sum()) == {
        "MulBackward0": [("other", (10, 10), "float32", 400), ("self", (10, 10), "float32", 400)],
        "ExpBackward0": [("result", (10, 10), "float32", 400)],
    }
    assert kept((x + x).sum()) == {}


def test_memory_that_is_kept_twice_counts_once() -> None:
    x = leaf(1000)
    y = x.exp()
    graph = av.trace((y * x + y.sin()).sum(), saved=True)
    # By hand: exp's result, kept by exp, by the product and by the sine; and x, which is a leaf.
    assert graph.saved_bytes() == 8_000
    assert graph.saved_bytes(leaves=False) == 4_000


def test_a_view_keeps_all_of_its_storage() -> None:
    x = leaf(1000)
    y = x * 1.0
    assert kept(y[:10].exp().sin())["SinBackward0"] == [("self", (10,), "float32", 40)]
    assert kept(y[:10].sin())["SinBackward0"] == [("self", (10,), "float32", 4_000)]


def test_a_module_is_told_by_its_own_operations() -> None:
    model = nn.Sequential(
        nn.Linear(100, 50), nn.ReLU(), nn.Sequential(nn.Linear(50, 10), nn.Tanh())
    )
    graph = av.trace(model(torch.ones(8, 100)).sum(), model, saved=True)
    inputs, hidden, outputs, weight = (4 * n for n in (8 * 100, 8 * 50, 8 * 10, 50 * 10))
    assert graph.saved_bytes() == inputs + hidden + outputs + weight
    assert graph.saved_bytes(leaves=False) == inputs + hidden + outputs
    assert graph.saved_bytes("0") == inputs
    assert graph.saved_bytes("2.0") == hidden + weight
    assert graph.saved_bytes("2.0", leaves=False) == hidden
    with pytest.raises(ValueError, match="trace it with saved=True"):
        av.trace(model(torch.ones(8, 100)).sum(), model).saved_bytes()


def test_after_the_backward_pass_nothing_is_kept() -> None:
    x = leaf(10)
    y = x.exp().sum()
    y.backward()
    assert av.trace(y, saved=True).saved_bytes() == 0


class Cube(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        ctx.save_for_backward(x, x * x)
        ctx.mask = x > 0
        return x**3

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:  # noqa: ANN401
        return torch.as_tensor(3 * ctx.saved_tensors[1] * grads[0])


def test_a_custom_function_keeps_what_it_saved_and_what_it_put_on_its_context() -> None:
    x = leaf(5)
    y = Cube.apply(x)
    assert kept(y)["Cube"] == [
        ("[0]", (5,), "float32", 20),
        ("[1]", (5,), "float32", 20),
        ("mask", (5,), "bool", 5),
    ]
    y.sum().backward()
    assert kept(y) == {"Cube": [("mask", (5,), "bool", 5)]}


@looks_inside
def test_what_checkpointing_computes_anew_is_not_kept_and_not_computed_for_us() -> None:
    runs = 0

    def part(t: torch.Tensor) -> torch.Tensor:
        nonlocal runs
        runs += 1
        return t.exp().sin()

    graph = av.trace(checkpoint(part, leaf(10), use_reentrant=False), saved=True)
    assert graph.saved_bytes() == 0
    assert runs == 1


@looks_inside
def test_what_was_packed_elsewhere_is_found_there() -> None:
    with torch.autograd.graph.save_on_cpu():
        y = leaf(10).exp()
    assert kept(y) == {"ExpBackward0": [("result", (10,), "float32", 40)]}


def test_lists_of_saved_tensors_are_told_one_by_one() -> None:
    x = leaf(4)
    index = (torch.tensor([0, 1]),)
    names = [name for name, *_ in kept(torch.index_put(x * 1, index, x[:2]))["IndexPutBackward0"]]
    assert names == ["indices[0]"]


def test_the_text_tells_it_and_the_total() -> None:
    x = leaf(1000, 1000)
    tree = str(av.trace((x.exp() * x).sum(), {"x": x}, saved=True)).splitlines()
    assert tree[2].endswith("ExpBackward0 (1000, 1000)  saved: result (1000, 1000) float32 4 MB")
    assert tree[-1] == "saved: 8 MB, of which leaves 4 MB"
    assert "saved" not in str(av.trace((x.exp() * x).sum(), {"x": x}))


def test_a_replay_tells_when_it_is_freed() -> None:
    x = leaf(10)

    def loss() -> torch.Tensor:
        y = x.exp()
        return torch.as_tensor((y.sin() * y).sum())

    replay = av.replay(loss(), {"x": x}, saved=True)
    ops = [step.node.op for step in replay.steps]
    held = dict(zip(ops, replay.held_bytes or (), strict=True))
    # By hand: sin's result goes with the product; exp's result is needed by the product, sin and exp.
    assert held == {
        "SumBackward0": 80,
        "MulBackward0": 40,
        "SinBackward0": 40,
        "ExpBackward0": 0,
        "AccumulateGrad": 0,
    }
    assert "[40 B]" in str(replay)
    assert set(av.replay(loss(), saved=True, retain_graph=True).held_bytes or ()) == {80}
    assert av.replay(loss()).held_bytes is None


def test_what_is_saved_goes_along_when_a_graph_is_compared_and_pickled() -> None:
    x = leaf(3)
    graph = av.trace(x.exp(), saved=True)
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 (made here)
    assert graph != av.trace(x.exp())


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1 kB"),
        (4_194_304, "4.19 MB"),
        (999_600, "1 MB"),
        (3 * 10**12, "3 TB"),
    ],
)
def test_sizes_are_short(count: int, text: str) -> None:
    assert size_text(count) == text
