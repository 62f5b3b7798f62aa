"""What each module of a model is, in the words in which PyTorch prints it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from torch import nn

from autograd_vi.module_tree import NamedModules

ModuleKinds: TypeAlias = Mapping[str, str]


def module_kinds(modules: NamedModules) -> dict[str, str]:
    """Return class and settings of each module by its name, as in ``{"0": "Dropout(p=0.5, inplace=False)"}``.

    Two modules that print the same are of one kind. Those with parameters have their class alone: their
    operations tell the settings.

    Args:
        modules: the modules with their names.
    """
    return {
        name: f"{type(module).__qualname__}({_settings(name, module)})" for name, module in modules
    }


def _settings(name: str, module: nn.Module) -> str:
    if module._parameters or type(module).extra_repr is nn.Module.extra_repr:
        return ""
    try:
        return module.extra_repr()
    except Exception:  # noqa: BLE001 (a model's own method; a graph is drawn also where it fails)
        return f"unknown settings of {name}"  # so equal to no other one's
