"""One backward pass, recorded: what entered each node, what left it, what each leaf accumulated."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import torch

from autograd_vi.columns import columns_of
from autograd_vi.failures import nodes_running, tell
from autograd_vi.graph import Graph, Node, Params, read_graph
from autograd_vi.names import Names
from autograd_vi.outputs import Outputs, roots_of
from autograd_vi.recorded import Recorded, Step
from autograd_vi.recorder import Done, Recorder
from autograd_vi.saved import held_after, total
from autograd_vi.start_gradients import Gradients, start_gradients
from autograd_vi.steps import steps_of
from autograd_vi.unreached import unreached_names
from autograd_vi.walk import paused_gc
from autograd_vi.whole_files import write_whole

if TYPE_CHECKING:
    import pathlib

    from autograd_vi.render import Direction, Lookup
    from autograd_vi.rules.saved import Read
    from autograd_vi.walk import Walk

__all__ = ["Recorded", "Replay", "Step", "replay"]

Inputs: TypeAlias = "torch.Tensor | Sequence[torch.Tensor] | None"


class Replay:
    """A recorded backward pass.

    Printing it tells the story step by step; as the last line of a notebook cell it is the picture with a
    stepper.
    """

    __slots__ = ("_done", "_failed", "_graph", "_retained", "_steps", "_unreached", "_values")

    def __init__(
        self,
        graph: Graph,
        steps: Sequence[Step],
        unreached: Sequence[str] = (),
        failed: Node | None = None,
        *,
        retained: bool = False,
    ) -> None:
        self._graph = graph
        self._retained = retained
        self._steps: tuple[Step, ...] | None = tuple(steps)
        self._unreached = tuple(unreached)
        self._failed = failed
        # What the hooks saw. The steps are made of it when they are first read.
        self._done: list[Done] = []
        # What the nodes saved, by their ids: the rules are told by it.
        self._values: Mapping[int, Read] = {}

    @property
    def graph(self) -> Graph:
        """The graph, as :func:`autograd_vi.trace` reads it."""
        return self._graph

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps, in the order in which the engine ran the nodes."""
        if self._steps is None:
            with paused_gc():
                self._steps = steps_of(self._graph, self._done)
            self._done = []
        return self._steps

    @property
    def unreached(self) -> tuple[str, ...]:
        """The names in ``params`` of tracked tensors to which this pass brought no gradient.

        They belong to a part that did not run or was detached, or to a function that gives them
        none. Frozen parameters are left out: they ask for no gradient.
        """
        return self._unreached

    @property
    def held_bytes(self) -> tuple[int, ...] | None:
        """How many bytes the graph still keeps for the backward pass after each step.

        A node lets go of what it saved when it has run, unless the graph is retained. None unless
        recorded with ``saved=True``.
        """
        saved = self._graph.saved
        if saved is None:
            return None
        if self._retained:
            return (total(chain.from_iterable(saved)),) * len(self.steps)
        return tuple(held_after(saved, (step.node.id for step in self.steps)))

    @property
    def failed(self) -> Node | None:
        """The node that was running when the pass raised; None if the pass came to its end.

        Also None where nodes ran on several devices: the exception's note then names them all.
        """
        return self._failed

    @property
    def first_nonfinite(self) -> Step | None:
        """The first step into which, or out of which, NaN or an infinity went; None if there is none.

        Where finite gradients enter it, it is the step that made NaN or infinity.
        """
        return next((step for step in self.steps if step.nonfinite), None)

    def __repr__(self) -> str:
        steps = self.steps
        leaves = sum(step.node.kind == "leaf" for step in steps)
        words = [f"{len(steps)} steps", f"{leaves} leaves"]
        if self.failed is not None:
            words.append(f"failed in {self.failed.op}")
        if (first := self.first_nonfinite) is not None:
            words.append(f"first {first.nonfinite} in step {steps.index(first) + 1}")
        if self.unreached:
            words.append(f"{len(self.unreached)} unreached")
        return f"Replay({', '.join(words)})"

    def __str__(self) -> str:
        from autograd_vi.story import story_text  # noqa: PLC0415 (it writes numbers as pictures do)

        return story_text(self)

    def save_html(
        self,
        path: str | pathlib.Path,
        *,
        title: str = "",
        language: str = "en",
        lookup: Lookup | None = None,
        direction: Direction = "down",
    ) -> None:
        """Write the picture with its stepper into one HTML file, which works without a network or JavaScript.

        Args:
            path: where to write. If that fails, what stood there before stays.
            title: the page's title, and its heading if it is given.
            language: the page's language, as in ``vi``.
            lookup: returns a word of the page in that language, given its key and its English; None for English.
            direction: where gradients run in the picture: ``down`` or ``right``.

        Raises:
            OSError: if the file cannot be written.
            ValueError: if ``direction`` is something else, or a word lacks a place for a value.
        """
        from autograd_vi.render import replay_page  # noqa: PLC0415 (loaded when first drawn)

        write_whole(path, replay_page(self, title, language, lookup, direction))

    def _repr_html_(self) -> str:
        from autograd_vi.render import replay_html  # noqa: PLC0415 (loaded when first drawn)

        return replay_html(self)


