"""The facts that chapter 3 promises stand in its captured outputs."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest

CHAPTER = "grad_by_example"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
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
            "plot_two_layers_by_hand",
            [
                "loss.shape = torch.Size([])",
                "[(1000, 100), (100, 10)]",
                "difference < 1e-4 = True\ndifference < 1e-4 = True",
                "1047.2076423",
                "['1.00', '1.00', ",
                "w._version = 0\nw._version = 1",
                "modified by an inplace operation\n(W1.grad.norm() / first[0].norm()).item() = 0.5000",
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


def test_without_rounding_every_hundred_steps_divide_the_loss_by_more_than_ten(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_two_layers_by_hand")
    printed = re.findall(r"^step = (\d+)  (\S+)$", text, re.M)
    losses = [float(loss) for _, loss in printed]
    assert [int(step) for step, _ in printed] == [100, 200, 300, 400, 500]
    assert all(before > 10 * after > 0 for before, after in pairwise(losses))


def test_most_updates_round_to_nothing_in_float32_and_hardly_one_in_float64(
    captured: Callable[[str], str],
) -> None:
    assert "\n[True, False]\n" in captured(f"{CHAPTER}/plot_two_layers_by_hand")


def test_a_step_with_what_was_not_emptied_is_too_long_for_one_matrix_and_too_short_for_the_other(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_two_layers_by_hand")
    four, lengths = (
        [float(number) for number in re.findall(r"'([\d.]+)'", row)]
        for row in re.findall(r"^\['.*'\]$", text, re.M)[:2]
    )
    assert four[:2] == [1, 1]
    assert four[2] < 1
    assert four[3] > 5
    assert lengths[1] < 1 < lengths[0]
