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
                "loss = tensor(0.6819",
                "RuntimeError: result type Float can't be cast to the desired output type Long",
            ],
        ),
        (
            "plot_turning_tracking_off",
            [
                "z.requires_grad = True\nz_off.requires_grad = False",
                "tracking = False  []",
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
                "forward_in_loop = True   [0.25, 0.1966, 0.1229, 0.0843]\n[0.25, 0.1966, 0.1229, 0.0843]",
                "[0.25, 0.25, 0.25, 0.25]",
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


def test_the_gradient_of_the_bias_is_a_third_of_the_sigmoid(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_one_layer_network")
    printed = dict(re.findall(r"^(z|b\.grad) = tensor\(\[(.*?)\]", text, re.M))
    z, gradient = ([float(n) for n in printed[name].split(",")] for name in ("z", "b.grad"))
    assert gradient == [pytest.approx(1 / (1 + math.exp(-one)) / 3, abs=1e-4) for one in z]


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
