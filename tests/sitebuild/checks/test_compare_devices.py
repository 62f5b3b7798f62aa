"""Two devices agree when only rounding and the device's name differ."""

import pytest

from facts.generated import printed
from sitebuild.checks.compare_devices import agree, compare, words_and_numbers

CPU = "x.grad = tensor([1.0000, 2.0480e+03], requires_grad=True)"
CUDA = "x.grad = tensor([1.0000, 2.0481e+03], device='cuda:0', requires_grad=True)"

PAGE = """
.. rst-class:: sphx-glr-script-out

 .. code-block:: none

    x.grad = tensor([1., 1., 1.])
    None

.. GENERATED FROM PYTHON SOURCE LINES 1-2

Text.

.. rst-class:: sphx-glr-script-out

 .. code-block:: none

    6.0
"""


def test_every_printed_output_of_a_page_is_read() -> None:
    assert printed(PAGE) == ["x.grad = tensor([1., 1., 1.])\n    None", "6.0"]


def test_a_device_suffix_and_rounding_are_no_difference() -> None:
    assert agree(CPU, CUDA)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tensor([1., 2.], device='cuda:0')", "tensor([1., 2.])"),
        (
            "tensor(0.5000, device='mps:0', grad_fn=<MeanBackward0>)",
            "tensor(0.5000, grad_fn=<MeanBackward0>)",
        ),
        ("loss = 1e-08", "loss = 0.0"),
        ("nan inf -inf", "nan inf -inf"),
        ("[1.0,\n  2.0]", "[1.0, 2.0]"),
    ],
)
def test_what_agrees(first: str, second: str) -> None:
    assert agree(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("tensor(1.00)", "tensor(1.01)"),
        ("True", "False"),
        ("tensor([1., 2.])", "tensor([1., 2., 3.])"),
        ("AddBackward0", "MulBackward0"),
        ("nan", "0.0"),
        ("1", "inf"),
    ],
)
def test_what_does_not_agree(first: str, second: str) -> None:
    assert not agree(first, second)


def test_digits_in_names_are_words() -> None:
    assert words_and_numbers("AddBackward0 x1 = 3") == ("AddBackward0 x1 = #", [3.0])


def test_a_difference_names_page_and_output() -> None:
    (found,) = compare("gallery/one/plot_x", ["1.0", "2.0"], ["1.0", "3.0"])
    assert str(found) == "gallery/one/plot_x, output 2:\n  2.0\n  3.0"


def test_a_missing_output_is_a_difference() -> None:
    assert [difference.output for difference in compare("p", ["1.0"], ["1.0", "2.0"])] == [2]
