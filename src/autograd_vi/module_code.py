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
from collections.abc import Mapping, Sequence
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


_NOTHING = _Loads(frozenset(), frozenset(), frozenset())


def whole_modules(modules: Mapping[str, nn.Module]) -> set[str]:
    """Return the names of the modules of which it is certain that they only run as a whole.

    Args:
        modules: the modules of a model by their names, the model first. Each has one name.
    """
    if _has_no_forward(type(next(iter(modules.values())))):
        return set()
    classes = set(map(type, modules.values()))
    loads = _joined([_loads_of_class(cls) for cls in classes])
    if loads.globals & _ANY:
        return set()
    lists, rows = set(filter(_is_list, classes)), set(filter(_runs_in_a_row, classes))
    other = {cls for cls in classes if issubclass(cls, torch.jit.ScriptModule)}
    other |= set(filter(_has_no_forward, classes))
    whole: set[str] = set()
    for name, module in modules.items():
        cls = type(module)
        if not name or cls in other or _is_changed(module) or "parametrizations" in name:
            continue
        parent, _, last = name.rpartition(".")
        around = type(modules[parent])
        if around in lists and not (around in rows and (not parent or parent in whole)):
            touched = cls in lists or _has_part_among(module, loads.of_others)
        else:
            touched = last in loads.values
        if not touched:
            whole.add(name)
    return whole


def _is_list(cls: type[nn.Module]) -> bool:
    """Whether a program can iterate over a module, or take parts of it by their numbers or keys."""
    return hasattr(cls, "__iter__") or hasattr(cls, "__getitem__")


def _runs_in_a_row(cls: type[nn.Module]) -> bool:
    return cls.forward is nn.Sequential.forward


def _has_no_forward(cls: type[nn.Module]) -> bool:
    return cls.forward is nn.Module.forward


def _has_part_among(module: nn.Module, names: frozenset[str]) -> bool:
    parts = (("forward",), module._parameters, module._modules, module._buffers)
    return not all(map(names.isdisjoint, parts))


def _is_changed(module: nn.Module) -> bool:
    """Whether a module does something else than the code of its class says."""
    return bool(module._forward_hooks or module._forward_pre_hooks) or "forward" in vars(module)


class _Reading(NamedTuple):
    """What the code of a class loads, and what that rests on.

    Attributes:
        loads: what is loaded.
        looked_up: where code was looked for, by which name, and what was there.
        codes: the functions among that, and their code.
    """

    loads: _Loads
    looked_up: list[tuple[Mapping[str, object], str, object]]
    codes: list[tuple[FunctionType, CodeType]]

    def still_holds(self) -> bool:
        """Whether nothing has given the class other code since then, as a notebook may."""
        return all(place.get(name) is value for place, name, value in self.looked_up) and all(
            function.__code__ is code for function, code in self.codes
        )


def _loads_of_class(cls: type) -> _Loads:
    """Return what instances of a class may load in a forward pass."""
    reading = _read(cls)
    if not reading.still_holds():
        _read.cache_clear()
        reading = _read(cls)
    return reading.loads


@functools.lru_cache(maxsize=256)  # it keeps the classes alive; so not more of them
def _read(cls: type) -> _Reading:
    """Read the code that a forward pass may run: ``forward`` and what it may call of the class."""
    bases = [
        vars(base)
        for base in cls.__mro__
        if base not in {nn.Module, object} and base.__module__ != container.__name__
    ]
    looked_up: list[tuple[Mapping[str, object], str, object]] = []
    codes: list[tuple[FunctionType, CodeType]] = []
    ahead = ["forward"]
    met: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in met:
            continue
        met.add(name)
        for base in bases:
            value = base.get(name)
            looked_up.append((base, name, value))
            if (function := _function(value)) is not None:
                codes.append((function, function.__code__))
                ahead += _names(function.__code__)
    return _Reading(_joined([_loads_of(code) for _, code in codes]), looked_up, codes)


def _function(value: object) -> FunctionType | None:
    """Return the function behind a method or a property, if it is one."""
    found = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
    if callable(found):
        found = inspect.unwrap(found)
    return found if isinstance(found, FunctionType) else None


@functools.lru_cache(maxsize=4096)  # code does not change; a class may get other code
def _names(code: CodeType) -> tuple[str, ...]:
    """Return the globals and attributes that code names, also in the functions that are written in it."""
    inner = (const for const in code.co_consts if isinstance(const, CodeType))
    return (*code.co_names, *(name for function in inner for name in _names(function)))


def _joined(loads: Sequence[_Loads]) -> _Loads:
    return _Loads(*(frozenset().union(*sets) for sets in zip(_NOTHING, *loads, strict=True)))


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
