"""What `trace` costs, as a multiple of a bare walk over `next_functions` that only counts.

    python benchmarks/walk.py             # the table
    python benchmarks/walk.py --rounds 15 # more rounds, less noise

Every measurement runs on a graph that nothing has walked before: the first walk makes torch build
a Python wrapper for each node, and a second one would find them. In each round both are measured,
one after the other, on two graphs built alike. A row gives the median time of each, and the median
of the rounds' ratios. `trace` notes everything about a node at once and makes the `Node` and `Edge`
objects when they are first read; `with reading` includes that. Where `trace` is given the module for
its names, the bare walk lists the names of its parameters too. Time is processor time. Memory is
what Python allocated, for a node or an edge: what the graph keeps once it is read, and the peak on the way there.

Ends with an error if the median ratio of a row is above the bar.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import nn

from autograd_vi import Graph, trace

if TYPE_CHECKING:
    from torch.autograd.graph import Node

BAR = 5.0


def bare_walk(root: Node | None) -> tuple[int, int]:
    """Count nodes and edges, and do nothing else."""
    assert root is not None
    seen = {root}
    stack = [root]
    edges = 0
    while stack:
        for child, _ in stack.pop().next_functions:
            if child is not None:
                edges += 1
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
    return len(seen), edges


def bare(output: torch.Tensor, params: nn.Module | None) -> None:
    """Count nodes and edges, and list the names of the parameters where `trace` is to know them."""
    bare_walk(output.grad_fn)
    if params is not None:
        dict(params.named_parameters())


@dataclass(frozen=True, slots=True)
class Case:
    """How a graph is built, and the module that `trace` takes its names from."""

    build: Callable[[], torch.Tensor]
    params: nn.Module | None = None


def resnet(name: str, *, named: bool = False) -> Case:
    """Return the graph of a torchvision ResNet's summed output, with the names of its parameters if wanted."""
    import torchvision  # noqa: PLC0415 (only these rows need it)

    model = getattr(torchvision.models, name)(weights=None)
    image = torch.rand(1, 3, 64, 64)

    def build() -> torch.Tensor:
        return torch.as_tensor(model(image).sum())

    return Case(build, model if named else None)


def chain(length: int) -> torch.Tensor:
    """Multiply one tensor `length` times by one number."""
    y = torch.ones(3, requires_grad=True)
    for _ in range(length):
        y = y * 1.0
    return y


def chain_of_two_inputs(length: int) -> torch.Tensor:
    """Multiply one tensor `length` times by one leaf, so that every node has two edges."""
    x = torch.ones(3, requires_grad=True)
    y = x
    for _ in range(length):
        y = y * x
    return y


def shared(uses: int) -> torch.Tensor:
    """Use one result `uses` times."""
    y = torch.ones((), requires_grad=True) * 2.0
    return torch.stack([y] * uses).sum()


def shared_by_operations(uses: int) -> torch.Tensor:
    """Use one result in `uses` operations of its own."""
    y = torch.ones((), requires_grad=True) * 2.0
    return torch.stack([y * 1.0 for _ in range(uses)]).sum()


def doublings(times: int) -> torch.Tensor:
    """Add a tensor to itself, so that 2 ** times paths lead to the leaf."""
    y = torch.ones((), requires_grad=True) * 1.0
    for _ in range(times):
        y = y + y
    return y


def seconds(work: Callable[[], object]) -> float:
    """Processor time of one call, which other programs disturb less; earlier garbage is swept."""
    gc.collect()
    start = time.thread_time()
    result = work()
    spent = time.thread_time() - start
    del result
    return spent


@dataclass(frozen=True, slots=True)
class Row:
    """The medians of one graph's rounds; times in seconds."""

    nodes: int
    edges: int
    bare: float
    traced: float
    ratio: float
    ratio_with_reading: float


def read(graph: Graph) -> int:
    """Make all nodes and edges."""
    return len(graph.nodes) + len(graph.edges)


def measure(case: Case, rounds: int) -> Row:
    """Time the bare walk, `trace`, and `trace` with reading, each on fresh graphs."""
    walked: list[float] = []
    traced: list[float] = []
    with_reading: list[float] = []
    nodes = edges = 0
    for _ in range(rounds):
        output = case.build()
        walked.append(seconds(partial(bare, output, case.params)))
        nodes, edges = bare_walk(output.grad_fn)
        trace(output)  # its guards let the graph be freed; after a bare walk alone that would crash
        output = case.build()
        traced.append(seconds(partial(trace, output, params=case.params)))
        output = case.build()
        with_reading.append(seconds(partial(trace_and_read, output, case.params)))
        del output
    return Row(
        nodes,
        edges,
        statistics.median(walked),
        statistics.median(traced),
        statistics.median(t / b for t, b in zip(traced, walked, strict=True)),
        statistics.median(t / b for t, b in zip(with_reading, walked, strict=True)),
    )


def trace_and_read(output: torch.Tensor, params: nn.Module | None = None) -> Graph:
    """Trace, and make all nodes and edges."""
    graph = trace(output, params=params)
    read(graph)
    return graph


def memory(case: Case) -> tuple[int, int]:
    """Return the bytes that a read graph keeps, and those it takes at its peak."""
    output = case.build()
    gc.collect()
    tracemalloc.start()
    graph = trace_and_read(output, case.params)
    gc.collect()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del graph
    return kept, peak


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=9)
    rounds: int = parser.parse_args().rounds
    torch.set_num_threads(1)
    cases = {
        "ResNet18": resnet("resnet18"),
        "ResNet18 with names": resnet("resnet18", named=True),
        "ResNet152": resnet("resnet152"),
        "ResNet152 with names": resnet("resnet152", named=True),
        "chain, 10,000": Case(partial(chain, 10_000)),
        "chain, 100,000": Case(partial(chain, 100_000)),
        "chain of two inputs, 100,000": Case(partial(chain_of_two_inputs, 100_000)),
        "one node, 50,000 slots": Case(partial(shared, 50_000)),
        "one node, 50,000 users": Case(partial(shared_by_operations, 50_000)),
        "60 doublings": Case(partial(doublings, 60)),
    }
    print(f"torch {torch.__version__}, Python {platform.python_version()}, {rounds} rounds\n")
    print(
        "| graph | nodes | edges | bare walk | trace | ratio | with reading | kept | peak |\n"
        "| --- | --: | --: | --: | --: | --: | --: | --: | --: |"
    )
    trace_and_read(cases["ResNet18"].build())  # imports and first look-ups are no graph's own cost
    missed = []
    for name, case in cases.items():
        row = measure(case, rounds)
        kept, peak = (size / (row.nodes + row.edges) for size in memory(case))
        print(
            f"| {name} | {row.nodes:,} | {row.edges:,} "
            f"| {row.bare * 1e3:.2f} ms | {row.traced * 1e3:.2f} ms "
            f"| {row.ratio:.1f} | {row.ratio_with_reading:.1f} | {kept:.0f} B | {peak:.0f} B |",
            flush=True,
        )
        if row.ratio > BAR:
            missed.append(name)
    if missed:
        raise SystemExit(f"above {BAR} times a bare walk: {', '.join(missed)}")


if __name__ == "__main__":
    main()
