"""Graphs made by hand or by torch that the tests of the drawing share."""

from __future__ import annotations

import torch
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Edge, Graph, Node


def toy() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Return a·x² − y² and its leaves."""
    a, x, y = (torch.tensor(value, requires_grad=True) for value in (2.0, 3.0, 4.0))
    return a * x**2 - y**2, {"a": a, "x": x, "y": y}


def toy_graph() -> Graph:
    output, params = toy()
    return av.trace(output, params)


class Residual(nn.Module):
    """A block with a shortcut, as in a ResNet."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(3, 3)
        self.second = nn.Linear(3, 3)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.second(torch.relu(self.first(x))))


class Stack(nn.Module):
    """Blocks between two layers."""

    def __init__(self, blocks: int) -> None:
        super().__init__()
        self.stem = nn.Linear(3, 3)
        self.blocks = nn.Sequential(*(Residual() for _ in range(blocks)))
        self.head = nn.Linear(3, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.head(self.blocks(self.stem(x)))
        return result


def stack_graph(blocks: int) -> Graph:
    model = Stack(blocks)
    with av.record_modules(model):
        output = model(torch.ones(2, 3)).sum()
    return av.trace(output, model)


def stacks(*blocks: int) -> tuple[torch.Tensor, nn.ModuleList]:
    """Return what stacks of these lengths make one after the other, and the stacks: no two are equal; each folds."""
    model = nn.ModuleList(Stack(n) for n in blocks)
    x = torch.ones(2, 3)
    with av.record_modules(model):
        for stack in model:
            x = x * stack(x).sigmoid()
    return x.sum(), model


def chain(n: int, op: str = "MulBackward0") -> Graph:
    """Return a chain of `n` operations that ends in a leaf, without torch."""
    operations = [Node(i, op, "operation", (), ((),), ("float32",), "cpu") for i in range(n)]
    leaf = Node(n, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
    edges = tuple(Edge(i, i + 1, 0, 0) for i in range(n))
    return Graph((*operations, leaf), edges, ((0, 0),))


def shared(n: int) -> Graph:
    """Return a chain of `n` additions that all take the same node, as Python's `sum` makes."""
    adds = [Node(i, "AddBackward0", "operation", (), ((),), ("float32",), "cpu") for i in range(n)]
    mul = Node(n, "MulBackward0", "operation", (), ((),), ("float32",), "cpu")
    leaf = Node(n + 1, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
    chained = [Edge(i, i + 1, 0, 0) for i in range(n - 1)]
    uses = [Edge(i, n, 1, 0) for i in range(n)]
    return Graph((*adds, mul, leaf), (*chained, *uses, Edge(n, n + 1, 0, 0)), ((0, 0),))


def doublings(n: int) -> Graph:
    """Return y = y + y, `n` times."""
    adds = [Node(i, "AddBackward0", "operation", (), ((),), ("float32",), "cpu") for i in range(n)]
    leaf = Node(n, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
    edges = tuple(Edge(i, i + 1, slot, 0) for i in range(n) for slot in (0, 1))
    return Graph((*adds, leaf), edges, ((0, 0),))


def wide(n: int) -> Graph:
    """Return one operation with `n` leaves."""
    stack = Node(0, "StackBackward0", "operation", (), ((n,),), ("float32",), "cpu")
    leaves = [
        Node(i, "AccumulateGrad", "leaf", (f"w{i}",), ((),), ("float32",), "cpu")
        for i in range(1, n + 1)
    ]
    return Graph((stack, *leaves), tuple(Edge(0, i, i - 1, 0) for i in range(1, n + 1)), ((0, 0),))


def tangle(n: int) -> Graph:
    """Return operations of three kinds, each with two inputs among the next seven: no runs."""
    names = ("AddBackward0", "MulBackward0", "SubBackward0")
    nodes = [Node(i, names[i % 3], "operation", (), ((),), ("float32",), "cpu") for i in range(n)]
    leaf = Node(n, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
    edges = [
        Edge(i, min(n, i + step), slot, 0)
        for i in range(n)
        for slot, step in enumerate((1, 2 + (i * i) % 6))
    ]
    return Graph((*nodes, leaf), tuple(edges), ((0, 0),))
