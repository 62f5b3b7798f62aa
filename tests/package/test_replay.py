"""A replay does what backward does, and tells what happened."""

from __future__ import annotations

from typing import TypeAlias

import pytest
import torch
from hypothesis import given
from package.random_programs import Program, programs
from torch import nn

import autograd_vi as av
from autograd_vi.recorder import Recorder
from autograd_vi.walk import walk

Numbers: TypeAlias = "float | list[Numbers]"


def _leaf(*values: float) -> torch.Tensor:
    return torch.tensor(values if len(values) > 1 else values[0], requires_grad=True)


def _entered(step: av.Step, nr: int = 0) -> Numbers:
    recorded = step.grad_outputs[nr]
    assert recorded is not None
    assert recorded.tensor is not None
    numbers: Numbers = recorded.tensor.tolist()
    return numbers


def _left(step: av.Step) -> list[Numbers | None]:
    return [None if g is None or g.tensor is None else g.tensor.tolist() for g in step.grad_inputs]


def _grads(leaves: list[torch.Tensor]) -> list[torch.Tensor | None]:
    return [None if leaf.grad is None else leaf.grad.clone() for leaf in leaves]


def test_the_steps_of_a_small_expression_in_the_engines_order() -> None:
    a, x, y = _leaf(2.0), _leaf(3.0), _leaf(4.0)
    replay = av.replay(a * x**2 - y**2, params={"a": a, "x": x, "y": y})
    assert [step.node.name or step.node.op for step in replay.steps] == [
        *("SubBackward0", "PowBackward0", "y", "MulBackward0", "a", "PowBackward0", "x")
    ]
    assert [_entered(step) for step in replay.steps] == [1, -1, -8, 1, 9, 2, 12]
    assert [_left(step) for step in replay.steps] == [
        *([1, -1], [-8], [], [9, 2], [], [12], []),
    ]


@given(programs())
def test_every_gradient_is_the_one_that_autograd_grad_gives(program: Program) -> None:
    assert program.output.grad_fn is not None
    nodes = walk([program.output.grad_fn])
    replayed_ids = nodes.ids
    inside = [(t, t.grad_fn) for t in program.results if t.grad_fn in replayed_ids]
    wanted = torch.autograd.grad(
        program.output,
        [*program.leaves, *(t for t, _ in inside)],
        retain_graph=True,
        allow_unused=True,
    )
    replay = av.replay(program.output)
    steps = {step.node.id: step for step in replay.steps}
    for (tensor, node), grad in zip(inside, wanted[len(program.leaves) :], strict=True):
        assert node is not None
        step = steps[replayed_ids[node]]
        recorded = step.grad_outputs[tensor.output_nr]
        if grad is None:
            assert recorded is None
        else:
            assert recorded is not None
            torch.testing.assert_close(recorded.tensor, grad)
    after = [s.grad_after for s in replay.steps if s.node.kind == "leaf"]
    assert sorted(r.tensor.tolist() for r in after if r is not None and r.tensor is not None) == (
        sorted(leaf.grad.tolist() for leaf in program.leaves if leaf.grad is not None)
    )


@given(programs())
def test_what_enters_a_node_is_the_sum_of_what_left_towards_it(program: Program) -> None:
    replay = av.replay(program.output)
    sums: dict[tuple[int, int], torch.Tensor] = {}
    steps = {step.node.id: step for step in replay.steps}
    for edge in replay.graph.edges:
        sent = steps[edge.source].grad_inputs[edge.slot]
        if sent is not None:
            key = (edge.target, edge.output_nr)
            assert sent.tensor is not None
            sums[key] = sums.get(key, torch.zeros(())) + sent.tensor
    for (node, nr), total in sums.items():
        recorded = steps[node].grad_outputs[nr]
        assert recorded is not None
        torch.testing.assert_close(recorded.tensor, total)


@given(programs())
def test_the_leaves_get_bit_for_bit_what_backward_gives_them(program: Program) -> None:
    program.output.backward(retain_graph=True)
    once = _grads(program.leaves)
    program.output.backward(retain_graph=True)
    twice = _grads(program.leaves)
    for leaf in program.leaves:
        leaf.grad = None
    program.output.backward(retain_graph=True)
    av.replay(program.output)
    for leaf, plain, accumulated in zip(program.leaves, once, twice, strict=True):
        assert (leaf.grad is None) == (plain is None)
        if accumulated is not None:
            assert leaf.grad is not None
            assert torch.equal(leaf.grad, accumulated)


