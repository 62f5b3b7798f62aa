"""What `replay` costs beside the plain backward pass that it does.

    python benchmarks/replay.py             # the table
    python benchmarks/replay.py --rounds 15 # more rounds, less noise

In each round the same graph is built twice; one is run backward, the other replayed. A row gives the
medians of both times, their ratio, and what `replay` adds for a node. Time is processor time, with
one thread. Memory is what Python allocated for the recording, for a node: what stays, and the peak
on the way there. A chain of multiplications by a number is the worst case: nothing is cheaper to run
backward. In a network the gradients are large, and are summed up in two passes over their numbers.

Ends with an error if a row's ratio is above its bar, or if a node of the longest chain takes twice
the time or memory of one of the shortest: then the cost would not be linear.
"""

from __future__ import annotations

import argparse
import gc
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable
from typing import TypeAlias

import torch
from torch import nn

import autograd_vi as av

BAR = 3.0  # times the backward pass, for any graph
NETWORK_BAR = 2.0  # and for a network

Build: TypeAlias = Callable[[], tuple[torch.Tensor, nn.Module | None]]


def expression() -> tuple[torch.Tensor, None]:
    """Build a·x² − y², as on the home page."""
    a, x, y = (torch.tensor(value, requires_grad=True) for value in (2.0, 3.0, 4.0))
    return a * x**2 - y**2, None


def resnet(name: str, images: int, side: int) -> Build:
    """Return a function that builds the graph of a torchvision ResNet's summed output."""
    import torchvision  # noqa: PLC0415 (only these rows need it)

    model = getattr(torchvision.models, name)(weights=None).eval()
    batch = torch.rand(images, 3, side, side)

    def build() -> tuple[torch.Tensor, nn.Module]:
        model.zero_grad()
        return model(batch).sum(), model

    return build


def chain(length: int) -> Build:
    """Return a function that multiplies a number `length` times by one number."""

    def build() -> tuple[torch.Tensor, None]:
        y = torch.ones((), requires_grad=True)
        for _ in range(length):
            y = y * 1.0
        return y, None

    return build


def seconds(work: Callable[[], object]) -> tuple[float, object]:
    """Return the processor time of one call, and its result; earlier garbage is swept."""
    gc.collect()
    start = time.thread_time()
    result = work()
    return time.thread_time() - start, result


def measure(build: Build, rounds: int) -> tuple[int, float, float]:
    """Return the number of nodes and the median times of the backward pass and of the replay."""
    plain: list[float] = []
    replayed: list[float] = []
    nodes = 0
    for _ in range(rounds):
        output, _ = build()
        plain.append(seconds(output.backward)[0])
        del output
        output, model = build()
        spent, recorded = seconds(lambda o=output, m=model: av.replay(o, params=m))  # type: ignore[misc]
        assert isinstance(recorded, av.Replay)
        replayed.append(spent)
        nodes = len(recorded.graph.nodes)
        del output, recorded
    return nodes, statistics.median(plain), statistics.median(replayed)


def memory(build: Build) -> tuple[int, int]:
    """Return the bytes that a recording keeps, and those it takes at its peak."""
    output, model = build()
    gc.collect()
    tracemalloc.start()
    recorded = av.replay(output, params=model)
    gc.collect()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del recorded
    return kept, peak


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    torch.set_num_threads(1)
    torch.manual_seed(0)
    cases: dict[str, Build] = {
        "a·x² − y²": expression,
        "ResNet18, one small image": resnet("resnet18", 1, 64),
        "ResNet18, 8 images": resnet("resnet18", 8, 224),
        "chain, 1,000": chain(1_000),
        "chain, 10,000": chain(10_000),
        "chain, 100,000": chain(100_000),
    }
    print(f"torch {torch.__version__}, Python {platform.python_version()}, {rounds} rounds\n")
    print(
        "| graph | nodes | backward | replay | ratio | added for a node | kept | peak |\n"
        "| --- | --: | --: | --: | --: | --: | --: | --: |"
    )
    measure(expression, 3)  # imports and first calls are no graph's own cost
    missed: list[str] = []
    cost: dict[str, tuple[float, float]] = {}
    for name, build in cases.items():
        nodes, plain, replayed = measure(build, rounds)
        ratio = replayed / plain
        kept, peak = (size / nodes for size in memory(build))
        cost[name] = replayed / nodes, peak
        print(
            f"| {name} | {nodes:,} | {plain * 1e3:.2f} ms | {replayed * 1e3:.2f} ms | {ratio:.1f} "
            f"| {(replayed - plain) / nodes * 1e6:.0f} µs | {kept:,.0f} B | {peak:,.0f} B |",
            flush=True,
        )
        if ratio > (NETWORK_BAR if name.startswith("ResNet") else BAR):
            missed.append(name)
    short, long = cost["chain, 1,000"], cost["chain, 100,000"]
    if any(more > 2 * less for less, more in zip(short, long, strict=True)):
        missed.append("the long chain against the short one")
    if missed:
        raise SystemExit(f"above the bar: {', '.join(missed)}")


if __name__ == "__main__":
    main()
