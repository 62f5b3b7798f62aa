"""The facts that the part on the graph promises stand in its captured outputs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

PART = "the_graph"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
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
            "plot_computational_graph",
            [
                "['PowBackward0', 'MulBackward0', 'PowBackward0', 'SubBackward0']",
                "[9.0, 18.0, 16.0, 2.0]",
                "One of the differentiated Tensors does not require grad",
                "appears to not have been used in the graph\ngradient.item() = 9.0",
                "<svg",
                "data-av-step",
            ],
        ),
        (
            "plot_out_of_the_graph",
            [
                "(x + y).requires_grad = False\n(x + z).requires_grad = True",
                "z.argmax().requires_grad = False, (z > 0.5).requires_grad = False",
                "element 0 of tensors does not require grad and does not have a grad_fn",
                "loss.grad = tensor(1.)",
                "<svg",
            ],
        ),
        (
            "plot_stop_tracking",
            [
                "a leaf Variable that requires grad is being used in an in-place operation",
                "b.grad_fn = None",
                "'SumBackward0'",
                "Inference tensors cannot be saved for backward",
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
            "plot_numpy_cuts",
            [
                "cut_loss.grad = tensor(1.)\nlayer.weight.grad = None",
                "slope = 0.4667",
                "set_to_none = False  layer.weight.grad = tensor([[0., 0.]])",
                "set_to_none = True   layer.weight.grad = None",
                "RuntimeError: Can't call numpy() on Tensor that requires grad.\n"
                "Use tensor.detach().numpy() instead.",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{PART}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_walking_the_graph_by_hand_gives_the_gradient_that_backward_gives(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_graph")
    printed = dict(re.findall(r"^(at_leaves\[b\]|b\.grad) = (.*)$", text, re.M))
    assert printed["at_leaves[b]"] == printed["b.grad"]
    walked = text[text.index("['w', 'b']") :].partition("at_leaves")[0]
    assert len(re.findall(r"^\w+ +\(.*\)$", walked, re.M)) == 6
    assert walked.count("AccumulateGrad ") == 2


def test_an_if_and_a_loop_leave_a_graph_of_what_ran(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_graph")
    trees = [tree.split("AccumulateGrad")[0] for tree in text.split("SumBackward0 ()\n")[1:3]]
    assert [tree.count("MulBackward0") for tree in trees] == [1, 4]
    assert [tree.count("PowBackward0") for tree in trees] == [0, 1]


def test_a_constant_factor_leaves_six_of_the_seven_nodes(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_computational_graph")
    counts = re.findall(r"^len\(graph\.nodes\) = (\d+), len\(graph\.edges\) = (\d+)$", text, re.M)
    assert counts == [("7", "6"), ("6", "5")]


def test_the_gradient_at_every_node_follows_the_chain_rule(captured: Callable[[str], str]) -> None:
    a, x, y = 2.0, 3.0, 4.0
    text = captured(f"{PART}/plot_computational_graph")
    steps = re.findall(r"^(\w+) +entered = +(\S+)  left = \[(.*)\]$", text, re.M)
    numbers = [
        (name, float(entered), [float(n) for n in left.split(", ") if n])
        for name, entered, left in steps
    ]
    assert numbers == [
        ("SubBackward0", 1, [1, -1]),
        ("PowBackward0", -1, [-2 * y]),
        ("y", -2 * y, []),
        ("MulBackward0", 1, [x**2, a]),
        ("a", x**2, []),
        ("PowBackward0", a, [2 * a * x]),
        ("x", 2 * a * x, []),
    ]


def test_tracking_and_prediction_mode_are_two_switches(captured: Callable[[str], str]) -> None:
    text = captured(f"{PART}/plot_out_of_the_graph")
    rows = re.findall(r"^training = .*$", text, re.M)
    found = [dict(re.findall(r"(\w+) = (True|False)", row)) for row in rows]
    yes = {"True": True, "False": False}
    assert len(found) == 4
    for row in found:
        assert yes[row["tracked"]] is not yes[row["frozen"]]
        assert yes[row["same"]] is not yes[row["training"]]
        assert row["moved"] == row["training"]


def test_marking_the_loss_trains_nothing_and_the_cure_one_layer(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_out_of_the_graph")
    unmoved = re.findall(r"^(\d\.\w+) +(.*)torch\.equal\(p, q\) = (True|False)$", text, re.M)
    assert [row for row in unmoved if row[1]] == [
        (name, "p.grad = None, ", "True") for name in ("0.weight", "0.bias", "2.weight", "2.bias")
    ]
    assert {name: same for name, other, same in unmoved if not other} == {
        "0.weight": "True",
        "0.bias": "True",
        "2.weight": "False",
        "2.bias": "False",
    }


def test_a_number_written_into_the_detached_tensor_stands_in_its_source(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_stop_tracking")
    d, y = (re.findall(rf"^{name} = tensor\(\[(.*?)\]", text, re.M) for name in "dy")
    assert d == y
    assert d[0].startswith("100.0")


def test_a_loss_in_numpy_stands_still_while_the_other_falls(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_numpy_cuts")
    printed = re.findall(r"^through_numpy = (\w+) +(\S+) … (\S+)$", text, re.M)
    first_last = {key: (float(first), float(last)) for key, first, last in printed}
    assert first_last["True"][0] == first_last["True"][1] == first_last["False"][0]
    assert first_last["False"][1] < first_last["False"][0]
