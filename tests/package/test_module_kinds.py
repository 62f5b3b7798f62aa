"""What modules are, in the words in which PyTorch prints them."""

from __future__ import annotations

from torch import nn

from autograd_vi.module_kinds import module_kinds
from autograd_vi.module_tree import named_modules


def test_modules_without_parameters_tell_their_settings() -> None:
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.25))
    assert module_kinds(named_modules(model)) == {
        "": "Sequential()",
        "0": "Linear()",
        "1": "Dropout(p=0.25, inplace=False)",
    }


def test_settings_that_cannot_be_told_are_equal_to_no_others() -> None:
    class Broken(nn.Module):
        def extra_repr(self) -> str:
            raise RuntimeError

    kinds = module_kinds(named_modules(nn.Sequential(Broken(), Broken())))
    assert kinds["0"] != kinds["1"]
