"""Which modules of a model can only run as a whole, as the code of the model's classes tells.

A program may take a module apart: use its weight in a function, iterate over its parts, call one of its methods. To do
so it must load the module as a value, as in ``self.head.weight``, where a plain call is ``self.head(x)``. So
a module that no ``forward`` loads other than to call it runs as a whole. What code outside the model's classes does is
not seen.
"""

from __future__ import annotations

import dis
import functools
import inspect
import sys
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import NamedTuple

import torch
from torch import nn
from torch.nn.modules import container

# With these a program reaches any module, by a name or in a loop.
_ANY = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "named_")
    for name in ("children", "modules", "parameters", "buffers")
) | {"getattr", "vars", "__dict__", "_modules", "_parameters"}
_ANY |= {"get_submodule", "get_parameter", "functional_call"}
_CALLS = sys.version_info >= (3, 12)  # since then LOAD_ATTR says whether it loads for a call


class _Loads(NamedTuple):
    """Names of attributes that code loads.

    Attributes:
        values: those that it loads other than to call them at once.
        of_others: those that it loads from anything but ``self``.
        globals: the names of globals, builtins and attributes.
    """

    values: frozenset[str]
    of_others: frozenset[str]
    globals: frozenset[str]


def whole_modules(model: nn.Module) -> set[str]:
    """Return the names of the modules in ``model`` of which it is certain that they only run as a whole."""
    modules = dict(model.named_modules())
    if _has_no_forward(model):
        return set()
    classes = {type(module) for module in modules.values()}
    loads = _joined(_loads_of(code) for cls in classes for code in _codes(cls))
    if loads.globals & _ANY:
        return set()
    whole: set[str] = set()
    for name, module in modules.items():
        parent, _, last = name.rpartition(".")
        if name and not _is_changed(module) and "parametrizations" not in name:
            in_list = _is_list(modules[parent]) and (
                not _runs_in_a_row(modules[parent]) or (parent not in whole and parent != "")
            )
            touched = _is_list(module) or not loads.of_others.isdisjoint(_parts(module))
            if not (touched if in_list else last in loads.values):
                whole.add(name)
    return whole


def _parts(module: nn.Module) -> set[str]:
    return {"forward", *module._parameters, *module._modules, *module._buffers}


def _is_list(module: nn.Module) -> bool:
    """Whether a program can iterate over a module, or take parts of it by their numbers or keys."""
    return hasattr(type(module), "__iter__") or hasattr(type(module), "__getitem__")


def _runs_in_a_row(module: nn.Module) -> bool:
    return type(module).forward is nn.Sequential.forward


def _has_no_forward(module: nn.Module) -> bool:
    return type(module).forward is nn.Module.forward


def _is_changed(module: nn.Module) -> bool:
    """Whether a module does something else than the code of its class says, or nothing."""
    hooks = (module._forward_hooks, module._forward_pre_hooks)
    scripted = isinstance(module, torch.jit.ScriptModule)
    return scripted or "forward" in vars(module) or any(hooks) or _has_no_forward(module)


def _codes(cls: type) -> Iterator[CodeType]:
    """Yield the code that instances of a class may run in a forward pass: ``forward`` and what it may call there."""
    met: set[str] = set()
    ahead = ["forward"]
    while ahead:
        name = ahead.pop()
        if name in met:
            continue
        met.add(name)
        for base in cls.__mro__:
            if base not in {nn.Module, object} and base.__module__ != container.__name__:
                for code in _code_of(vars(base).get(name)):
                    ahead += _names(code)
                    yield code


def _code_of(value: object) -> Iterator[CodeType]:
    """Yield the code of a method or a property, if it is one."""
    found = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    if callable(found):
        found = inspect.unwrap(found)
    if isinstance(found, FunctionType):
        yield found.__code__


@functools.lru_cache(maxsize=4096)  # code does not change; a class may get other code
def _names(code: CodeType) -> tuple[str, ...]:
    """Return the globals and attributes that code names, also in the functions that are written in it."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return (*code.co_names, *(name for function in inner for name in _names(function)))


def _joined(loads: Iterable[_Loads]) -> _Loads:
    values, of_others, names = zip(*loads, strict=True)
    return _Loads(*(frozenset().union(*sets) for sets in (values, of_others, names)))


@functools.lru_cache(maxsize=4096)
def _loads_of(code: CodeType, self: str = "") -> _Loads:
    """Return what code loads, with the functions that are written in it.

    Args:
        code: the code of a function.
        self: the name of the instance in a function around this one.
    """
    self = self or (code.co_varnames[0] if code.co_argcount else "")
    values: set[str] = set()
    of_others: set[str] = set()
    before: dis.Instruction | None = None
    for step in dis.get_instructions(code):
        if step.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
            to_call = step.opname == "LOAD_METHOD" or (_CALLS and bool((step.arg or 0) & 1))
            if not to_call:
                values.add(step.argval)
            if not _loads_variable(before, self):
                of_others.add(step.argval)
        before = step
    own = _Loads(frozenset(values), frozenset(of_others), frozenset(code.co_names))
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return _joined([own, *(_loads_of(function, self) for function in inner)])


def _loads_variable(step: dis.Instruction | None, name: str) -> bool:
    """Whether an instruction loads a variable of this name last."""
    if step is None or not step.opname.startswith(("LOAD_FAST", "LOAD_DEREF")):
        return False
    loaded = step.argval
    return bool((loaded[-1] if isinstance(loaded, tuple) else loaded) == name)
