"""Two machines agree when only rounding, the device and the names of nodes differ."""

import pytest

from sitebuild.checks.agreement import Tolerance, agree, words_and_numbers

CPU = "x.grad = tensor([1.0000, 2.0480e+03], requires_grad=True)"
CUDA = "x.grad = tensor([1.0000, 2.0481e+03], device='cuda:0', requires_grad=True)"


def test_a_device_suffix_and_rounding_are_no_difference() -> None:
    assert agree(CPU, CUDA)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("tensor([1., 2.], device='cuda:0')", "tensor([1., 2.])"),
        (
            "tensor(0.5000, device='mps:0', grad_fn=<MeanBackward0>)",
            "tensor(0.5000, grad_fn=<MeanBackward0>)",
        ),
        (
            "tensor([[1., 2.]], device='cuda:0',\n       requires_grad=True)",
            "tensor([[1., 2.]], requires_grad=True)",
        ),
        ("device = device(type='cuda', index=0)", "device = device(type='cpu')"),
        ("on cuda:0", "on cpu"),
        ("loss = 1e-08", "loss = 0.0"),
        ("nan inf -inf", "nan inf -inf"),
        ("[1.0,\n  2.0]", "[1.0, 2.0]"),
        ("tensor([ 0.0, -1.0])", "tensor([-0.0, -1.0])"),
        ("grad_fn=<CudnnBatchNormBackward0>", "grad_fn=<NativeBatchNormBackward0>"),
    ],
)
def test_what_agrees(text: str, other: str) -> None:
    assert agree(text, other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("tensor(1.00)", "tensor(1.01)"),
        ("True", "False"),
        ("tensor([1., 2.])", "tensor([1., 2., 3.])"),
        ("AddBackward0", "MulBackward0"),
        ("nan", "0.0"),
        ("1", "inf"),
        ("len(nodes) = 20000", "len(nodes) = 20001"),
        ("torch.cpu", "torch.cuda"),
    ],
)
def test_what_does_not_agree(text: str, other: str) -> None:
    assert not agree(text, other)


def test_digits_in_names_are_words() -> None:
    assert words_and_numbers("AddBackward0 x1 = 3") == ("AddBackward0 x1 = #", ["3"])


def test_a_stated_tolerance_widens_what_agrees_and_no_further() -> None:
    wide = Tolerance(relative=0.1)
    assert agree("loss = 1.00", "loss = 1.05", wide)
    assert not agree("loss = 1.00", "loss = 1.20", wide)


def test_only_counts_of_nodes_may_be_other_whole_numbers() -> None:
    assert agree("nodes = 133", "nodes = 132", Tolerance(counts=True))
    assert not agree("loss = 1.33", "loss = 1.32", Tolerance(counts=True))


def test_only_where_it_is_stated_may_a_node_have_another_name() -> None:
    text, other = "grad_fn=<ViewBackward0>", "grad_fn=<LinearBackward0>"
    assert not agree(text, other)
    assert agree(text, other, Tolerance(names=True))
