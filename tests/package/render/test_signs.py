"""Operations have the signs of mathematics before their names, which stay whole."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
import torch

import autograd_vi as av
from autograd_vi.render.signs import SIGNS, sign_of

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("op", "sign"),
    [
        ("SubBackward0", "−"),
        ("RsubBackward1", "−"),
        ("MulBackward0", "×"),
        ("AddBackward0", "+"),
        ("DivBackward0", "÷"),
        ("PowBackward1", "xⁿ"),
        ("AddmmBackward0", "@+"),
        ("SumBackward1", "Σ"),
        ("TBackward0", "xᵀ"),
        ("ReluBackward0", ""),
        ("AccumulateGrad", ""),
        ("Mul", ""),
        ("MulBackward0Other", ""),
    ],
)
def test_an_operation_is_known_by_its_node_s_name(op: str, sign: str) -> None:
    assert sign_of(op) == sign


def test_every_sign_is_one_that_torch_has_an_operation_for() -> None:
    x, m = torch.rand(3, requires_grad=True), torch.rand(3, 3, requires_grad=True)
    b = torch.rand(2, 3, 3, requires_grad=True)
    results = [
        *(x + x, x - x, 1 - x, torch.rsub(x, x), -x, x * x, x / x, x**2, x.sqrt(), x.exp()),
        *(x.log(), x.abs(), x.sigmoid(), x.sum(), x.prod(), m @ m, b.bmm(b), m @ x, x.dot(x)),
        *(torch.addmm(m, m, m), torch.baddbmm(b, b, b), m.t(), m.transpose(0, 1)),
    ]
    ops = {type(result.grad_fn).__name__ for result in results}
    met = {re.sub(r"Backward\d*$", "", op) for op in ops}
    assert set(SIGNS) - met == set()
    assert all(sign_of(op) for op in ops)


def boxes(graph: av.Graph) -> list[list[tuple[str, str, float]]]:
    """Return the classes, the text and the abscissa of each text in each box."""
    svg = ET.fromstring(graph.to_svg())
    return [
        [
            (text.get("class", ""), text.text or "", float(text.get("x", 0)))
            for text in group.iter(f"{SVG}text")
        ]
        for group in svg.iter(f"{SVG}g")
        if "av-node" in (group.get("class") or "").split()
    ]


def test_the_sign_stands_left_of_the_name_which_stays_whole() -> None:
    x = torch.ones(2, requires_grad=True)
    found = boxes(av.trace([(x * 3).relu()], {"x": x}))
    (mul,) = [box for box in found if any(text == "MulBackward0" for _, text, _ in box)]
    (sign, name) = mul
    assert sign[:2] == ("av-sign notranslate", "×")
    assert name[:2] == ("notranslate", "MulBackward0")
    assert sign[2] + 4 < name[2] - 4 * len("MulBackward0")
    (relu,) = [box for box in found if any(text == "ReluBackward0" for _, text, _ in box)]
    assert len(relu) == 1


class Mul(torch.autograd.Function):
    """A function of somebody's own, which only has the name."""

    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:  # noqa: ARG004  # torch's interface
        return x.clone()

    @staticmethod
    def backward(ctx: object, grad: torch.Tensor) -> torch.Tensor:  # noqa: ARG004
        return grad


def test_a_custom_function_has_no_sign() -> None:
    x = torch.ones(2, requires_grad=True)
    texts = [text for box in boxes(av.trace(Mul.apply(x))) for text in box]
    assert not [text for text in texts if "av-sign" in text[0]]
