"""The facts that the part on first gradients promises stand in its captured outputs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

PART = "first_gradients"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_background",
            [
                "net(x)            moved = False  grad = False",
                "loss.backward()   moved = False  grad = True",
                "optimizer.step()  moved = True   grad = True",
                "lr = 0.1, w.item() = 0.20, (2 * w).square().item() = 0.16",
                "lr = 0.3, w.item() = -1.40, (2 * w).square().item() = 7.84",
                "measured(downhill) = -10.596",
            ],
        ),
        (
            "plot_tracking",
            [
                "AccumulateGrad x (3,)",
                "x.grad_fn = None",
                "['AddBackward0', 'MulBackward0', 'AddBackward0']",
                "Only Tensors of floating point and complex dtype can require gradients",
            ],
        ),
        (
            "plot_square",
            [
                "o = tensor(10., grad_fn=<MulBackward0>)\nx.grad = tensor([2., 4.])",
                "tail.tolist() = [2.0, 4.0], tip.tolist() = [4.0, 8.0]",
                "y.grad = None\nUserWarning: The .grad attribute of a Tensor that is not a leaf Tensor",
                "y.grad = tensor([0.5000, 0.5000])\nx.grad = tensor([2., 4.])",
                "v.grad = tensor([0.5000, 0.5000])\nx.grad = None",
                "type(v) = <class 'torch.Tensor'>",
                "y.grad = tensor([ 4., 16.])\nx.grad = tensor([ 16., 128.])",
            ],
        ),
        (
            "plot_backward",
            [
                "x.grad = tensor([1., 1., 1.])",
                "grad can be implicitly created only for scalar outputs",
                "[204.8, 2048.0, 0.2048, 20.48, 2.048]",
                "[409.6, 409.6, 409.6, 409.6, 409.6]\n[0.0, 2048.0, 0.0, 0.0, 0.0]",
            ],
        ),
        (
            "plot_by_hand",
            [
                "Q = tensor([-12.,  65.]",
                "\n".join(2 * ["a.grad = tensor([36., 81.])", "b.grad = tensor([-12.,  -8.])"]),
                "weights = [1.0, 0.0], grad_a.tolist() = [36.0, 0.0], grad_b.tolist() = [-12.0, -0.0]",
                "weights = [0.0, 1.0], grad_a.tolist() = [0.0, 81.0], grad_b.tolist() = [-0.0, -8.0]",
                "identity = tensor([[1., 0.],\n        [0., 1.]])\nones @ identity = tensor([1., 1.])",
                "Mismatch in shape: grad_output[0] has a shape of torch.Size([1])",
                "SubBackward0",
                "PowBackward0",
            ],
        ),
        (
            "plot_emptying_gradients",
            [
                "\n".join(["[5.0, 5.0, 5.0, 5.0]"] * 5),
                "w = tensor([0.9750, 0.9750, 0.9750, 0.9750]",
                "[5.0, 10.0, 15.0, 20.0, 25.0]\nw = tensor([0.9250, 0.9250, 0.9250, 0.9250]",
                "w.grad = tensor([0., 0., 0., 0.])\nw.grad = None",
                "set_to_none = True   w = tensor([0.9950,",
                "set_to_none = False  w = tensor([0.9905,",
                "'NoneType' object has no attribute 'zero_'",
                "w = tensor([1., 1., 1., 1.], requires_grad=True)\nw = tensor([0.9750,",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{PART}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_no_step_waits_for_backward_alone(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_background")
    rows = re.findall(r"^\['([\d.]+)', '([\d.]+)', '([\d.]+)'\]$", text, re.M)
    without, trained = ([float(loss) for loss in row] for row in rows)
    assert max(without) == min(without) == trained[0]
    assert trained[0] > trained[1] > trained[2]


def test_pythons_sum_records_a_node_for_each_entry(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_square")
    printed = re.findall(r"^n = +(\d+)  nodes = \[(\d+), (\d+)\]$", text, re.M)
    assert [tuple(map(int, row)) for row in printed] == [(n, n + 4, 4) for n in (2, 10, 1000)]


def test_the_page_draws_the_sum_the_cut_and_the_chain(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_square")
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)
    operations = [set(re.findall(r"\w+Backward0", drawing)) for drawing in drawings]
    assert [names for names in operations if names] == [
        {"MulBackward0", "SumBackward0", "PowBackward0"},
        {"MulBackward0", "SumBackward0"},
        {"MulBackward0", "AddBackward0", "UnbindBackward0", "PowBackward0"},
    ]
