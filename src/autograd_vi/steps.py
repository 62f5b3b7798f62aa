"""The steps of a backward pass, made of what its hooks saw when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.captures import recorded
from autograd_vi.recorded import Recorded, Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.captures import Capture
    from autograd_vi.graph import Graph
    from autograd_vi.recorder import Done


def steps_of(graph: Graph, done: Iterable[Done]) -> tuple[Step, ...]:
    """Put what the hooks saw into words; what left a node and entered the next one is one object."""
    known: dict[int, Recorded | None] = {}

    def told(found: Capture | None) -> Recorded | None:
        key = id(found)
        if key not in known:
            known[key] = recorded(found)
        return known[key]

    nodes = graph.nodes
    return tuple(
        Step(nodes[i], tuple(map(told, entered)), tuple(map(told, left)), told(before), told(after))
        for i, entered, left, before, after in done
    )
