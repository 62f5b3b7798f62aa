"""The facts that chapter 4 promises stand in its captured outputs."""

import re
from collections.abc import Callable

import pytest

CHAPTER = "gradients_in_tensors"


@pytest.mark.parametrize(
    ("page", "facts"),
    [
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
                "got input size torch.Size([1, 1])",
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
    text = captured(f"{CHAPTER}/{page}")
    assert [fact for fact in facts if fact not in text] == []


def test_each_row_of_the_batch_gets_a_third_of_the_weights(
    captured: Callable[[str], str],
) -> None:
    batch, copies = (
        captured(f"{CHAPTER}/{p}") for p in ("plot_mini_batch", "plot_copying_parameters")
    )
    printed = re.search(r"X\.grad = tensor\(\[(.*?)\]\)", batch, re.S)
    weights = re.search(r"target\.weight = Parameter containing:\ntensor\(\[\[(.*?)\]\]", copies)
    assert printed is not None
    assert weights is not None
    rows = [[float(n) for n in row.split(",")] for row in re.findall(r"\[(.*?)\]", printed[1])]
    third = [pytest.approx(float(n) / 3, abs=1e-4) for n in weights[1].split(",")]
    assert rows == [third] * 3


def test_only_four_rows_with_a_target_or_one_row_alone_teach_the_layer(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_batchnorm_gradient")
    rows = re.findall(r"^(mean\(.*?\)|y\[0\]) +([24])  (\S+)  (\S+)$", text, re.M)
    largest = {(loss, int(n)): float(weight) for loss, n, weight, _ in rows}
    assert len(largest) == 8
    assert {key for key, value in largest.items() if value > 1e-3} == {
        ("mean((y-t)²)", 4),
        ("y[0]", 4),
    }
    assert largest["mean(y²)", 2] == pytest.approx(1.5e-4)
    assert {bias for *_, bias in rows} == {"0.000000"}


def test_a_loss_in_numpy_stands_still_while_the_other_falls(
    captured: Callable[[str], str],
) -> None:
    text = captured(f"{CHAPTER}/plot_numpy_cuts")
    printed = re.findall(r"^through_numpy = (\w+) +(\S+) … (\S+)$", text, re.M)
    first_last = {key: (float(first), float(last)) for key, first, last in printed}
    assert first_last["True"][0] == first_last["True"][1] == first_last["False"][0]
    assert first_last["False"][1] < first_last["False"][0]
