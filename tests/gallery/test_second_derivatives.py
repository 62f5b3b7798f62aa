"""The facts that the page on second derivatives promises stand in its captured outputs."""

from collections.abc import Callable

import pytest

PAGE = "beyond/plot_second_derivatives"


@pytest.mark.parametrize(
    "fact",
    [
        "slope = tensor(12., grad_fn=<MulBackward0>)",
        "curvature = tensor(12., grad_fn=<MulBackward0>)\nthird = tensor(6.)",
        "slope = tensor(12.)\nRuntimeError: element 0 of tensors does not require grad",
        "x.grad = tensor(24., grad_fn=",
        "with create_graph=True will create a reference cycle\n",
        "Hv = tensor([  2., -10.])",
        "Hv.shape = torch.Size([100000])",
        "x.grad = tensor(288.)",
    ],
)
def test_the_page_shows_its_facts(captured: Callable[[str], str], fact: str) -> None:
    assert fact in captured(PAGE)


def test_three_ways_give_one_hessian(captured: Callable[[str], str]) -> None:
    text = " ".join(captured(PAGE).split())
    plain = "tensor([[ 4., 2.], [ 2., 12.]])"
    measured = "tensor([[ 4.0000, 2.0000], [ 2.0000, 12.0000]], dtype=torch.float64)"
    assert f"H = {plain} {measured} {plain}" in text


def test_the_picture_is_the_graph_of_the_slope(captured: Callable[[str], str]) -> None:
    picture = captured(PAGE).partition("<svg")[2].partition("</svg>")[0]
    assert "PowBackward0" in picture
    assert "MulBackward0" in picture
