"""One backward pass, recorded: what entered each node, what left it, what each leaf accumulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import torch

from autograd_vi.graph import Graph, Node, Params, trace
from autograd_vi.walk import gradient_edges, paused_gc, walk

if TYPE_CHECKING:
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
        params: names for the leaves, as for :func:`autograd_vi.trace`.

    Raises:
        TypeError: if ``output`` holds something that is no tensor.
        ValueError: if nothing tracks one of the tensors.
        RuntimeError: what the backward pass raises.
    """
    graph = trace(output, params)
    tensors = [output] if isinstance(output, torch.Tensor) else list(output)
    gradients: Any = [gradient] if isinstance(output, torch.Tensor) else gradient
    walked = walk([node for node, _ in gradient_edges(tensors)])
    recorder = _Recorder()
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
        return Replay(graph, recorder.finish(graph))


_Kept: TypeAlias = "tuple[tuple[int, ...], str, torch.Tensor | None, list[torch.Tensor]]"
_Grads: TypeAlias = "tuple[torch.Tensor | None, ...]"


class _Recorder:
    """Keeps what the hooks see; numbers are read off after the pass, so that no device waits."""

    def __init__(self) -> None:
        self.entered: dict[int, list[_Kept | None]] = {}
        self.before: dict[int, _Kept | None] = {}
        self.done: list[
            tuple[int, list[_Kept | None], list[_Kept | None], _Kept | None, _Kept | None]
        ] = []

    def enter(self, i: int, grads: _Grads) -> None:
        self.entered[i] = [_keep(grad) for grad in grads]

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
