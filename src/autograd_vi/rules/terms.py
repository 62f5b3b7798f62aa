"""Arithmetic with numbers that stays visible: each number that took part, and how, beside what comes of it.

``number(2) * (number(1) - number(0.5))`` is a tree. The picture writes it for readers, and :meth:`Term.value` computes
it, so the two cannot differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter

import torch

Place = tuple[int, ...]  # where an entry stands in its tensor, counted from 0
Compute = Callable[..., torch.Tensor]

# How an operation computes; "negative", "exp" and the functions after it take one number.
_COMPUTE: dict[str, Compute] = {
    "+": lambda *xs: reduce(torch.add, xs),
    "-": torch.sub,
    "·": lambda *xs: reduce(torch.mul, xs),
    "/": torch.div,
    "^": torch.pow,
    "negative": torch.neg,
    "exp": torch.exp,
    "ln": torch.log,
    "σ": torch.sigmoid,
    "min": torch.minimum,
    "max": torch.maximum,
}


class Term:
    """A number, or an operation with numbers."""

    __slots__ = ()

    def __add__(self, other: Term) -> Term:
        return Operation("+", (self, other))

    def __sub__(self, other: Term) -> Term:
        return Operation("-", (self, other))

    def __mul__(self, other: Term) -> Term:
        return Operation("·", (self, other))

    def __truediv__(self, other: Term) -> Term:
        return Operation("/", (self, other))

    def __pow__(self, other: Term) -> Term:
        return Operation("^", (self, other))

    def __neg__(self) -> Term:
        return Operation("negative", (self,))

    def value(self, read: Callable[[Number], float] | None = None) -> float:
        """Compute the term; ``read`` tells which number stands for a leaf, its own if None."""
        return self.computed(read or attrgetter("number")).item()

    def computed(self, read: Callable[[Number], float]) -> torch.Tensor:
        """Return the value as a tensor, in which 1/0 is infinite."""
        raise NotImplementedError  # each kind of term has its own

    def leaves(self) -> Iterator[Number]:
        """Yield the numbers, from left to right."""
        raise NotImplementedError  # each kind of term has its own


@dataclass(frozen=True, slots=True)
class Number(Term):
    """A number, and where it comes from if it is an entry of a gradient that entered.

    Attributes:
        number: the number.
        place: its place in that gradient; None for any other number.
        part: which gradient it is, where several enter.
    """

    number: float
    place: Place | None = None
    part: int | None = None

    def computed(self, read: Callable[[Number], float]) -> torch.Tensor:
        """Return the number as a tensor."""
        return torch.tensor(read(self), dtype=torch.float64, device="cpu")

    def leaves(self) -> Iterator[Number]:
        """Yield itself."""
        yield self


@dataclass(frozen=True, slots=True)
class Operation(Term):
    """What is done with some terms: its sign, one of those that :data:`SIGNS` lists, and the terms."""

    sign: str
    parts: tuple[Term, ...]

    def computed(self, read: Callable[[Number], float]) -> torch.Tensor:
        """Compute the terms, and do with them what the sign says."""
        return _COMPUTE[self.sign](*[part.computed(read) for part in self.parts])

    def leaves(self) -> Iterator[Number]:
        """Yield the numbers of each term."""
        for part in self.parts:
            yield from part.leaves()


SIGNS = tuple(_COMPUTE)


def total(terms: Iterable[Term]) -> Term:
    """Return the sum of any number of terms; 0 if there are none."""
    return _joined("+", tuple(terms), 0.0)


def product(terms: Iterable[Term]) -> Term:
    """Return the product of any number of terms; 1 if there are none."""
    return _joined("·", tuple(terms), 1.0)


def _joined(sign: str, terms: tuple[Term, ...], neutral: float) -> Term:
    if len(terms) > 1:
        return Operation(sign, terms)
    return terms[0] if terms else Number(neutral)


def applied(name: str, *terms: Term) -> Term:
    """Return a function of some terms: ``exp``, ``ln``, ``σ``, ``min`` or ``max``."""
    return Operation(name, terms)


def is_whole(number: float) -> bool:
    """Whether a number is a whole one, up to the rounding of its dtype."""
    return math.isfinite(number) and abs(number - round(number)) < 0.01
