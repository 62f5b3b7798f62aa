"""Which node was running when a backward pass raised, and what the exception then says of it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from autograd_vi.walk import gradient_edge

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import torch

    from autograd_vi.graph import Graph, Node
    from autograd_vi.recorder import Done
    from autograd_vi.replay import Replay
    from autograd_vi.walk import Walk


def nodes_running(
    walked: Walk, graph: Graph, done: Iterable[Done], inputs: Sequence[torch.Tensor] | None
) -> list[Node]:
    """Return the node that the engine took up last; one for each device that has its own queue.

    The engine does not tell. But its order is known: of the nodes whose gradients have all arrived, it
    takes the one that was created last, and leaves before all others; of leaves the one that was ready first.
    """
    first: dict[str, int] = {}
    needed = _needed(walked, inputs)
    for i in _ready(walked, graph, [i for i, *_ in done]):
        queue = graph.nodes[i].device or ""
        if i in needed and (
            queue not in first or _number(walked, i) > _number(walked, first[queue])
        ):
            first[queue] = i
    return [graph.nodes[i] for i in first.values()]


def _ready(walked: Walk, graph: Graph, ended: Sequence[int]) -> list[int]:
    """Return the nodes that could run when those of ``ended`` had, in the order in which they came to it."""
    targets: dict[int, list[int]] = {}
    waiting_for = [0] * len(walked.nodes)
    for source, target, _, _ in walked.edges:
        targets.setdefault(source, []).append(target)
        waiting_for[target] += 1
    ready = [node for node, _ in graph.roots if not waiting_for[node]]
    for source in ended:
        for target in targets.get(source, ()):
            waiting_for[target] -= 1
            if not waiting_for[target]:
                ready.append(target)
    gone = set(ended)
    return [i for i in dict.fromkeys(ready) if i not in gone]


def _number(walked: Walk, i: int) -> int:
    return walked.nodes[i]._sequence_nr()


def _needed(walked: Walk, inputs: Sequence[torch.Tensor] | None) -> set[int]:
    """Return the nodes that the engine runs: all of them, or those behind which an input lies."""
    if not inputs:
        return set(range(len(walked.nodes)))
    sources: dict[int, list[int]] = {}
    for source, target, _, _ in walked.edges:
        sources.setdefault(target, []).append(source)
    found = {walked.ids.get(gradient_edge(tensor)[0], -1) for tensor in inputs} - {-1}
    stack = list(found)
    while stack:
        above = set(sources.get(stack.pop(), ())) - found
        found |= above
        stack += above
    return found


def tell(error: BaseException, running: Sequence[Node], partial: Replay) -> None:
    """Add a note to an exception that the backward pass raised, and the steps before it as ``replay``."""
    where = " or in ".join(map(_described, running)) or "a node that the graph does not show"
    note = f"The backward pass stopped in {where}; the {len(partial.steps)} steps before it are in .replay"
    if any(node.source is None and node.kind != "leaf" for node in running):
        note += ". With autograd_vi.record_sources() around the forward pass the line is told too"
    error.add_note(note)
    with suppress(AttributeError):  # an exception may refuse attributes
        error.replay = partial  # type: ignore[attr-defined]


def _described(node: Node) -> str:
    name = f" {' = '.join(node.names)}" if node.names else ""
    shape = ", ".join("?" if shape is None else str(shape) for shape in node.shapes)
    text = f"{node.op}{name} (node {node.id}, shape {shape})"
    if node.source is None:
        return text
    return f"{text}, created at {node.source.file}:{node.source.line}: {node.source.text}"
