"""What is read off torch's nodes: values as they were, names by identity, and no hook of the user's."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from package.rules.rule_case import TENSORS_ARE_SHOWN
from torch.utils.checkpoint import checkpoint

import autograd_vi as av
from autograd_vi.rules.nodes import saved_by_node
from autograd_vi.rules.saved import WHOLE, Kept, Saved, read_values, values_of
from autograd_vi.rules.table import choose

newer = pytest.mark.skipif(
    not TENSORS_ARE_SHOWN, reason="this torch shows saved tensors only unpacked"
)


def saved(result: torch.Tensor, **named: torch.Tensor) -> Saved:
    replay = av.replay([result], gradient=[torch.ones_like(result)], params=named)
    return saved_by_node(replay)[0]


def leaf(*values: float) -> torch.Tensor:
    return torch.tensor(values, dtype=torch.float32, requires_grad=True)


def test_numbers_keep_their_sign() -> None:
    assert saved(leaf(1, 2).sort(dim=-1)[0]).values["dim"] == -1


def test_a_tensor_is_kept_as_it_was() -> None:
    x, factor = leaf(1, 2), torch.tensor([3.0, 4.0])
    kept = saved(x * factor).values["other"]
    factor += 1
    assert (kept.shape, kept.value.tolist()) == ((2,), [3, 4])


def test_what_was_not_saved_is_none() -> None:
    assert saved(leaf(1, 2) * torch.ones(2)).values["self"] is None


def test_a_large_tensor_keeps_its_shape_only() -> None:
    kept = saved(torch.ones(WHOLE + 1, requires_grad=True) * torch.ones(WHOLE + 1)).values["other"]
    assert (kept.shape, kept.value) == ((WHOLE + 1,), None)


@newer
def test_leaves_results_and_constants_have_their_names() -> None:
    a, constant = leaf(1, 2), torch.ones(2)
    q = a * constant
    replay = av.replay(q.sin().sum(), params={"a": a, "q": q, "constant": constant})
    by_node = saved_by_node(replay)
    assert [operand.name for operand in by_node[1].operands if operand] == ["q"]
    found = by_node[2]
    assert (found.operands[0].name, found.results[0].name) == ("a", "q")  # type: ignore[union-attr]  # a is tracked
    assert found.operands[1] is None
    assert found.values["other"].name == "constant"


@newer
def test_no_hook_runs_and_a_packed_tensor_has_no_value() -> None:
    unpacked: list[int] = []

    def unpack(packed: Any) -> torch.Tensor:  # noqa: ANN401
        unpacked.append(1)
        tensor: torch.Tensor = packed[0]
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: (tensor,), unpack):
        product = leaf(1, 2) * torch.ones(2)
    assert product.grad_fn is not None
    kept = values_of(read_values(product.grad_fn, {}))["other"]
    assert not unpacked
    assert isinstance(kept, Kept)
    assert kept.value is None
    assert choose("MulBackward0", saved(product)) is not None


def test_a_checkpointed_pass_can_be_replayed_as_usual() -> None:
    with pytest.MonkeyPatch.context() as patch:
        if not TENSORS_ARE_SHOWN:  # as outside of the tests
            patch.setattr("autograd_vi.rules.saved.saved_tensor", hidden)
        x = leaf(1, 2)
        replay = av.replay(checkpoint(lambda t: (t * t).sin(), x, use_reentrant=False).sum())
    assert torch.allclose(x.grad, 2 * x.detach() * (x.detach() ** 2).cos())  # type: ignore[arg-type]  # it is there
    assert replay._repr_html_()


def hidden(node: Any, name: str) -> object:  # noqa: ANN401, ARG001
    from autograd_vi.rules.saved import HIDDEN  # noqa: PLC0415

    return HIDDEN


def test_where_tensors_are_hidden_a_rule_needs_no_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograd_vi.rules.saved.saved_tensor", hidden)
    assert choose("MulBackward0", saved(leaf(1, 2) * 3)) is not None
    scores = torch.ones(2, 3, requires_grad=True)
    loss = torch.nn.functional.nll_loss(scores, torch.tensor([0, 1]))
    assert choose("NllLossBackward0", saved(loss)) is None  # classes may have weights


def test_the_middle_of_a_long_pass_keeps_nothing() -> None:
    y = x = leaf(1, 2)
    for _ in range(500):
        y = y * 1
    replay = av.replay([y], gradient=[torch.ones(2)], params={"x": x})
    found = saved_by_node(replay)
    kept = [k for k, step in enumerate(replay.steps) if step.node.id in found]
    assert kept == [*range(80), *range(421, 501)]