def replay(
    output: Outputs,
    params: Params | None = None,
    gradient: Gradients = None,
    *,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Inputs = None,
    saved: bool = False,
) -> Replay:
    """Do what ``output.backward(gradient)`` does, once, and record it.

    The leaves' ``.grad`` are those of a plain backward pass. As after ``backward()``, the
    tensors that the graph saved are freed unless ``retain_graph`` says otherwise. Hooks that are
    registered already run as usual, and what they change is what is recorded. The recording hooks are
    removed, also when the pass raises.

    Where the pass raises, the exception has a note that names the node, and the line of the program if
    :func:`autograd_vi.record_sources` was on, and the steps before it as its attribute ``replay``.

    Args:
        output: a tensor that autograd tracks, or a container of some, as for :func:`autograd_vi.trace`.
        params: names for leaves and results, as for :func:`autograd_vi.trace`. Constants may have
            names here too: the rules that the stepper shows call them by these.
        gradient: what the backward pass starts from, as for :func:`torch.autograd.backward`; may
            be left out for tensors with one element. For a container: a sequence with a tensor or None
            for each root, or a container of the same form.
        retain_graph: keep what the graph saved, for another pass; by default as ``create_graph``.
        create_graph: track the backward pass too, for higher-order derivatives.
        inputs: the tensors that accumulate; all leaves if None.
        saved: also look at what each operation keeps for the pass, as for :func:`autograd_vi.trace`.

    Raises:
        TypeError: if there is no tensor in ``output``, or ``params`` has no names.
        ValueError: if nothing tracks ``output``, or ``gradient`` fits it in no way.
        RuntimeError: what the backward pass raises.
    """
    roots = roots_of(output)
    gradients = start_gradients(output, roots, gradient)
    names = _names(params)
    with paused_gc():  # what the recording needs is gone before the collector looks again
        graph, walked = read_graph(roots, names, sys._getframe(1), saved=saved)
        return _recorded_pass(
            graph,
            walked,
            names,
            roots=[root.tensor for root in roots],
            gradients=gradients,
            retain_graph=retain_graph,
            create_graph=create_graph,
            inputs=inputs,
        )


def _recorded_pass(
    graph: Graph,
    walked: Walk,
    names: Names,
    *,
    roots: Sequence[torch.Tensor],
    gradients: Sequence[torch.Tensor | None],
    retain_graph: bool | None,
    create_graph: bool,
    inputs: Inputs,
) -> Replay:
    recorder = Recorder(walked, graph.roots, names.by_id, share=inputs is None)
    accumulating = _accumulating(inputs, recorder)
    try:
        recorder.watch(columns_of(graph).kinds)
        torch.autograd.backward(
            [*roots, recorder.sentinel],
            [*gradients, None],
            retain_graph,
            create_graph,
            inputs=accumulating,
        )
    except BaseException as error:
        _tell_failure(error, graph, walked, recorder, accumulating)
        raise
    finally:
        recorder.end()
    retained = create_graph if retain_graph is None else retain_graph
    return _replay(
        graph, recorder, unreached_names(names, walked, recorder.done), retained=retained
    )


def _accumulating(inputs: Inputs, recorder: Recorder) -> Sequence[torch.Tensor] | None:
    """Return what torch is to accumulate into: the recorder's own root too, or it would not run."""
    asked = [inputs] if isinstance(inputs, torch.Tensor) else inputs
    return [*asked, recorder.sentinel] if asked else asked  # torch itself refuses an empty one


def _tell_failure(
    error: BaseException,
    graph: Graph,
    walked: Walk,
    recorder: Recorder,
    accumulating: Sequence[torch.Tensor] | None,
) -> None:
    """Give the exception that the pass raised its note and the steps before it."""
    recorder.end()
    if recorder.has_begun:
        running = nodes_running(walked, graph, recorder.done, accumulating)
        failed = running[0] if len(running) == 1 else None
        tell(error, running, _replay(graph, recorder, (), failed))


def _names(params: Params | None) -> Names:
    try:
        return Names(params)
    except TypeError as error:
        raise TypeError(f"{error}. What the backward pass starts from goes to gradient=") from None


def _replay(
    graph: Graph,
    recorder: Recorder,
    unreached: Sequence[str],
    failed: Node | None = None,
    *,
    retained: bool = False,
) -> Replay:
    replayed = Replay(graph, (), unreached, failed, retained=retained)
    replayed._steps, replayed._done, replayed._values = None, recorder.done, recorder.values
    return replayed
