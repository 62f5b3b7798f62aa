"""All modules and parameters of a model are found under the names that torch gives them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch
import torchvision
from torch import nn

from autograd_vi.module_tree import named_modules, named_parameters, once_each


class Renamed(nn.Module):
    """A module that tells names of its own, as wrappers for parallel training do."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def named_modules(self, *args: Any, **options: Any) -> Iterator[tuple[str, nn.Module]]:  # noqa: ANN401
        for name, module in super().named_modules(*args, **options):
            yield name.replace("inner", "wrapped"), module

    def named_parameters(self, *args: Any, **options: Any) -> Iterator[tuple[str, nn.Parameter]]:  # noqa: ANN401
        for name, parameter in super().named_parameters(*args, **options):
            yield name.replace("wrapped", "renamed"), parameter


class Tied(nn.Module):
    """A module whose part and whose weight have two names each; one part is missing."""

    def __init__(self) -> None:
        super().__init__()
        linear = nn.Linear(2, 2)
        self.first = self.second = nn.Sequential(linear, nn.ReLU())
        self.third = nn.Linear(2, 2, bias=False)
        self.third.weight = linear.weight
        self.register_module("missing", None)
        self.register_parameter("nothing", None)
        self.own = nn.Parameter(torch.ones(2))


MODELS = [Tied(), Renamed(Tied()), nn.Sequential(Renamed(nn.Linear(1, 1))), nn.Linear(1, 1)]
MODELS.append(torchvision.models.resnet18())
models = pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)


@models
def test_modules_have_the_names_that_torch_gives_them(model: nn.Module) -> None:
    assert named_modules(model) == list(model.named_modules(remove_duplicate=False))


@models
def test_parameters_have_the_names_that_torch_gives_them(model: nn.Module) -> None:
    found = named_parameters(model, named_modules(model))
    expected = list(model.named_parameters(remove_duplicate=False))
    assert [(name, id(tensor)) for name, tensor in found] == [(n, id(t)) for n, t in expected]


@models
def test_a_module_with_several_names_is_found_once_under_the_first(model: nn.Module) -> None:
    assert once_each(named_modules(model)) == dict(model.named_modules())
