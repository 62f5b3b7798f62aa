"""Deep graphs that are traced and freed. A failure kills the process, so they run in one of their own.

    python deep_graphs.py main|worker LENGTH CASE [CASE ...]

Each case's name is printed before it starts, and `done` at the end.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from unittest.mock import patch

import torch

import autograd_vi as av
from autograd_vi import walk as walk_module
from autograd_vi.guards import guard
from autograd_vi.walk import gradient_edges, walk

LENGTH = int(sys.argv[2]) if __name__ == "__main__" else 0


def leaf() -> torch.Tensor:
    return torch.ones(2, requires_grad=True)


def longer(y: torch.Tensor, length: int = LENGTH) -> torch.Tensor:
    for _ in range(length):
        y = y * 1.0
    return y


def chain() -> None:
    y = longer(leaf())
    graph = av.trace(y)
    del y
    assert len(graph.nodes) == LENGTH + 1


def graph_dropped_first() -> None:
    y = longer(leaf())
    graph = av.trace(y)
    del graph
    del y


def two_strands_with_skips() -> None:
    x = leaf()
    a, b, earlier = x, x, [x] * 700
    for i in range(LENGTH):
        a, b = (a + b if i % 97 == 0 else a * 1.0), b + earlier[i % 700]
        earlier[i % 700] = a
    av.trace([a, b])
    del earlier, b
    del a


def wide() -> None:
    x = leaf()
    av.trace(torch.stack([longer(x, 10) for _ in range(LENGTH // 10)]))


def _written_into_views() -> torch.Tensor:
    x = leaf()
    y = x * 1.0
    for i in range(LENGTH // 2):
        y[i % 2 :].mul_(x[i % 2 :])
    return y


def written_into_views() -> None:
    y = _written_into_views()
    av.trace(y)
    del y


def written_into_views_untraced() -> None:
    y = _written_into_views()
    del y


class Same(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return x * 1.0

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return grads[0]


def custom_functions() -> None:
    y = leaf()
    for _ in range(LENGTH):
        y = Same.apply(y)
    av.trace(y)
    del y


def traced_twice() -> None:
    y = longer(leaf())
    assert av.trace(y) == av.trace(y)
    del y


def backward_between() -> None:
    y = longer(leaf())
    av.trace(y)
    y.sum().backward()
    av.trace(y)
    del y


def grown_after_a_trace() -> None:
    y = longer(leaf())
    av.trace(y)
    y = longer(y)
    del y


def grown_and_traced_again() -> None:
    y = leaf()
    for _ in range(10):
        y = longer(y, LENGTH // 10)
        av.trace(y)
    del y


def inner_nodes_held() -> None:
    y = longer(leaf())
    nodes = walk([node for node, _ in gradient_edges(y)]).nodes
    held = nodes[:: LENGTH // 7]
    del nodes
    del y
    while held:
        held.pop()


def outer_node_held_last() -> None:
    y = longer(leaf())
    nodes = walk([node for node, _ in gradient_edges(y)]).nodes
    del y
    while len(nodes) > 1:
        nodes.pop()
    del nodes


def walk_interrupted() -> None:
    y = longer(leaf())
    met = 0

    def interrupted(node: Any, inputs: Any) -> None:  # noqa: ANN401
        nonlocal met
        guard(node, inputs)
        met += 1
        if met == LENGTH * 3 // 4:
            raise KeyboardInterrupt

    with patch.object(walk_module, "guard", interrupted), suppress(KeyboardInterrupt):
        av.trace(y)
    assert met == LENGTH * 3 // 4
    del y


def built_in_turns_by_two_threads() -> None:
    # Each thread counts its operations for itself, so numbers rise where the threads take turns.
    values = [leaf()]
    for _ in range(LENGTH // 100):
        values[0] = longer(values[0], 50)
        thread = threading.Thread(target=lambda: values.append(longer(values.pop(), 50)))
        thread.start()
        thread.join()
    av.trace(values[0])
    values.clear()


def freed_in_another_thread() -> None:
    values = [longer(leaf())]
    av.trace(values[0])
    thread = threading.Thread(target=values.clear)
    thread.start()
    thread.join()


def sources_recorded() -> None:
    with av.record_sources():
        y = longer(leaf())
    del y


def alive_at_exit() -> None:
    global kept  # noqa: PLW0603 (it is about what the interpreter does with globals at its end)
    kept = longer(leaf())
    av.trace(kept)


kept: torch.Tensor
CASES: dict[str, Callable[[], None]] = {
    case.__name__: case
    for case in (
        chain,
        graph_dropped_first,
        two_strands_with_skips,
        wide,
        written_into_views,
        custom_functions,
        traced_twice,
        backward_between,
        grown_after_a_trace,
        grown_and_traced_again,
        inner_nodes_held,
        outer_node_held_last,
        walk_interrupted,
        built_in_turns_by_two_threads,
        freed_in_another_thread,
        sources_recorded,
        alive_at_exit,
    )
}


UNTRACED: dict[str, Callable[[], None]] = {
    "written_into_views_untraced": written_into_views_untraced,
}
"""What plain torch may not survive either: without our package's doing."""


def run(names: list[str]) -> None:
    for name in names:
        sys.stdout.write(f"{name}\n")
        sys.stdout.flush()
        (CASES | UNTRACED)[name]()
    sys.stdout.write("done\n")


if __name__ == "__main__":
    if sys.argv[1] == "main":
        run(sys.argv[3:])
    else:
        threading.stack_size(256 * 1024)  # less than any system gives by itself
        worker = threading.Thread(target=run, args=(sys.argv[3:],))
        worker.start()
        worker.join()
