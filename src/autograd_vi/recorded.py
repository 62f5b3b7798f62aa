"""Gradients as they were at one moment, and the steps of a backward pass that are made of them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Literal, TypeAlias, Union

import torch

if TYPE_CHECKING:
    from autograd_vi.graph import Node

Number: TypeAlias = bool | int | float | complex
NonFinite: TypeAlias = Literal["nan", "inf"]
Entries: TypeAlias = Union[Number, "list[Entries]"]


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """A gradient as it was at one moment.

    Attributes:
        shape: its shape; None where it is no list of numbers, as for nested tensors.
        dtype: its dtype, as in ``float32``.
        tensor: a copy of it if it has at most 64 entries, else None.
        summary: of a larger one the Euclidean norm of all entries, the smallest and the largest
            one; entries that a sparse tensor does not store are zeros and count. Complex numbers
            have no smallest and largest one. The norm is computed in float32, and in float64 for a
            gradient of float64: it is infinite where a square is too large for that. None for a
            copy that is whole, and where nothing can be told: on the meta device, or of a tensor
            of which other machines hold a part.
        entries: the entries of a copy as nested lists of Python's numbers; None without a copy.
        nonfinite: ``nan`` if an entry is no number, else ``inf`` if one is infinite, else None.
    """

    shape: tuple[int, ...] | None
    dtype: str
    tensor: torch.Tensor | None
    summary: tuple[float, float | None, float | None] | None
    nonfinite: NonFinite | None = None
    entries: Entries | None = None

    @property
    def norm(self) -> float | None:
        """The Euclidean norm of all entries; 0 if there are none, None if nothing can be told."""
        if self.summary is not None:
            return self.summary[0]
        if self.entries is None:
            return None
        return float(torch.linalg.vector_norm(self._exact(self.entries)))

    @property
    def min(self) -> float | None:
        """The smallest entry; None for no entries, for complex numbers and if nothing can be told."""
        if self.summary is not None:
            return self.summary[1]
        found = self._ordered()
        return None if found is None else float(found.min())

    @property
    def max(self) -> float | None:
        """The largest entry; None for no entries, for complex numbers and if nothing can be told."""
        if self.summary is not None:
            return self.summary[2]
        found = self._ordered()
        return None if found is None else float(found.max())

    def _ordered(self) -> torch.Tensor | None:
        found = None if self.entries is None else self._exact(self.entries)
        return None if found is None or not found.numel() or found.is_complex() else found

    def _exact(self, entries: Entries) -> torch.Tensor:
        """Return the entries in a tensor that holds each of them exactly, on the CPU."""
        wide = torch.complex128 if self.dtype.startswith("complex") else torch.float64
        return torch.tensor(entries, dtype=wide, device="cpu")


def nonfinite_of(entries: Entries) -> NonFinite | None:
    """Return whether NaN, or else an infinity, is among the entries."""
    stack: list[Entries] = [entries]
    found: NonFinite | None = None
    while stack:
        value = stack.pop()
        if isinstance(value, list):
            stack += value
        elif value - value != 0:  # true of NaN and of infinities only
            parts = (value.real, value.imag) if isinstance(value, complex) else (value,)
            if any(map(isnan, parts)):
                return "nan"
            found = "inf"
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """What one node did.

    Attributes:
        node: the node of the traced graph.
        grad_outputs: what entered, one entry per output of the forward operation; None is an
            undefined gradient (nothing arrived).
        grad_inputs: what left, one entry per input of the forward operation; None where no
            gradient goes. Empty for a leaf.
        grad_before: a leaf's ``.grad`` before this step; None if there was none, and for other nodes.
        grad_after: a leaf's ``.grad`` after it; None for other nodes.
    """

    node: Node
    grad_outputs: tuple[Recorded | None, ...]
    grad_inputs: tuple[Recorded | None, ...]
    grad_before: Recorded | None = None
    grad_after: Recorded | None = None

    @property
    def nonfinite(self) -> NonFinite | None:
        """``nan`` or ``inf`` if NaN or an infinity goes into this step, comes out of it or stays in ``.grad``."""
        every = (*self.grad_outputs, *self.grad_inputs, self.grad_after)
        found = {grad.nonfinite for grad in every if grad is not None}
        return "nan" if "nan" in found else "inf" if "inf" in found else None
