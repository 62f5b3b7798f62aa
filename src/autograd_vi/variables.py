"""What a program calls a tensor: the variable of a script or notebook that holds it."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from types import FrameType

import torch


def variables_of(tensors: Iterable[torch.Tensor], frame: FrameType) -> tuple[str, ...]:
    """Return the first variable that holds each tensor; empty for one that none holds.

    Only the variables of a script or a notebook are looked at. Asking a function for its own makes a copy of them,
    which would keep its tensors alive (https://docs.python.org/3.11/reference/datamodel.html#frame.f_locals). Names
    that begin with an underscore are no name that somebody gave: a notebook keeps its outputs under such ones.

    Args:
        tensors: the tensors.
        frame: where the caller is.
    """
    if frame.f_code.co_flags & inspect.CO_NEWLOCALS:
        return ("",) * len(list(tensors))
    held: dict[int, str] = {}
    for name, value in list(frame.f_globals.items()):
        if isinstance(value, torch.Tensor) and not name.startswith("_"):
            held.setdefault(id(value), name)
    return tuple(held.get(id(tensor), "") for tensor in tensors)
