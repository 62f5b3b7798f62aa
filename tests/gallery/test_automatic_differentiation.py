"""The facts that chapter 2 promises stand in its captured outputs."""

import math
import re
from collections.abc import Callable

import pytest

CHAPTER = "automatic_differentiation"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_one_layer_network",
            [
                "['AddBackward0', 'BinaryCrossEntropyWithLogitsBackward0']",
                "[0.731059, 0.999955]\n[0.13272, 3.3e-05]",
                "RuntimeError: result type Float can't be cast to the desired output type Long",
            ],
        ),
        (
            "plot_turning_tracking_off",
            [
                "z.requires_grad = True\nz_off.requires_grad = False",
                "tracking = True   [(1, 5), (3,), (3,)]\ntracking = False  []",
                "torch.allclose(w, w_sgd) = True, torch.allclose(b, b_sgd) = True",
                "z.requires_grad = True, z.grad = None",
                "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed.",
                "element 0 of tensors does not require grad and does not have a grad_fn",
            ],
        ),
        (
            "plot_graph",
            [
                "len(graph.nodes) = 6, len(graph.edges) = 5",
                "['BinaryCrossEntropyWithLogitsBackward0']\n['w', 'b']",
                "t.grad = tensor([2., 2.])\nt.grad = tensor([-307.2000,  409.6000])",
                "has been modified by an inplace operation",
                "<svg",
            ],
        ),
        (
            "plot_jacobian_products",
            [
                "Trying to backward through the graph a second time",
                "Specify retain_graph=True",
                "[4, 16, 380]",
                "difference < 1e-5 = True",
                "sorted(squares) = [(0.0, 0.0), (6.0, 5.0), (12.0, 10.0), (18.0, 15.0)]",
                "[0.25, 0.25, 0.25, 0.25]\n[0.25, 0.1966, 0.1229, 0.0843]\n[0.25, 0.1966, 0.1229, 0.0843]",
                "has been modified by an inplace operation",
                "[ 0., 20.,  0.,  0.,  0.]",
                "<svg",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def rows_of(text: str, name: str) -> list[list[list[float]]]:
    """The matrices printed as ``name = tensor([[…]])``, in their order."""
    printed = re.findall(rf"^{re.escape(name)} = tensor\(\[\[(.*?)\]\]", text, re.M | re.S)
    return [
        [[float(entry) for entry in row.split(",")] for row in re.split(r"\],\s*\[", matrix)]
        for matrix in printed
    ]


def test_all_rows_of_the_weights_gradient_equal_the_gradient_of_the_bias(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_one_layer_network")
    bias = re.search(r"^b\.grad = tensor\(\[(.*?)\]\)", text, re.M)
    assert bias is not None
    row = [float(entry) for entry in bias[1].split(",")]
    assert rows_of(text, "w.grad") == [[row] * 5]


def test_loss_and_gradient_of_the_bias_are_those_of_the_printed_outputs_and_the_labels(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_one_layer_network")
    printed = dict(re.findall(r"^(z|b\.grad) = tensor\(\[(.*?)\]", text, re.M))
    z, gradient = ([float(n) for n in printed[name].split(",")] for name in ("z", "b.grad"))
    labels = (0, 1, 1)
    probabilities = [1 / (1 + math.exp(-logit)) for logit in z]
    expected = [(p - y) / 3 for p, y in zip(probabilities, labels, strict=True)]
    assert gradient == [pytest.approx(number, abs=1e-4) for number in expected]
    loss = re.search(r"^loss = tensor\(([\d.]+)", text, re.M)
    right = [p if y else 1 - p for p, y in zip(probabilities, labels, strict=True)]
    assert loss is not None
    assert float(loss[1]) == pytest.approx(-sum(map(math.log, right)) / 3, abs=1e-3)


def test_walking_the_graph_by_hand_gives_the_gradient_that_backward_gives(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_graph")
    printed = dict(re.findall(r"^(at_leaves\[b\]|b\.grad) = (.*)$", text, re.M))
    assert printed["at_leaves[b]"] == printed["b.grad"]
    walked = text[text.index("['w', 'b']") :].partition("at_leaves")[0]
    assert len(re.findall(r"^\w+ +\(.*\)$", walked, re.M)) == 6
    assert walked.count("AccumulateGrad ") == 2


def test_gradients_accumulate_to_8_and_4_and_begin_again_when_emptied(
    captured: Callable[[str], str],
) -> None:
    def diagonal_and_rest(diagonal: float, rest: float) -> list[list[float]]:
        return [[diagonal if i == j else rest for j in range(5)] for i in range(4)]

    text = captured(f"{CHAPTER}/plot_jacobian_products")
    once, twice = diagonal_and_rest(4, 2), diagonal_and_rest(8, 4)
    assert rows_of(text, "inp.grad") == [once, twice, once]


def test_an_if_and_a_loop_leave_a_graph_of_what_ran(captured: Callable[[str], str]) -> None:
    text = captured(f"{CHAPTER}/plot_graph")
    trees = [tree.split("AccumulateGrad")[0] for tree in text.split("SumBackward0 ()\n")[1:3]]
    assert [tree.count("MulBackward0") for tree in trees] == [1, 4]
    assert [tree.count("PowBackward0") for tree in trees] == [0, 1]
