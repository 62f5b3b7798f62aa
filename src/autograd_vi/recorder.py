"""The hooks that watch one backward pass."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

import torch

from autograd_vi.captures import Capture, Kept, capture, fetch
from autograd_vi.rules.saved import EDGES, Read, read_values

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch.utils.hooks import RemovableHandle

    from autograd_vi.operations import NodeKind
    from autograd_vi.walk import Walk

_Grads: TypeAlias = "tuple[torch.Tensor | None, ...]"
_Captures: TypeAlias = "list[Capture | None]"
# What a node did: its id, what entered, what left, and a leaf's .grad before and after, as in
# :class:`autograd_vi.Step`. There is one for each node, so it is no class of its own.
Done: TypeAlias = "tuple[int, _Captures, _Captures, Capture | None, Capture | None]"
_Place: TypeAlias = "tuple[int, int]"  # a node and the number of one of its outputs
_task = torch._C._current_graph_task_id


class Recorder:
    """Watches the nodes of a graph during one backward pass.

    Nodes belong to all graphs that share them, and other threads may run them, or the pass itself may start
    another one. A pass has a number of its own, so every hook asks in which pass it is. Which one is ours
    tells :attr:`sentinel`, a leaf that no one else has: it is a further root, and leaves come first. On an
    accelerator a node may still run a moment earlier, in a thread of its own; what is seen before the number
    is known is kept aside with its number.

    A gradient that leaves a node and enters the next one, alone, is captured once. The engine holds it
    in between anyway; holding it here too tells that it is the same tensor, and its version that it
    has not changed.

    Attributes:
        sentinel: a leaf to be a root of the pass, with one element.
        done: what the nodes did, in the order in which they ended.
        values: what nodes had saved, by their ids; those in the middle of a long pass are left out. The
            engine frees it when the last hook has looked.
    """

    def __init__(
        self,
        walked: Walk,
        roots: Sequence[_Place],
        names: Mapping[int, tuple[str, ...]],
        *,
        share: bool,
    ) -> None:
        """Prepare to watch the nodes of a walk.

        Args:
            walked: the graph.
            roots: where gradients start, as ``(node id, output_nr)``.
            names: names of tensors, by ``id(tensor)``.
            share: whether each gradient that leaves a node surely enters the next one.
        """
        with torch.inference_mode(mode=False):
            self.sentinel = torch.zeros((), device="cpu", requires_grad=True)
        self.done: list[Done] = []
        self._early: list[tuple[int, Done]] = []
        self._pass = -1
        self.values: dict[int, Read] = {}
        self._names = {key: found[0] for key, found in names.items()}
        self._middle = range(EDGES, len(walked.nodes) - EDGES)
        self._walked = walked
        self._nodes = walked.nodes
        self._entered: dict[_Place, tuple[_Captures, Capture | None, int | None]] = {}
        self._sent: dict[_Place, tuple[torch.Tensor, int | None, Capture | None]] = {}
        self._handles: list[RemovableHandle] = []
        self._waiting: list[
            Kept
        ] = []  # the captures whose numbers are read when the pass has ended
        self._lone = self._lone_targets(roots) if share else {}

    @property
    def has_begun(self) -> bool:
        """Whether the engine has started with the pass."""
        return self._pass >= 0

    def watch(self, kinds: Sequence[NodeKind]) -> None:
        """Register the hooks. A node's kind says what it may do to a gradient."""
        self._handles.append(self.sentinel.register_hook(self._begin))
        leave, keep_handle = self._leave, self._handles.append
        for i, (node, kind) in enumerate(zip(self._walked.nodes, kinds, strict=True)):
            if kind == "leaf":
                leaf = node.variable  # type: ignore[attr-defined]  # AccumulateGrad has it
                self._handles.append(node.register_prehook(partial(self._enter_leaf, i, leaf)))
                self._handles.append(node.register_hook(partial(self._leave_leaf, i, leaf)))
                continue
            # A function of the user's may write into what it is given, so what enters is captured first.
            if kind == "custom":
                self._handles.append(node.register_prehook(partial(self._enter, i)))
            keep_handle(node.register_hook(partial(leave, i)))

    def end(self) -> None:
        """Remove the hooks, and read off all numbers."""
        for handle in self._handles:
            handle.remove()
        self._sent.clear()
        self._entered.clear()
        mine = [done for task, done in self._early if task == self._pass]
        self.done = mine + self.done
        fetch(self._waiting)

    def _lone_targets(self, roots: Sequence[_Place]) -> dict[_Place, _Place]:
        """Map ``(node, slot)`` to the output that gets its gradient from there alone."""
        edges = self._walked.edges
        places = list(map(itemgetter(1, 3), edges))
        arrivals = Counter(places)
        arrivals.update(roots)
        departures = map(itemgetter(0, 2), edges)
        return {
            departure: place
            for departure, place in zip(departures, places, strict=True)
            if arrivals[place] == 1
        }

    def _begin(self, _: torch.Tensor) -> None:
        self._pass = _task()

    def _enter(self, i: int, grads: _Grads) -> None:
        task = _task()
        if task == self._pass or self._pass < 0:
            self._entered[task, i] = self._arrived(i, grads), None, None

    def _enter_leaf(self, i: int, leaf: torch.Tensor, grads: _Grads) -> None:
        task = _task()
        if task == self._pass or self._pass < 0:
            self._entered[task, i] = (
                self._arrived(i, grads),
                capture(leaf.grad, self._waiting),
                _version(grads[0]),
            )

    def _leave(self, i: int, grad_inputs: _Grads, grad_outputs: _Grads) -> None:
        task = _task()
        mine = task == self._pass
        if not mine and self._pass >= 0:
            return
        known = self._entered.pop((task, i), None) if self._entered else None
        entered = self._arrived(i, grad_outputs) if known is None else known[0]
        left: _Captures = [None] * len(grad_inputs)
        for slot, grad in enumerate(grad_inputs):
            if grad is None:
                continue
            left[slot] = found = capture(grad, self._waiting)
            if mine and (target := self._lone.get((i, slot))) is not None:
                self._sent[target] = grad, _version(grad), found
        if len(self.done) not in self._middle:
            with suppress(Exception):  # a hook must not raise; then the rule has no numbers
                self.values[i] = read_values(self._nodes[i], self._names)
        if mine:
            self.done.append((i, entered, left, None, None))
        else:
            self._early.append((task, (i, entered, left, None, None)))

    def _leave_leaf(self, i: int, leaf: torch.Tensor, _: _Grads, grad_outputs: _Grads) -> None:
        task = _task()
        if task != self._pass and self._pass >= 0:
            return
        entered, before, version = self._entered.pop((task, i), (None, None, None))
        if entered is None:  # the hook that looks at what enters has come too late for this pass
            entered = self._arrived(i, grad_outputs)
        after = leaf.grad
        stays = before is None and _is_taken_over(leaf, after, grad_outputs[0], version)
        now = entered[0] if stays else capture(after, self._waiting)
        self._note(task, (i, entered, [], before, now))

    def _arrived(self, i: int, grads: _Grads) -> _Captures:
        """Return the captures of what enters a node, which mostly are those of what left another one."""
        captures: _Captures = []
        for nr, grad in enumerate(grads):
            sent = self._sent.pop((i, nr), None)
            if sent is not None and sent[0] is grad and sent[1] == _version(grad):
                captures.append(sent[2])
            else:
                captures.append(capture(grad, self._waiting))
        return captures

    def _note(self, task: int, done: Done) -> None:
        if task == self._pass:
            self.done.append(done)
        else:
            self._early.append((task, done))


def _version(grad: torch.Tensor | None) -> int | None:
    """Return how often a tensor was written into; None where torch does not count."""
    if grad is None:
        return None
    try:
        return grad._version
    except RuntimeError:  # of an inference tensor
        return None


def _is_taken_over(
    leaf: torch.Tensor, after: torch.Tensor | None, grad: torch.Tensor | None, version: int | None
) -> bool:
    """Whether ``.grad`` is the very memory that entered, unchanged.

    A hook of the user's may have written into it without a trace, through ``.grad.data``.
    """
    if after is None or grad is None or version is None or leaf._post_accumulate_grad_hooks:
        return False
    if type(after) is not torch.Tensor or type(grad) is not torch.Tensor:
        return False
    try:
        same = after.data_ptr() == grad.data_ptr() and after.stride() == grad.stride()
        return (
            same and not after.is_meta and after.shape == grad.shape and after._version == version
        )
    except RuntimeError:  # a tensor without memory or strides of its own
        return False
