"""Remember which module of a model ran an operation."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import count
from threading import get_ident
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.autograd import graph as torch_graph

from autograd_vi.guards import AccumulateGrad, guard, metadata_of
from autograd_vi.outputs import tensors_by_place

if TYPE_CHECKING:
    from torch.autograd.graph import Node

KEY = "autograd_vi.module"
_BY = "autograd_vi.module.by"  # the recording that told it: its thread, and its place among all
_begun = count()


class _Known:
    """Knows whether any module was ever recorded: otherwise no node needs to be asked."""

    used = False


class _Recording:
    """What runs in one thread: the modules that are running now, from the outermost one.

    Attributes:
        running: their names.
    """

    def __init__(self) -> None:
        self.running: list[str] = []
        self._thread = get_ident()

    def watch(self, name: str, module: nn.Module, until: ExitStack) -> None:
        """Look on as a module runs; the hooks are removed with ``until``."""
        enter = module.register_forward_pre_hook(
            partial(self._pre, name), prepend=True, with_kwargs=True
        )
        leave = module.register_forward_hook(partial(self._post, name), always_call=True)
        until.callback(enter.remove)
        until.callback(leave.remove)

    def remember(self, node: Node) -> None:
        """Keep the innermost module that is running as ``node`` is created.

        Of recordings one inside the other the outermost that knows a running module tells its name.
        """
        if type(node) is AccumulateGrad:
            return
        guard(node, node.next_functions)
        metadata = metadata_of(node)
        if not metadata.get(KEY):
            metadata[KEY] = self.running[-1] if self.running else ""

    def _pre(self, name: str, _: nn.Module, args: object, kwargs: object) -> None:
        if get_ident() == self._thread:
            self.enter(name, (args, kwargs))

    def _post(self, name: str, _: nn.Module, args: object, output: object) -> None:  # noqa: ARG002  # torch gives it
        if get_ident() == self._thread and name in self.running:
            self.leave(name, output)

    def enter(self, name: str, inputs: object) -> None:  # noqa: ARG002  # read by the class below
        """Note that a module starts."""
        self.running.append(name)

    def leave(self, name: str, output: object) -> None:  # noqa: ARG002  # read by the class below
        """Note that a module has ended; None is the output of one that raised."""
        while (
            self.running.pop() != name
        ):  # modules inside it ended without telling, by an interrupt
            pass


class _ByNumbers(_Recording):
    """A recording for a torch that does not tell when it creates a node.

    Each thread numbers its nodes as it creates them. So the number at which a module starts and ends tells which nodes
    are its own. They are looked for behind the results of all calls when the outermost one ends.
    """

    def __init__(self) -> None:
        super().__init__()
        self._begun = next(_begun)
        self._by = self._thread, self._begun
        self._starts: list[int] = []  # from each of these numbers on
        self._names: list[str] = []  # this module was running
        self._results: list[Node] = []
        self._inputs: set[Node] = set()

    def enter(self, name: str, inputs: object) -> None:
        if not self.running:
            self._inputs = set(_grad_fns(inputs))
        super().enter(name, inputs)
        self._note()

    def leave(self, name: str, output: object) -> None:
        super().leave(name, output)
        self._results += _grad_fns(output)
        self._note()
        if not self.running:
            self._mark()
            self._starts, self._names, self._results, self._inputs = [], [], [], set()

    def _note(self) -> None:
        self._starts.append(torch.autograd._get_sequence_nr())  # type: ignore[attr-defined]  # the next node's number
        self._names.append(self.running[-1] if self.running else "")

    def _mark(self) -> None:
        """Mark the nodes between the results and the inputs that were created since the outermost start."""
        met: set[Node] = set()
        stack = self._results
        while stack:
            node = stack.pop()
            if type(node) is AccumulateGrad or node in met or node in self._inputs:
                continue
            number = node._sequence_nr()
            if not self._starts[0] <= number < self._starts[-1]:
                continue
            met.add(node)
            guard(node, node.next_functions)
            metadata = metadata_of(node)
            thread, begun = metadata.setdefault(_BY, self._by)
            if (
                thread == self._thread and begun >= self._begun
            ):  # not told by a recording around this one
                metadata[KEY] = self._names[bisect_right(self._starts, number) - 1]
                metadata[_BY] = self._by
            stack += [child for child, _ in node.next_functions if child is not None]


@contextmanager
def record_modules(model: torch.nn.Module | Mapping[str, torch.nn.Module]) -> Iterator[None]:
    """Record for every operation inside the ``with`` block which module ran it.

    ``trace`` then finds it in the graph's nodes, and draws each operation in the frame of that module: the innermost
    one whose call had begun and not ended. A module that runs twice has two frames, or one where nothing ran in
    between. Only what this thread runs is recorded. It costs some microseconds an operation.

    A torch without ``torch.autograd.graph.node_creation_hook`` tells only which nodes are new. There the
    recording follows what modules return, so an operation whose result a module keeps to itself has no frame.

    Args:
        model: the model. Several ones are given as a mapping: their names there come first in the modules' names.

    Raises:
        TypeError: if ``model`` is neither a module nor a mapping of names to modules.
    """
    hook: Any = getattr(torch_graph, "node_creation_hook", None)
    recording = _ByNumbers() if hook is None else _Recording()
    with ExitStack() as until:
        for name, module in _names(model):
            recording.watch(name, module, until)
        _Known.used = True
        if hook is not None:
            until.enter_context(hook(recording.remember))
        yield


def _names(model: nn.Module | Mapping[str, nn.Module]) -> list[tuple[str, nn.Module]]:
    """Return all modules with their names; a module that has several is told by its first one."""
    if isinstance(model, nn.Module):
        return list(model.named_modules())
    if not isinstance(model, Mapping) or not all(
        isinstance(module, nn.Module) for module in model.values()
    ):
        raise TypeError(
            f"model is a {type(model).__name__}; give a module, or a mapping of names to modules"
        )
    met: set[nn.Module] = set()
    return [
        named
        for prefix, module in model.items()
        for named in module.named_modules(memo=met, prefix=str(prefix))
    ]


def _grad_fns(value: object) -> list[Node]:
    """Return the nodes of all tracked results in a container."""
    tensors = tensors_by_place([value]).values()
    return [t.grad_fn for t in tensors if t is not None and t.grad_fn is not None]


def was_recorded() -> bool:
    """Whether any module was ever recorded."""
    return _Known.used


def recorded_module(node: Node) -> str | None:
    """Return the name of the module that ran ``node``'s operation, empty if none did; None if it was not recorded."""
    found: str | None = metadata_of(node).get(KEY)
    return found
