"""Graphs of any size are read, in memory that grows with them, and replayed."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import pytest
import torch
from package.autograd_graphs import leaf

import autograd_vi as av
from autograd_vi.graph import Edge


def chain(length: int) -> torch.Tensor:
    x = leaf()
    y = x
    for _ in range(length):
        y = y * x
    return y


def test_a_chain_of_100000_operations_is_read() -> None:
    graph = av.trace(chain(100_000))
    assert len(graph.nodes) == 100_001
    assert len(graph.edges) == 200_000
    assert graph.edges[-2:] == (Edge(99_999, 100_000, 0, 0), Edge(99_999, 100_000, 1, 0))


def test_a_node_with_50000_users_is_read() -> None:
    y = leaf() * 2
    graph = av.trace(torch.stack([y * 1.0 for _ in range(50_000)]))
    assert len(graph.nodes) == 50_003
    assert sum(edge.target == 2 for edge in graph.edges) == 50_000


def test_a_node_in_50000_slots_is_read() -> None:
    graph = av.trace(torch.stack([leaf() * 2] * 50_000))
    assert len(graph.nodes) == 3
    assert graph.edges[:50_000] == tuple(Edge(0, 1, slot, 0) for slot in range(50_000))


def test_sixty_doublings_are_read() -> None:
    y = leaf() * 1.0
    for _ in range(60):
        y = y + y
    graph = av.trace(y)
    assert (len(graph.nodes), len(graph.edges)) == (62, 121)


def test_memory_is_linear() -> None:
    av.trace(chain(10))

    def peak(length: int) -> float:
        y = chain(length)
        tracemalloc.start()
        graph = av.trace(y)
        assert len(graph.nodes) + len(graph.edges) == 3 * length + 1
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak / length

    assert peak(16_000) < 1.25 * peak(2_000)


def lengthened(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(n):
        y = y * 0.9999
    return x, y


def shared(n: int) -> tuple[torch.Tensor, torch.Tensor]:
    x = torch.tensor(3.0, requires_grad=True)
    y = x * x
    return x, torch.as_tensor(sum(y for _ in range(n)))


@pytest.mark.parametrize(
    ("make", "n", "steps"),
    [
        (lengthened, 10_000, 10_001),
        (shared, 10_000, 10_002),
        pytest.param(lengthened, 100_000, 100_001, marks=pytest.mark.slow),
        pytest.param(shared, 50_000, 50_002, marks=pytest.mark.slow),
    ],
)
def test_a_large_graph_is_replayed_as_backward_runs_it(
    make: Callable[[int], tuple[torch.Tensor, torch.Tensor]], n: int, steps: int
) -> None:
    x, output = make(n)
    (plain,) = torch.autograd.grad(output, x, retain_graph=True)
    replay = av.replay(output)
    assert len(replay.steps) == steps
    assert x.grad is not None
    assert torch.equal(x.grad, plain)
    after = replay.steps[-1].grad_after
    assert after is not None
    assert after.tensor == plain


def test_sixty_doublings_are_replayed() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(60):
        y = y + y
    assert len(av.replay(y).steps) == 61
    assert x.grad == 2.0**60
