"""The rule of a step, in the reader's letters and with its numbers."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (torch's own documents call it F)

import autograd_vi as av
from autograd_vi.render.rule_lines import rule_html
from autograd_vi.rules.nodes import saved_by_node
from autograd_vi.rules.saved import HIDDEN

pytestmark = pytest.mark.skipif(
    not hasattr(torch._C._autograd.SavedTensor, "data"),
    reason="this torch shows saved tensors only unpacked",
)


def leaf(value: Any) -> torch.Tensor:  # noqa: ANN401
    return torch.tensor(value, requires_grad=True)


def told(replay: av.Replay, op: str) -> str:
    """Return the text of the first step of an operation: the rule, then each line with numbers."""
    step = next(step for step in replay.steps if op in (step.node.op, step.node.name))
    root = ET.fromstring(f"<div>{rule_html(step, saved_by_node(replay)[step.node.id])}</div>")
    parts = ["".join(part.itertext()) for part in root]
    return " | ".join(re.sub(r"[\s\u2061\u2062]+", " ", part) for part in parts)


def test_operands_and_result_have_their_own_names() -> None:
    a, p = leaf(2.0), leaf(3.0)
    q = a * p
    replay = av.replay(q, params={"a": a, "p": p, "q": q})
    assert told(replay, "MulBackward0") == (
        "rule: from q=a·p follows | ga=g·p =1·3 =3 | gp=g·a =1·2 =2"
    )


def test_what_has_no_name_has_a_letter_that_no_page_uses() -> None:
    a, p = leaf(2.0), leaf(3.0)
    assert told(av.replay(a.sin() * p), "MulBackward0").startswith("rule: from ρ=ξ·ψ follows")


def test_a_constant_has_its_name_or_else_its_number() -> None:
    a, v = leaf(2.0), torch.tensor(9.0)
    assert "ρ=a·v follows | ga=g·v =1·9 =9" in told(
        av.replay(a * v, params={"a": a, "v": v}), "MulBackward0"
    )
    assert "ρ=a·9 follows | ga=g·9 =1·9 =9" in told(
        av.replay(a * 9, params={"a": a}), "MulBackward0"
    )


def test_a_name_that_the_formula_uses_otherwise_gives_way_to_a_letter() -> None:
    g, e = leaf(2.0), leaf(3.0)
    assert "ρ=ξ·e follows" in told(av.replay(g * e, params={"g": g, "e": e}), "MulBackward0")
    assert "ρ=eξ follows" in told(av.replay(e.exp(), params={"e": e}), "ExpBackward0")


def test_names_are_escaped() -> None:
    a = leaf(2.0)
    replay = av.replay(a * 2, params={"<b>&": a})
    assert "ρ=<b>&·2" in told(replay, "MulBackward0")
    assert "<b>&.grad←<b>&.grad+g" in told(replay, "AccumulateGrad")


def test_each_leaf_shows_its_own_rule() -> None:
    x, y = leaf(2.0), leaf(4.0)
    x.grad = torch.tensor(0.5)
    replay = av.replay(x - y * 8, params={"x": x, "y": y})
    assert told(replay, "y") == "rule: y.grad←y.grad+g | None+(−8) →−8"
    assert told(replay, "x") == "rule: x.grad←x.grad+g | 0.5+1 →1.5"


def test_vectors_and_matrices_are_put_in_too() -> None:
    w, x = leaf([1.0, 2.0]), torch.tensor([3.0, -1.0])
    replay = av.replay((w * x).sum(), params={"w": w, "x": x})
    assert told(replay, "MulBackward0").endswith("gw=g⊙x =(1,1)⊙(3,−1) =(3,−1)")
    assert told(replay, "SumBackward0").endswith("gξ=g 1 =1·(1,1) =(1,1)".replace("1 =1·", "𝟏 =1·"))


def test_large_operands_have_a_formula_and_no_numbers() -> None:
    w, x = torch.ones(5, requires_grad=True), torch.ones(5)
    replay = av.replay([w * x], gradient=[torch.ones(5)], params={"w": w})
    assert told(replay, "MulBackward0") == "rule: from ρ=w⊙ψ follows gw=g⊙ψ"


def test_an_input_that_was_repeated_gets_a_sum() -> None:
    x, b = leaf([1.0, 2.0]), leaf(3.0)
    text = told(av.replay((x * b).sum(), params={"x": x, "b": b}), "MulBackward0")
    assert "gb=∑(g⊙x) =∑((1,1)⊙(1,2)) =3" in text
    assert "sum over the axes" in text
    assert "sum over the axes" not in told(av.replay((x * x).sum()), "MulBackward0")


def test_the_reduction_is_that_of_the_call() -> None:
    x, y = leaf([1.0, 2.0, 3.0]), torch.zeros(3)
    for reduction, factor in (("mean", "23g"), ("sum", "2g")):
        text = told(
            av.replay(F.mse_loss(x, y, reduction=reduction), params={"x": x}), "MseLossBackward0"
        )
        assert f"gxi={factor}" in text.replace(" (", "(")


def test_a_mean_over_many_entries_says_how_many() -> None:
    x = torch.ones(100, requires_grad=True)
    text = told(av.replay(F.mse_loss(x, torch.zeros(100)), params={"x": x}), "MseLossBackward0")
    assert "gxi=2100g(xi" in text.replace(" ", "")


def test_where_a_formula_has_no_value_the_reader_is_told_what_is_sent() -> None:
    x = leaf([0.0, 0.0])
    text = told(
        av.replay(torch.linalg.vector_norm(x), params={"x": x}), "LinalgVectorNormBackward0"
    )
    assert "PyTorch sends 0" in text


def test_what_torch_does_not_send_is_not_claimed() -> None:
    x = leaf([1.0, 2.0])
    replay = av.replay(torch.linalg.vector_norm(x, 0) + x.sum())
    assert told(replay, "LinalgVectorNormBackward0") == ""


def test_a_border_says_that_versions_differ() -> None:
    x = leaf([1.0, 0.5])
    assert "other versions" in told(av.replay(x.clamp(0, 1).sum()), "ClampBackward1")


def test_a_gradient_that_a_hook_changed_has_no_rule_that_it_breaks() -> None:
    x, y = leaf(2.0), leaf(3.0)
    product = x * y
    assert product.grad_fn is not None
    product.grad_fn.register_hook(lambda grads, _: tuple(7 * grad for grad in grads))
    assert told(av.replay(product), "MulBackward0") == ""


def test_a_rule_whose_result_is_only_rounding_is_shown() -> None:
    norm = torch.nn.BatchNorm1d(1, dtype=torch.float64)
    x = torch.tensor([[0.3], [0.7]], dtype=torch.float64, requires_grad=True)
    assert "rule: from" in told(av.replay(norm(x).mean(), params=norm), "NativeBatchNormBackward0")


def test_an_operation_that_the_table_does_not_know_has_no_rule() -> None:
    assert (
        told(av.replay(torch.linalg.det(torch.eye(2).requires_grad_())), "LinalgDetBackward0") == ""
    )


def test_where_saved_tensors_are_hidden_the_formula_stands_without_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("autograd_vi.rules.saved.saved_tensor", lambda node, name: HIDDEN)  # noqa: ARG005
    a, p = leaf(2.0), leaf(3.0)
    replay = av.replay(a * p, params={"a": a, "p": p})
    assert told(replay, "MulBackward0") == "rule: from ρ=a·p follows ga=g·p, gp=g·a"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.0, 1e-30])
def test_any_number_can_be_put_in(value: float) -> None:
    x = leaf(value)
    assert told(av.replay(x * x + x.exp()), "MulBackward0")
