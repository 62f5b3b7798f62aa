"""One backward pass, recorded: what entered each node, what left it, what each leaf accumulated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import torch

from autograd_vi.graph import Graph, Node, Params, trace
from autograd_vi.names import named_tensors
from autograd_vi.rules.saved import EDGES, Kept, Operand, Read, Saved, read_values
from autograd_vi.walk import gradient_edges, paused_gc, walk

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode
    from torch.utils.hooks import RemovableHandle

WHOLE = 64  # gradients with at most this many entries are kept whole

Tensors: TypeAlias = "torch.Tensor | Sequence[torch.Tensor]"
Gradients: TypeAlias = "torch.Tensor | Sequence[torch.Tensor | None] | None"


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A gradient as it was at one moment.

    Attributes:
        shape: its shape.
        dtype: its dtype, as in ``float32``.
        tensor: a copy of it if it has at most 64 entries, else None.
        summary: of a larger one the Euclidean norm of all entries, the smallest and the largest
            one; None for a copy that is whole. Complex numbers have no smallest and largest one.
    """

    shape: tuple[int, ...]
    dtype: str
    tensor: torch.Tensor | None
    summary: tuple[float, float | None, float | None] | None

    @property
    def norm(self) -> float:
        """The Euclidean norm of all entries; 0 if there are none."""
        if self.tensor is not None:
            return float(torch.linalg.vector_norm(self.tensor))
        return self.summary[0] if self.summary else 0.0

    @property
    def min(self) -> float | None:
        """The smallest entry; None for no entries and for complex numbers."""
        if self.tensor is not None:
            return None if _unordered(self.tensor) else float(self.tensor.min())
        return self.summary[1] if self.summary else None

    @property
    def max(self) -> float | None:
        """The largest entry; None for no entries and for complex numbers."""
        if self.tensor is not None:
            return None if _unordered(self.tensor) else float(self.tensor.max())
        return self.summary[2] if self.summary else None


