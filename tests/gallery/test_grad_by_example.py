"""The facts that chapter 3 promises stand in its captured outputs."""

import re
from collections.abc import Callable

import pytest

CHAPTER = "grad_by_example"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_square",
            [
                "o = tensor(10., grad_fn=<MulBackward0>)\nx.grad = tensor([2., 4.])",
                "y.grad = None\nUserWarning: The .grad attribute of a Tensor that is not a leaf Tensor",
                "y.grad = tensor([0.5000, 0.5000])\nx.grad = tensor([2., 4.])",
                "v.grad = tensor([0.5000, 0.5000])\nx.grad = None",
                "type(v) = <class 'torch.Tensor'>",
                "y.grad = tensor([ 4., 16.])\nx.grad = tensor([ 16., 128.])",
            ],
        ),
        (
            "plot_two_layers_by_hand",
            [
                "loss.shape = torch.Size([])",
                "[(1000, 100), (100, 10)]",
                "torch.equal(W1, weights[0]) = True, torch.equal(W2, weights[1]) = True",
                "sgd_losses == losses = True",
                "1047.2076423",
                "['1.00', '1.00', ",
                "w._version = 0\nw._version = 1",
                "torch.equal(a.cpu(), round_once) = True, torch.equal(b.cpu(), round_twice) = True",
                "modified by an inplace operation\nW1.grad.norm() / gradients[0].norm() = 0.5000",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_pythons_sum_records_a_node_for_each_entry(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_square")
    printed = re.findall(r"^n = +(\d+)  nodes = \[(\d+), (\d+)\]$", text, re.M)
    assert [tuple(map(int, row)) for row in printed] == [(n, n + 4, 4) for n in (2, 10, 1000)]


def test_the_page_draws_the_sum_the_cut_and_the_chain(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_square")
    drawings = re.findall(r"<svg.*?</svg>", text, re.S)
    operations = [set(re.findall(r"\w+Backward0", drawing)) for drawing in drawings]
    assert [names for names in operations if names] == [
        {"MulBackward0", "SumBackward0", "PowBackward0"},
        {"MulBackward0", "SumBackward0"},
        {"MulBackward0", "AddBackward0", "UnbindBackward0", "PowBackward0"},
    ]


def test_the_loss_falls_in_each_hundred_of_five_hundred_steps(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_two_layers_by_hand")
    printed = re.findall(r"^step = (\d+)  ([\d.]+)$", text, re.M)
    losses = [float(loss) for _, loss in printed]
    assert [int(step) for step, _ in printed] == [100, 200, 300, 400, 500]
    assert losses == sorted(losses, reverse=True)
    assert 100 < losses[0] < 1000
    assert 0 < losses[-1] < 1e-4


def test_rounding_once_or_twice_differs_in_few_weights_and_little(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_two_layers_by_hand")
    printed = re.search(r"^different / 101_000 = ([\d.]+)%, largest = (\S+)$", text, re.M)
    assert printed is not None
    assert 1 < float(printed[1]) < 3
    assert float(printed[2]) < 1e-6
