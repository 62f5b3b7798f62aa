"""One operation has several names and one meaning."""

import torch
from torch import nn

from autograd_vi import trace
from sitebuild.checks.linear_node import linear_in_one_node
from sitebuild.checks.node_names import MEANINGS, by_meaning, meaning, meanings, names_in


def tree_of(layer: nn.Module) -> str:
    return str(trace(layer(torch.ones(2, 3)).mean(), params=layer))


def test_the_kernels_of_a_batch_normalization_mean_the_same() -> None:
    assert meaning("CudnnBatchNormBackward0") == meaning("NativeBatchNormBackward0")
    assert meaning("ConvolutionBackward0") != meaning("NativeBatchNormBackward0")
    assert meaning("AddBackward0") == "AddBackward0"


def test_no_name_has_two_meanings() -> None:
    names = [name for some in MEANINGS.values() for name in some]
    assert len(names) == len(set(names))


def test_the_tree_of_a_linear_layer_is_the_same_where_the_layer_is_one_node() -> None:
    layer = nn.Sequential(nn.Linear(3, 2), nn.Tanh(), nn.Linear(2, 1))
    several = tree_of(layer)
    with linear_in_one_node():
        single = tree_of(layer)
    assert single != several
    assert by_meaning(single) == by_meaning(several)


def test_another_shape_or_another_leaf_is_another_tree() -> None:
    same = tree_of(nn.Linear(3, 2))
    assert by_meaning(same) != by_meaning(tree_of(nn.Linear(3, 4)))
    assert by_meaning(same) != by_meaning(same.replace("bias", "weight"))


def test_a_list_of_names_has_no_transposed_weight() -> None:
    assert by_meaning("['AddmmBackward0', 'TBackward0']").startswith("['Linear'")
    assert meanings(["TBackward0", "AddmmBackward0"]) == meanings(["LinearBackward0"])


def test_names_are_found_in_prose() -> None:
    text = "Each rule is called ``Backward``: ``AddBackward0`` knows it, and AccumulateGrad."
    assert names_in(text) == {"AddBackward0", "AccumulateGrad"}
