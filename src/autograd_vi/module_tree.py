"""All modules of a model and all of its parameters, by their names: walked once for all that asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import torch
from torch import nn

NamedModules: TypeAlias = "Sequence[tuple[str, nn.Module]]"


def named_modules(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """Return each module with its name, the model first; one with several names under each of them.

    So does ``model.named_modules(remove_duplicate=False)``, but it hands each module up through a generator for
    every module around it, and takes twice as long.
    """
    found: list[tuple[str, nn.Module]] = []
    _collect("", model, found)
    return found


def _collect(name: str, module: nn.Module, found: list[tuple[str, nn.Module]]) -> None:
    if type(module).named_modules is not nn.Module.named_modules:  # it knows better
        found += module.named_modules(prefix=name, remove_duplicate=False)
        return
    found.append((name, module))
    around = f"{name}." if name else ""
    for last, inner in module._modules.items():
        if inner is not None:
            _collect(around + last, inner, found)


def named_parameters(model: nn.Module, modules: NamedModules) -> list[tuple[str, torch.Tensor]]:
    """Return each parameter of a model with its name; one with several names under each of them.

    Args:
        model: the model.
        modules: its modules, as :func:`named_modules` gives them.
    """
    if type(model).named_parameters is not nn.Module.named_parameters:  # it knows better
        return list(model.named_parameters(remove_duplicate=False))
    return [
        (f"{name}.{last}" if name else last, parameter)
        for name, module in modules
        for last, parameter in module._parameters.items()
        if parameter is not None
    ]


def once_each(modules: NamedModules) -> dict[str, nn.Module]:
    """Return each module under the first of its names alone."""
    if len({id(module) for _, module in modules}) == len(modules):  # as in most models
        return dict(modules)
    first_names = {id(module): name for name, module in reversed(modules)}
    return {name: module for name, module in modules if first_names[id(module)] == name}
