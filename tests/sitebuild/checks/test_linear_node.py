"""A linear layer is one node for a while, with the right gradients."""

import pytest
import torch

from sitebuild.checks.linear_node import linear_in_one_node


def gradients(rows: int, *, bias: bool) -> tuple[str, list[torch.Tensor]]:
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 2, bias=bias)
    x = torch.rand(rows, 4, 3, requires_grad=True)
    out = layer(x)
    found = torch.autograd.grad(out.square().sum(), [x, *layer.parameters()])
    return type(out.grad_fn).__name__, list(found)


@pytest.mark.parametrize("bias", [True, False])
def test_the_layer_is_one_node_and_its_gradients_are_right(bias: bool) -> None:
    name, plain = gradients(5, bias=bias)
    with linear_in_one_node():
        imitated_name, imitated = gradients(5, bias=bias)
    assert (name == "LinearBackward0", imitated_name) == (False, "LinearBackward0")
    torch.testing.assert_close(imitated, plain)


def test_afterwards_all_is_as_before() -> None:
    before, plain = gradients(5, bias=True)
    with linear_in_one_node():
        pass
    after, again = gradients(5, bias=True)
    assert before == after
    torch.testing.assert_close(again, plain)
