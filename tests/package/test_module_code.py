"""A module runs as a whole unless the code of the model's classes takes it apart."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional

from autograd_vi.module_code import whole_modules


class Head(nn.Module):
    """Calls its part."""

    def __init__(self) -> None:
        super().__init__()
        self.part = nn.Linear(2, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.part(x)
        return result


def by_weight(self: Head, x: torch.Tensor) -> torch.Tensor:
    """Use the part's weight in a function."""
    return functional.linear(x, self.part.weight)


def whole() -> set[str]:
    return whole_modules(dict(Head().named_modules()))


def test_a_class_may_get_another_forward(monkeypatch: pytest.MonkeyPatch) -> None:
    assert whole() == {"part"}
    with monkeypatch.context() as patch:
        patch.setattr(Head, "forward", by_weight)
        assert whole() == set()
    assert whole() == {"part"}


def test_a_function_may_get_other_code_as_when_a_notebook_loads_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert whole() == {"part"}
    with monkeypatch.context() as patch:
        patch.setattr(Head.forward, "__code__", by_weight.__code__)
        assert whole() == set()
    assert whole() == {"part"}
