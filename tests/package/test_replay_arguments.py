"""A replay takes what `backward()` takes, and says clearly what it cannot take."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from package.autograd_graphs import leaf
from torch import nn

import autograd_vi as av


def test_a_retained_graph_can_be_run_again() -> None:
    w = torch.ones(3, requires_grad=True)
    loss = (w**2).sum()
    av.replay(loss, retain_graph=True)
    av.replay(loss)
    assert w.grad is not None
    assert w.grad.tolist() == [4, 4, 4]
    with pytest.raises(RuntimeError, match="a second time"):
        av.replay(loss)


@pytest.mark.filterwarnings("ignore:Using backward.. with create_graph=True:UserWarning")
def test_a_created_graph_gives_the_second_derivative() -> None:
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    replay = av.replay((w**3).sum(), {"w": w}, create_graph=True)
    assert w.grad is not None
    (second,) = torch.autograd.grad(w.grad.sum(), w)
    assert second.tolist() == [12, 18]
    found = replay.steps[-1].grad_after
    assert found is not None
    assert found.entries == [12, 27]
    assert found.tensor is not None
    assert not found.tensor.requires_grad
    w.grad = None


def test_only_the_inputs_that_were_named_accumulate() -> None:
    a, b = leaf(2), leaf(2)
    replay = av.replay((a * b).sum(), {"a": a, "b": b}, inputs=[a])
    assert a.grad is not None
    assert b.grad is None
    assert [step.node.name for step in replay.steps if step.node.kind == "leaf"] == ["a"]
    assert replay.unreached == ("b",)
    av.replay((a * b).sum(), inputs=b)
    assert b.grad is not None
    assert a.grad.tolist() == [1, 1]


def test_a_result_can_be_an_input() -> None:
    x = leaf(2)
    h = x * 2
    h.retain_grad()
    av.replay((h * 3).sum(), inputs=[h])
    assert h.grad is not None
    assert h.grad.tolist() == [3, 3]
    assert x.grad is None


def test_no_input_at_all_is_refused_as_torch_refuses_it() -> None:
    with pytest.raises(RuntimeError, match="cannot be empty"):
        av.replay(leaf() * 2, inputs=[])


def test_params_stand_second_as_for_trace() -> None:
    model = nn.Linear(2, 1)
    replay = av.replay(model(torch.ones(1, 2)).sum(), model)
    assert {s.node.name for s in replay.steps if s.node.kind == "leaf"} == {"weight", "bias"}


@pytest.mark.parametrize("gradient", [torch.ones(2), [torch.ones(2)], [None, torch.ones(2)]])
def test_a_gradient_where_names_belong_is_sent_to_its_place(gradient: Any) -> None:  # noqa: ANN401
    x = leaf(2)
    with pytest.raises(TypeError, match=r"params .*goes to gradient="):
        av.replay(x * 2, gradient)
    assert x.grad is None


@pytest.mark.parametrize("gradient", [nn.Linear(2, 1), "x", 3.0, {"x": 3.0}])
def test_what_is_no_gradient_is_refused(gradient: Any) -> None:  # noqa: ANN401
    x = leaf(2)
    with pytest.raises(TypeError, match=r"gradient is a .*params="):
        av.replay(x * 2, gradient=gradient)
    assert x.grad is None


def test_a_gradient_of_the_containers_form_starts_at_the_roots_of_the_same_name() -> None:
    x = leaf(2)
    output = {"loss": (x * 2).sum(), "hidden": [x * 3, None]}
    av.replay(output, gradient={"hidden": [torch.tensor([1.0, 10.0])]})
    assert x.grad is not None
    assert x.grad.tolist() == [5, 32]


def test_gradients_that_fit_no_root_are_refused() -> None:
    x = leaf(2)
    with pytest.raises(ValueError, match=r"has 'logits'; the roots of output are loss, hidden"):
        av.replay({"loss": x.sum(), "hidden": x}, gradient={"logits": x})
    with pytest.raises(ValueError, match=r"gradient holds 1 tensors for 2 roots \(\[0\], \[1\]\)"):
        av.replay([x * 2, x.sum()], gradient=[torch.ones(2)])
    assert x.grad is None


def test_a_gradient_of_the_wrong_shape_is_refused_as_torch_refuses_it() -> None:
    x = leaf(2)
    y = x * 2

    def message(run: Any) -> str:  # noqa: ANN401
        with pytest.raises(RuntimeError) as caught:
            run()
        return str(caught.value)

    wrong = [torch.ones(2), torch.ones(3)]
    plain = message(lambda: torch.autograd.backward([y, y], wrong))
    assert message(lambda: av.replay([y, y], gradient=wrong)) == plain


def test_what_was_given_and_got_nothing_is_told() -> None:
    model = nn.ModuleDict({name: nn.Linear(2, 2) for name in ("a", "b", "frozen")})
    model["frozen"].requires_grad_(requires_grad=False)
    x = torch.ones(1, 2)
    replay = av.replay((model["a"](x) + model["b"](x).detach() + model["frozen"](x)).sum(), model)
    assert replay.unreached == ("b.weight", "b.bias")
    assert "unreached: b.weight, b.bias" in str(replay)
    assert "b.weight" in replay._repr_html_()
    assert av.replay(model["a"](x).sum(), model["a"]).unreached == ()


class First(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return a + b

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:  # noqa: ANN401, ARG004
        return grads[0], None


def test_a_leaf_that_is_run_with_nothing_counts_as_not_reached() -> None:
    a, b = leaf(2), leaf(2)
    assert av.replay(First.apply(a, b).sum(), {"a": a, "b": b}).unreached == ("b",)


def test_results_have_names_too() -> None:
    x = leaf(2)
    h = x * 2
    first, second = h.split(1)
    names = {"x": x, "h": h, "second": second}
    replay = av.replay((first * second).sum(), names)
    assert replay.unreached == ()
    told = {step.node.op: step.node.names for step in replay.steps}
    assert told["MulBackward0"] in {("h",), ()}
    assert told["SplitBackward0"] == ("second",)
    assert "AccumulateGrad x" in str(replay)
    assert "h" in str(replay.graph).split()
