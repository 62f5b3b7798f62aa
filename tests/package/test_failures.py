"""When the backward pass raises, the exception tells in which node, and brings the steps before it."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from package.autograd_graphs import leaf
from package.random_programs import Program, programs
from package.test_sources import needs_hook

import autograd_vi as av
from autograd_vi.walk import gradient_edge, walk


class Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *_: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        raise ArithmeticError("on purpose")


def failure(run: Any, error: type[Exception]) -> tuple[str, av.Replay]:  # noqa: ANN401
    """Run what raises; return the exception's note and the steps that it brings."""
    with pytest.raises(error) as caught:
        run()
    (note,) = caught.value.__notes__
    replay = caught.value.replay  # type: ignore[attr-defined]
    assert isinstance(replay, av.Replay)
    return note, replay


@needs_hook
def test_a_saved_tensor_that_was_changed_is_traced_to_node_and_line() -> None:
    w = leaf(3)
    with av.record_sources():
        y = w.exp()
        z = (y * 1 + w * w).sum()
    y.add_(1)
    note, replay = failure(lambda: av.replay(z, {"w": w}), RuntimeError)
    assert "ExpBackward0" in note
    assert "y = w.exp()" in note
    assert replay.failed is not None
    assert replay.failed.op == "ExpBackward0"
    assert [step.node.op for step in replay.steps][:2] == ["SumBackward0", "AddBackward0"]
    assert "failed: ExpBackward0" in str(replay)
    assert "ExpBackward0" in replay._repr_html_()


def test_without_lines_the_note_says_how_to_get_them() -> None:
    note, _ = failure(lambda: av.replay(Fails.apply(leaf()) * 2), ArithmeticError)
    assert "Fails (node 1, shape ())" in note
    assert "record_sources" in note


def test_a_second_pass_tells_which_node_misses_its_tensors() -> None:
    w = leaf(3)
    loss = (w**2).sum()
    loss.backward()
    note, replay = failure(lambda: av.replay(loss), RuntimeError)
    assert "PowBackward0" in note
    assert len(replay.steps) == 1


def test_a_hook_of_the_users_that_raises_is_told_by_its_node() -> None:
    x = leaf(2)
    y = x * 2

    def refuse(_: torch.Tensor) -> None:
        raise KeyError("hook")

    y.register_hook(refuse)
    note, replay = failure(lambda: av.replay(y.sum(), {"x": x}), KeyError)
    assert "MulBackward0" in note
    assert [step.node.op for step in replay.steps] == ["SumBackward0"]
    assert x.grad is None


def test_a_hook_at_a_leaf_that_raises_is_told_by_the_leafs_name() -> None:
    x = leaf(2)

    def refuse(_: torch.Tensor) -> None:
        raise KeyError("hook")

    x.register_hook(refuse)
    note, _ = failure(lambda: av.replay((x * 2).sum(), {"x": x}), KeyError)
    assert "AccumulateGrad x" in note


def test_a_pass_that_did_not_begin_has_no_note() -> None:
    with pytest.raises(RuntimeError, match="only for scalar") as caught:
        av.replay(leaf(2) * 2)
    assert not hasattr(caught.value, "__notes__")
    assert not hasattr(caught.value, "replay")


@given(programs(), st.data())
def test_in_random_graphs_the_node_that_raises_is_the_one_that_is_named(
    program: Program, data: st.DataObject
) -> None:
    nodes = walk([gradient_edge(program.output)[0]]).nodes
    i = data.draw(st.integers(0, len(nodes) - 1))

    def refuse(*_: object) -> None:
        raise KeyError("hook")

    handle = nodes[i].register_prehook(refuse)
    _, replay = failure(lambda: av.replay(program.output), KeyError)
    handle.remove()
    assert replay.failed is not None
    assert replay.failed.id == i


@given(programs(), st.data())
def test_with_inputs_too(program: Program, data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(program.leaves))
    nodes = walk([gradient_edge(program.output)[0]]).nodes
    ran = {
        step.node.id for step in av.replay(program.output, retain_graph=True, inputs=[chosen]).steps
    }
    if not ran:
        return
    i = data.draw(st.sampled_from(sorted(ran)))

    def refuse(*_: object) -> None:
        raise KeyError("hook")

    handle = nodes[i].register_prehook(refuse)
    _, replay = failure(lambda: av.replay(program.output, inputs=[chosen]), KeyError)
    handle.remove()
    assert replay.failed is not None
    assert replay.failed.id == i
