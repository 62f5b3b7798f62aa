"""A tensor's text with its device is what torch itself would print."""

import pytest
import torch

from sitebuild.checks.tensor_text import with_device

META = torch.device("meta")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tensor(1.)", "tensor(1., device='cuda:0')"),
        ("tensor([1., 2.])", "tensor([1., 2.], device='cuda:0')"),
        (
            "tensor([1.], grad_fn=<MulBackward0>)",
            "tensor([1.], device='cuda:0', grad_fn=<MulBackward0>)",
        ),
        (
            "tensor([1.], dtype=torch.float64, requires_grad=True)",
            "tensor([1.], device='cuda:0', dtype=torch.float64, requires_grad=True)",
        ),
        (
            "Parameter containing:\ntensor([1.], requires_grad=True)",
            "Parameter containing:\ntensor([1.], device='cuda:0', requires_grad=True)",
        ),
        ("no tensor", "no tensor"),
    ],
)
def test_the_device_stands_first_among_what_follows_the_numbers(text: str, expected: str) -> None:
    assert with_device(text, torch.device("cuda:0")) == expected


@pytest.mark.parametrize("columns", range(1, 12))
def test_a_line_breaks_where_torch_breaks_it(columns: int) -> None:
    """A tensor on the device meta is the one that torch prints with its device on each machine."""
    numbers = "..." + ", 0.1234" * columns
    plain = torch.empty(columns, device="meta", requires_grad=True)
    theirs = torch._tensor_str._add_suffixes(
        f"tensor({numbers}", ["device='meta'", "requires_grad=True"], 0, force_newline=False
    )
    assert plain.device == META
    assert with_device(f"tensor({numbers}, requires_grad=True)", META) in {
        theirs,
        theirs.replace(",\nrequires", ",\n       requires").replace(
            ",\ndevice", ",\n       device"
        ),
    }
