"""Copies and summaries of gradients, taken during a backward pass and read off after it.

A hook must not make the device wait, and must never raise: a gradient of which nothing can be kept, whatever kind
of tensor it is, leaves a capture without numbers. After the pass the numbers of all captures are
fetched with one copy from each device.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import groupby
from typing import Any, TypeAlias

import torch

from autograd_vi.plain_tensors import has_numbers, plain
from autograd_vi.recorded import Entries, Recorded, nonfinite_of

WHOLE = 64  # gradients with at most this many entries are kept whole
TINY = 8  # and so few entries on the CPU are read at once, which takes less time than a copy

_READ_AT_ONCE = frozenset([torch.float32, torch.float64, torch.complex64, torch.complex128])
_WIDE = {
    torch.float64: torch.float64,
    torch.complex64: torch.complex64,
    torch.complex128: torch.complex128,
}


class Kept:
    """What is kept of a gradient that is not tiny.

    Attributes:
        shape: its shape, if it has one.
        dtype: its dtype.
        whole: a copy, if it is small.
        numbers: tensors of one element: the norm, the smallest and the largest entry. After
            :func:`fetch` they are Python's numbers.
        zeros: whether there are zeros that it does not store.
        entries: the entries of the copy, after :func:`fetch`.
    """

    __slots__ = ("dtype", "entries", "numbers", "shape", "whole", "zeros")

    def __init__(self, shape: Sequence[int] | None, dtype: torch.dtype) -> None:
        self.shape = shape
        self.dtype = dtype
        self.whole: torch.Tensor | None = None
        self.numbers: list[Any] = []
        self.zeros = False
        self.entries: Entries | None = None


# A tiny gradient is its shape, dtype and entries.
Capture: TypeAlias = "tuple[torch.Size, torch.dtype, Entries] | Kept"


def capture(grad: torch.Tensor | None, waiting: list[Kept] | None = None) -> Capture | None:
    """Keep a gradient as it is now; None for None. This never raises.

    What is kept of a gradient that is not tiny is appended to ``waiting``, for :func:`fetch`.
    """
    if grad is None:
        return None
    if (tiny := read_at_once(grad)) is not None:
        return tiny
    kept = _kept(grad)
    if waiting is not None:
        waiting.append(kept)
    return kept


def read_at_once(grad: torch.Tensor) -> tuple[torch.Size, torch.dtype, Entries] | None:
    """Return the entries of a tiny tensor on the CPU; None for any other one. This never raises."""
    try:
        if (
            type(grad) is torch.Tensor
            and grad.is_cpu
            and (dtype := grad.dtype) in _READ_AT_ONCE
            and grad.numel() <= TINY
        ):
            return grad.shape, dtype, grad.tolist()
    except Exception:  # noqa: BLE001, S110  # a hook must not raise; such a tensor is tried in other ways
        pass
    return None


def _kept(grad: torch.Tensor) -> Kept:
    try:
        shape: Sequence[int] | None = tuple(grad.shape)
    except Exception:  # noqa: BLE001  # a strided nested tensor has no shape, and a subclass may raise anything
        shape = None
    kept = Kept(shape, grad.dtype)
    try:
        with torch.no_grad():
            _fill(kept, grad.detach())
    except Exception:  # noqa: BLE001  # as above: then there is no summary
        kept.whole, kept.numbers = None, []
    return kept


def _fill(kept: Kept, grad: torch.Tensor) -> None:
    """Put a copy of a small gradient, or the summary of a large one, into ``kept``."""
    found = plain(grad)
    if found is None:
        return
    values, kept.zeros = found
    if grad.numel() <= WHOLE and kept.shape is not None and not grad.is_nested:
        kept.whole = values.clone() if values.shape == grad.shape else grad.to_dense()
        if type(kept.whole) is torch.Tensor:
            return  # else it may refuse to give its entries, so it is summed up as well
    if not values.numel():
        kept.numbers = [0.0, 0.0, 0.0] if kept.zeros else []
        return
    wide = _WIDE.get(values.dtype, torch.float32)
    if values.dtype.itemsize == 1:  # float8 can be converted and nothing else
        values = values.to(wide)
    if values.is_complex():
        wide = torch.complex128 if values.dtype is torch.complex128 else torch.complex64
    norm = torch.linalg.vector_norm(values, dtype=wide)
    real = torch.view_as_real(values) if values.is_complex() else values
    kept.numbers = [norm, *torch.aminmax(real)]


def fetch(captures: Iterable[Capture | None]) -> None:
    """Read the numbers of all captures, with one copy from each device."""
    waiting: dict[torch.device, list[torch.Tensor]] = {}
    every = {id(kept): kept for kept in captures if isinstance(kept, Kept)}.values()
    for kept in every:
        for tensor in _parts(kept):
            if type(tensor) is torch.Tensor and has_numbers(tensor):
                waiting.setdefault(tensor.device, []).append(tensor)
    read: dict[int, Entries] = {}
    for tensors in waiting.values():
        read.update(zip(map(id, tensors), _read(tensors), strict=True))
    for kept in every:
        with suppress(Exception):  # a subclass may refuse in its own way: then nothing is told
            if kept.whole is not None:
                at_hand = id(kept.whole) in read
                kept.entries = read[id(kept.whole)] if at_hand else kept.whole.tolist()
        try:
            kept.numbers = [read[id(n)] if id(n) in read else float(n) for n in kept.numbers]
        except Exception:  # noqa: BLE001  # as above
            kept.numbers = []


def _parts(kept: Kept) -> list[torch.Tensor]:
    parts = [kept.whole, *kept.numbers]
    return [part for part in parts if isinstance(part, torch.Tensor)]


def _read(tensors: list[torch.Tensor]) -> list[Entries]:
    """Return the entries of tensors on one device, which are fetched together whatever their dtypes are."""
    # The bytes, one tensor after the other; the widest numbers first, so that each starts where it may.
    order = sorted(range(len(tensors)), key=lambda k: _by_width(tensors[k].dtype))
    everything = torch.cat([_bytes(tensors[k]) for k in order]).cpu()
    entries: list[Entries] = [0.0] * len(tensors)
    at = 0
    for dtype, alike in groupby(order, key=lambda k: tensors[k].dtype):
        ids = list(alike)
        counts = [tensors[k].numel() for k in ids]
        end = at + sum(counts) * dtype.itemsize
        flat = _plain_numbers(everything[at:end].view(dtype)).tolist()
        at, start = end, 0
        for k, count in zip(ids, counts, strict=True):
            entries[k] = _nested(flat[start : start + count], tensors[k].shape)
            start += count
    return entries


def _by_width(dtype: torch.dtype) -> tuple[int, str]:
    return -dtype.itemsize, str(dtype)


def _bytes(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.resolve_conj().resolve_neg().contiguous().reshape(-1).view(torch.uint8)


def _plain_numbers(tensor: torch.Tensor) -> torch.Tensor:
    """Return numbers that Python can read: not all of the small dtypes can be listed."""
    if tensor.dtype is torch.complex32:
        return tensor.to(torch.complex64)
    return tensor.to(torch.float32) if tensor.dtype.itemsize == 1 else tensor


def _nested(flat: list[Entries], shape: torch.Size) -> Entries:
    """Return entries that stand in a row in nested lists of a shape."""
    if not flat:
        empty: Entries = torch.empty(shape, device="cpu").tolist()
        return empty
    if not shape:
        return flat[0]
    for size in reversed(shape[1:]):
        flat = [flat[k : k + size] for k in range(0, len(flat), size)]
    return flat


def recorded(found: Capture | None) -> Recorded | None:
    """Return what was captured, once it is read."""
    if found is None:
        return None
    if isinstance(found, tuple):
        size, dtype, entries = found
        tensor = torch.tensor(entries, dtype=dtype, device="cpu").reshape(size)
        return Recorded(tuple(size), _name(dtype), tensor, None, nonfinite_of(entries), entries)
    shape = found.shape
    if shape is not None and not all(type(n) is int for n in shape):
        shape = None  # a jagged nested tensor has a symbol among its sizes
    shape = None if shape is None else tuple(shape)
    name = _name(found.dtype)
    if found.entries is not None:
        return Recorded(shape, name, found.whole, None, nonfinite_of(found.entries), found.entries)
    if not found.numbers:
        return Recorded(shape, name, None, None)
    norm, low, high = found.numbers
    nonfinite = nonfinite_of([low, high])
    if found.dtype.is_complex:
        return Recorded(shape, name, None, (norm, None, None), nonfinite)
    if found.zeros:
        low, high = min(low, 0.0), max(high, 0.0)
    return Recorded(shape, name, None, (norm, low, high), nonfinite)


def _name(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