def _unordered(tensor: torch.Tensor) -> bool:
    return not tensor.numel() or tensor.is_complex()


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one node did.

    Attributes:
        node: the node of the traced graph.
        grad_outputs: what entered, one entry per output of the forward operation; None is an
            undefined gradient (nothing arrived).
        grad_inputs: what left, one entry per input of the forward operation; None where no
            gradient goes. Empty for a leaf.
        grad_before: a leaf's ``.grad`` before this step; None if there was none, and for other nodes.
        grad_after: a leaf's ``.grad`` after it; None for other nodes.
    """

    node: Node
    grad_outputs: tuple[Recorded | None, ...]
    grad_inputs: tuple[Recorded | None, ...]
    grad_before: Recorded | None = None
    grad_after: Recorded | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Replay:
    """A recorded backward pass; ``steps`` are in the order in which the engine ran the nodes."""

    graph: Graph
    steps: tuple[Step, ...]
    # What the nodes saved, by their ids, and the names of their results: the rules are told by these.
    _values: Mapping[int, Read] = field(default_factory=dict, init=False)
    _names: Mapping[tuple[int, int], str] = field(default_factory=dict, init=False)

    def _saved_by_node(self) -> dict[int, Saved]:
        """Return what each node had saved, by its id; nodes in the middle of a long pass are left out."""
        nodes, found = self.graph.nodes, {}
        operands: dict[int, dict[int, Operand]] = {i: {} for i in self._values}
        for source, target, slot, output_nr in self.graph.edges:
            if source in operands:
                operands[source][slot] = self._operand(nodes[target], output_nr)
        for i, (values, inputs) in self._values.items():
            results = tuple(self._operand(nodes[i], nr) for nr in range(len(nodes[i].shapes)))
            slots = tuple(operands[i].get(slot) for slot in range(inputs))
            found[i] = Saved(values, slots, results, real=_is_real(nodes[i]))
        for step in self.steps:
            if step.node.kind == "leaf":
                grad = step.grad_before
                before = None if grad is None else Kept(grad.shape, grad.tensor)
                leaf = (self._operand(step.node, 0),)
                found[step.node.id] = Saved({"grad": before}, leaf, leaf, real=_is_real(step.node))
        return found

    def _operand(self, node: Node, output_nr: int) -> Operand:
        name = node.name or self._names.get((node.id, output_nr), "")
        return Operand(node.shapes[output_nr], name)

    def __repr__(self) -> str:
        leaves = sum(step.node.kind == "leaf" for step in self.steps)
        return f"Replay({len(self.steps)} steps, {leaves} leaves)"

    def _repr_html_(self) -> str:
        from autograd_vi.render import replay_html  # noqa: PLC0415 (loaded when first drawn)

        return replay_html(self)


def replay(output: Tensors, gradient: Gradients = None, params: Params | None = None) -> Replay:
    """Do what ``output.backward(gradient)`` does, once, and record it.

    The leaves' ``.grad`` are bit for bit those of a plain backward pass. As after ``backward()``, the
    tensors that the graph saved are freed. Hooks that are registered already run as usual, and what
    they change is what is recorded. The recording hooks are removed, also when the pass raises.

    Args:
        output: a tensor that autograd tracks, or several.
        gradient: what the backward pass starts from, as for :func:`torch.autograd.backward`; may
            be left out for tensors with one element.
        params: names for the leaves, as for :func:`autograd_vi.trace`. Results and constants may have
            names here too: the rules that the stepper shows call them by these.

    Raises:
        TypeError: if ``output`` holds something that is no tensor.
        ValueError: if nothing tracks one of the tensors.
        RuntimeError: what the backward pass raises.
    """
    named = named_tensors(params)
    graph = trace(output, named)
    tensors = [output] if isinstance(output, torch.Tensor) else list(output)
    gradients: Any = [gradient] if isinstance(output, torch.Tensor) else gradient
    walked = walk([node for node, _ in gradient_edges(tensors)])
    recorder = _Recorder(walked.nodes, {id(tensor): name for name, tensor in reversed(named)})
    handles: list[RemovableHandle] = []
    with paused_gc():
        try:
            for i, (node, traced) in enumerate(zip(walked.nodes, graph.nodes, strict=True)):
                before, after = partial(recorder.enter, i), partial(recorder.leave, i)
                if traced.kind == "leaf":
                    leaf = node.variable  # type: ignore[attr-defined]  # AccumulateGrad has it
                    before = partial(recorder.enter_leaf, i, leaf)
                    after = partial(recorder.leave_leaf, i, leaf)
                handles.append(node.register_prehook(before))
                handles.append(node.register_hook(after))
            torch.autograd.backward(tensors, gradients)
        finally:
            for handle in handles:
                handle.remove()
        done = Replay(graph, recorder.finish(graph))
        object.__setattr__(
            done, "_values", recorder.values
        )  # frozen, and no argument of a reader's
        object.__setattr__(done, "_names", _names_of_results(named, walked.ids))
        return done


def _names_of_results(
    named: list[tuple[str, torch.Tensor]], ids: Mapping[TorchNode, int]
) -> dict[tuple[int, int], str]:
    """Map a node's id and an output's number to the name of that result, if it has one."""
    return {
        (ids[tensor.grad_fn], tensor.output_nr): name
        for name, tensor in reversed(named)
        if tensor.grad_fn is not None and tensor.grad_fn in ids
    }


def _is_real(node: Node) -> bool:
    known = None not in node.shapes
    return known and all(dtype is not None and "float" in dtype for dtype in node.dtypes)


_Kept: TypeAlias = "tuple[tuple[int, ...], str, torch.Tensor | None, list[torch.Tensor]]"
_Grads: TypeAlias = "tuple[torch.Tensor | None, ...]"


class _Recorder:
    """Keeps what the hooks see; numbers are read off after the pass, so that no device waits."""

    def __init__(self, nodes: Sequence[TorchNode], names: Mapping[int, str]) -> None:
        self.nodes = nodes
        self.names = names
        self.values: dict[int, Read] = {}
        self.entered: dict[int, list[_Kept | None]] = {}
        self.before: dict[int, _Kept | None] = {}
        self.done: list[
            tuple[int, list[_Kept | None], list[_Kept | None], _Kept | None, _Kept | None]
        ] = []

    def enter(self, i: int, grads: _Grads) -> None:
        self.entered[i] = [_keep(grad) for grad in grads]
        if not EDGES <= len(self.done) < len(self.nodes) - EDGES:
            self.values[i] = read_values(self.nodes[i], self.names)

    def leave(self, i: int, grad_inputs: _Grads, _: _Grads) -> None:
        left = [_keep(grad) for grad in grad_inputs]
        self.done.append((i, self.entered.pop(i), left, None, None))

    def enter_leaf(self, i: int, leaf: torch.Tensor, grads: _Grads) -> None:
        self.entered[i] = [_keep(grad) for grad in grads]
        self.before[i] = _keep(leaf.grad)

    def leave_leaf(self, i: int, leaf: torch.Tensor, *_: _Grads) -> None:
        after = _keep(leaf.grad)
        self.done.append((i, self.entered.pop(i), [], self.before.pop(i), after))

    def finish(self, graph: Graph) -> tuple[Step, ...]:
        return tuple(
            Step(
                graph.nodes[i],
                tuple(map(_read, entered)),
                tuple(map(_read, left)),
                _read(before),
                _read(after),
            )
            for i, entered, left, before, after in self.done
        )


def _keep(grad: torch.Tensor | None) -> _Kept | None:
    """Copy a small gradient, reduce a large one; no number is read here."""
    if grad is None:
        return None
    shape, dtype = tuple(grad.shape), str(grad.dtype).removeprefix("torch.")
    grad = grad.detach()
    if grad.numel() <= WHOLE:
        whole = grad.to_dense() if grad.layout is not torch.strided else grad.clone()
        return shape, dtype, whole, []
    values = grad.coalesce().values() if grad.is_sparse else grad
    if not values.numel():
        return shape, dtype, None, []
    norm = torch.linalg.vector_norm(values)
    if values.is_complex():
        return shape, dtype, None, [norm]
    return shape, dtype, None, [norm, *torch.aminmax(values)]


def _read(kept: _Kept | None) -> Recorded | None:
    if kept is None:
        return None
    shape, dtype, tensor, numbers = kept
    if tensor is not None or not numbers:
        return Recorded(shape, dtype, tensor, None)
    norm, low, high = [*(float(number) for number in numbers), None, None][:3]
    return Recorded(shape, dtype, None, (norm or 0.0, low, high))