def test_a_network_gets_bit_for_bit_the_same_gradients() -> None:
    torch.manual_seed(0)
    last = nn.Linear(128, 10)
    model = nn.Sequential(nn.Conv2d(2, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Flatten(), last)
    images = torch.rand(4, 2, 6, 6)
    output = model(images)
    v = torch.rand_like(output)
    output.backward(v, retain_graph=True)
    plain = [p.grad.clone() for p in model.parameters() if p.grad is not None]
    model.zero_grad()
    replay = av.replay(output, model, v)
    for parameter, grad in zip(model.parameters(), plain, strict=True):
        assert parameter.grad is not None
        assert torch.equal(parameter.grad, grad)
    large = next(step for step in replay.steps if step.node.name == "4.weight").grad_after
    assert large is not None
    assert large.tensor is None
    assert large.shape == (10, 128)
    assert last.weight.grad is not None
    assert large.norm == pytest.approx(last.weight.grad.norm().item())
    assert (large.min, large.max) == (last.weight.grad.min().item(), last.weight.grad.max().item())


def test_a_leaf_tells_what_it_held_before_and_after() -> None:
    x = _leaf(1.0, 2.0)
    av.replay((x * 3).sum())
    step = next(s for s in av.replay((x * 3).sum()).steps if s.node.kind == "leaf")
    assert step.grad_before is not None
    assert step.grad_after is not None
    assert step.grad_before.tensor is not None
    assert step.grad_before.tensor.tolist() == [3, 3]
    assert step.grad_after.tensor is not None
    assert step.grad_after.tensor.tolist() == [6, 6]


def test_the_recorded_values_stay_when_the_gradients_change_later() -> None:
    x = _leaf(1.0, 2.0)
    replay = av.replay((x * 3).sum())
    assert x.grad is not None
    x.grad.zero_()
    assert _entered(replay.steps[-1]) == [3, 3]


def test_a_node_used_twice_runs_once_with_the_sum() -> None:
    x = _leaf(3.0)
    y = x * x
    replay = av.replay(y + y)
    assert [step.node.op for step in replay.steps] == [
        *("AddBackward0", "MulBackward0", "AccumulateGrad")
    ]
    assert _entered(replay.steps[1]) == 2
    assert _left(replay.steps[1]) == [6, 6]
    assert x.grad == 12


def test_several_outputs_with_their_own_gradients() -> None:
    x = _leaf(1.0, 2.0)
    av.replay([x * 2, (x**2).sum()], gradient=[torch.tensor([1.0, 10.0]), None])
    assert x.grad is not None
    assert x.grad.tolist() == [4, 24]


def test_an_output_without_elements_to_guess_needs_a_gradient() -> None:
    with pytest.raises(RuntimeError, match="grad can be implicitly created only for scalar"):
        av.replay(_leaf(1.0, 2.0) * 2)


def test_a_leaf_itself_can_be_the_output() -> None:
    x = _leaf(1.0)
    replay = av.replay(x)
    assert [step.node.kind for step in replay.steps] == ["leaf"]
    assert x.grad == 1


class _Second(torch.autograd.Function):
    """Gives no gradient to its first input."""

    @staticmethod
    def forward(ctx: object, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:  # noqa: ARG004
        return x + y

    @staticmethod
    def backward(ctx: object, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:  # noqa: ARG004
        return None, grads[0]


def test_an_undefined_gradient_is_none() -> None:
    x, y = _leaf(1.0), _leaf(2.0)
    replay = av.replay(_Second.apply(x * 2, y))
    second = replay.steps[0]
    assert second.node.kind == "custom"
    assert _left(second) == [None, 1]
    assert x.grad is None
    assert y.grad == 1


def test_an_output_that_nobody_uses_gets_nothing() -> None:
    x = _leaf(1.0, 2.0, 3.0)
    _, second, _ = x.unbind()
    replay = av.replay(second * 2)
    unbind = next(step for step in replay.steps if step.node.op == "UnbindBackward0")
    assert [g is None for g in unbind.grad_outputs] == [True, False, True]


def test_hooks_that_are_there_already_still_run_and_are_seen() -> None:
    x = _leaf(1.0)
    y = x * 2
    seen: list[float] = []
    y.register_hook(lambda grad: grad * 10)
    y.retain_grad()
    x.register_post_accumulate_grad_hook(lambda leaf: seen.append(float(leaf.grad)))
    replay = av.replay(y * 3)
    assert _entered(replay.steps[1]) == 30
    assert x.grad == 60
    assert y.grad == 30
    assert seen == [60]


class _Fails(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:  # noqa: ARG004
        return x.clone()

    @staticmethod
    def backward(ctx: object, *_: torch.Tensor) -> tuple[torch.Tensor | None, ...]:  # noqa: ARG004
        msg = "on purpose"
        raise ArithmeticError(msg)


@pytest.mark.parametrize("fails", [True, False])
def test_no_hook_is_left_behind(monkeypatch: pytest.MonkeyPatch, *, fails: bool) -> None:
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    for name in ("_enter", "_leave", "_enter_leaf", "_leave_leaf"):
        monkeypatch.setattr(Recorder, name, count)
    x = _leaf(2.0)
    y = x + x
    output = _Fails.apply(y) if fails else y + 1
    if fails:
        with pytest.raises(ArithmeticError, match="on purpose"):
            av.replay(output + y)
    else:
        av.replay(output)
    during = calls
    assert during > 0
    y.backward()
    assert calls == during


@pytest.mark.parametrize(
    ("output", "error"), [(3, TypeError), ("x", TypeError), (torch.ones(1), ValueError)]
)
def test_what_cannot_be_replayed_is_refused(output: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        av.replay(output)
