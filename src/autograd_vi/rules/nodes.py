"""What the nodes of a replay had saved, with what the graph knows of their inputs: all that a rule asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.rules.saved import Kept, Operand, Saved, values_of

if TYPE_CHECKING:
    from autograd_vi.graph import Graph, Node
    from autograd_vi.replay import Replay

_REAL = frozenset(["bfloat16", "float16", "float32", "float64"])  # dtypes in which rules compute


def saved_by_node(replay: Replay) -> dict[int, Saved]:
    """Return what each node had saved, by its id; nodes in the middle of a long pass are left out."""
    graph = replay.graph
    nodes, found = graph.nodes, {}
    operands: dict[int, dict[int, Operand]] = {i: {} for i in replay._values}
    for source, target, slot, output_nr in graph.edges:
        if source in operands:
            operands[source][slot] = _operand(graph, nodes[target], output_nr)
    for step in replay.steps:
        i = step.node.id
        if (read := replay._values.get(i)) is not None:
            results = tuple(_operand(graph, nodes[i], nr) for nr in range(len(nodes[i].shapes)))
            slots = tuple(operands[i].get(slot) for slot in range(len(step.grad_inputs)))
            found[i] = Saved(values_of(read), slots, results, real=_is_real(nodes[i]))
        if step.node.kind == "leaf":
            grad = step.grad_before
            before = None if grad is None else Kept(grad.shape, grad.tensor)
            leaf = (_operand(graph, step.node, 0),)
            found[step.node.id] = Saved({"grad": before}, leaf, leaf, real=_is_real(step.node))
    return found


def _operand(graph: Graph, node: Node, output_nr: int) -> Operand:
    names = node.names if node.kind == "leaf" else graph.names_of(node.id, output_nr)
    return Operand(node.shapes[output_nr], names[0] if names else "")


def _is_real(node: Node) -> bool:
    known = None not in node.shapes
    return known and all(dtype in _REAL for dtype in node.dtypes)
