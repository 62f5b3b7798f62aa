"""The facts that the part on training promises stand in the captured outputs of its pages on small networks."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from printed_matrices import rows_of

PART = "training"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
        (
            "plot_one_layer_network",
            [
                "['AddBackward0', 'BinaryCrossEntropyWithLogitsBackward0']",
                "[0.731059, 0.999955]\n[0.13272, 3.3e-05]",
                "RuntimeError: result type Float can't be cast to the desired output type Long\n"
                "learned[-1].any().item() = False\nlearned[-1].any().item() = True",
            ],
        ),
        (
            "plot_mini_batch",
            [
                "layer.weight.grad = tensor([[0.4667, 0.2000]]), layer.bias.grad = tensor([1.])",
                "gradients = tensor([[ 0.5000, -0.6000],\n        [ 0.7000,  1.0000],\n        [ 0.2000,  0.2000]])\n"
                "gradients.mean(dim=0) = tensor([0.4667, 0.2000])",
                "mean  tensor([[0.4667, 0.2000]])\nsum   tensor([[1.4000, 0.6000]])",
                "RuntimeError: a leaf Variable that requires grad is being used in an in-place",
                "one_by_one.mean(dim=0) = tensor([0., 0.])",
                "data.T @ data = tensor([[0.7800, 0.4400],\n        [0.4400, 1.4000]])\n"
                "bowl[other] = tensor([-0.4533,  1.2800])",
                "gradient = tensor([[ 0.4000, -0.3333]])",
                "<svg",
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
        (
            "plot_batchnorm_gradient",
            [
                "[[0.174, -0.06], [1.0, -1.0]]\n[[1.74, -0.6], [1.0, -1.0]]",
                "distance = 1.0, [1.0, -1.0]\ndistance = 0.01, [0.845, -0.845]",
                "gamma  0.000000\nbeta   1.000000",
                "layer.weight  0.000000\nlayer.bias    0.000000\n"
                "norm.weight   0.000000\nnorm.bias     1.000000",
                "1e-05 ['5.0e-05', '1.5e-04']\n1e-12 ['5.0e-12', '1.5e-11']",
                "norm.running_var = tensor([0.9684], dtype=torch.float64)",
                "layer.weight.grad = tensor([[0.5081, 0.5081]], dtype=torch.float64), "
                "layer.bias.grad = tensor([1.0162], dtype=torch.float64)",
                "[('mean((y-t)²)', 4), ('y[0]', 4)]",
                "ValueError: Expected more than 1 value per channel when training, "
                "got input size torch.Size([1, 1])\n[0.25, 0.25]\n0.000000",
                "BatchNormBackward0",
                "<svg",
            ],
        ),
        (
            "plot_copying_parameters",
            [
                "<All keys matched successfully>",
                "source.weight.grad = tensor([[0.4667, 0.2000]])\ntarget.weight.grad = None\n"
                "target.weight.data_ptr() == source.weight.data_ptr() = False",
                "deepcopy(leaf).grad = tensor([1., 1.])\ndeepcopy(source.weight).grad = None",
                "alias = source   (True, True, True)",
                "load_state_dict  (False, False, False)\ndeepcopy         (False, False, False)",
                "RuntimeError: Only Tensors created explicitly by the user (graph leaves)",
                'Missing key(s) in state_dict: "1.running_mean", "1.running_var"',
                "[True, True]\n[True, True]",
                "['1.running_mean', '1.running_var', '1.num_batches_tracked']",
                "size mismatch for weight: copying a param with shape torch.Size([1, 2])\n"
                "persistent = True   list(module.state_dict()) = ['table']\n"
                "persistent = False  list(module.state_dict()) = []",
                "best['weight'] = tensor([[0., 0.]])",
            ],
        ),
    ],
)
def test_each_page_shows_its_facts(
    captured: Callable[[str], str], page: str, facts: list[str]
) -> None:
    text = captured(f"{PART}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_all_rows_of_the_weights_gradient_equal_the_gradient_of_the_bias(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_one_layer_network")
    bias = re.search(r"^b\.grad = tensor\(\[(.*?)\]\)", text, re.M)
    assert bias is not None
    row = [float(entry) for entry in bias[1].split(",")]
    assert rows_of(text, "w.grad") == [[row] * 5]


def test_loss_and_gradient_of_the_bias_are_those_of_the_printed_outputs_and_the_labels(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_one_layer_network")
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


def test_each_row_of_the_batch_gets_a_third_of_the_weights(
    captured: Callable[[str], str],
) -> None:
    batch, copies = (
        captured(f"{PART}/{p}") for p in ("plot_mini_batch", "plot_copying_parameters")
    )
    printed = re.search(r"X\.grad = tensor\(\[(.*?)\]\)", batch, re.S)
    weights = re.search(r"target\.weight = Parameter containing:\ntensor\(\[\[(.*?)\]\]", copies)
    assert printed is not None
    assert weights is not None
    rows = [[float(n) for n in row.split(",")] for row in re.findall(r"\[(.*?)\]", printed[1])]
    third = [pytest.approx(float(n) / 3, abs=1e-4) for n in weights[1].split(",")]
    assert rows == [third] * 3


def test_without_rounding_every_hundred_steps_divide_the_loss_by_more_than_ten(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_two_layers_by_hand")
    printed = re.findall(r"^step = (\d+)  (\S+)$", text, re.M)
    losses = [float(loss) for _, loss in printed]
    assert [int(step) for step, _ in printed] == [100, 200, 300, 400, 500]
    assert all(before > 10 * after > 0 for before, after in pairwise(losses))


def test_a_step_with_what_was_not_emptied_is_too_long_for_one_matrix_and_too_short_for_the_other(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_two_layers_by_hand")
    four, lengths = (
        [float(number) for number in re.findall(r"'([\d.]+)'", row)]
        for row in re.findall(r"^\['.*'\]$", text, re.M)[:2]
    )
    assert four[:2] == [1, 1]
    assert four[2] < 1
    assert four[3] > 5
    assert lengths[1] < 1 < lengths[0]


def test_only_four_rows_with_a_target_or_one_row_alone_teach_the_layer(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{PART}/plot_batchnorm_gradient")
    rows = re.findall(r"^(mean\(.*?\)|y\[0\]) +([24])  (\S+)  (\S+)$", text, re.M)
    largest = {(loss, int(n)): float(weight) for loss, n, weight, _ in rows}
    assert len(largest) == 8
    assert {key for key, value in largest.items() if value > 1e-3} == {
        ("mean((y-t)²)", 4),
        ("y[0]", 4),
    }
    assert largest["mean(y²)", 2] == pytest.approx(1.5e-4)
    assert {bias for *_, bias in rows} == {"0.000000"}
