"""What a formula of numbers in MathML comes to, read as a reader reads it."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from functools import reduce
from typing import TypeAlias

import torch

from autograd_vi.rules.views import summed_to

Gradients: TypeAlias = "Sequence[torch.Tensor | None]"
Part: TypeAlias = "str | torch.Tensor"

_FUNCTIONS: dict[str, Callable[..., torch.Tensor]] = {
    "sin": torch.sin,
    "cos": torch.cos,
    "tan": torch.tan,
    "sinh": torch.sinh,
    "cosh": torch.cosh,
    "tanh": torch.tanh,
    "ln": torch.log,
    "erf": torch.erf,
    "sign": torch.sign,
    "σ": torch.sigmoid,
    "Φ": lambda x: torch.erfc(-x / math.sqrt(2)) / 2,
    "φ": lambda x: torch.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    "min": lambda *xs: reduce(torch.minimum, xs),
    "max": lambda *xs: reduce(torch.maximum, xs),
}
APPLIED = "\N{FUNCTION APPLICATION}"
_COMPARE = {
    "<": torch.lt,
    "≤": torch.le,
    ">": torch.gt,
    "≥": torch.ge,
    "=": torch.eq,
    "≠": torch.ne,
}


def number(text: str) -> torch.Tensor:
    """Return a number as it is written, with the signs of typography."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace("∞", "inf")
    return torch.tensor(float(plain), dtype=torch.float64)


def name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def evaluated(
    element: ET.Element, grads: Gradients = (), shape: Sequence[int] = ()
) -> torch.Tensor:
    """Compute a formula.

    Args:
        element: the formula.
        grads: what entered: ``g[0, 2]`` is an entry of the first, ``g`` with a 1 below it is the second.
        shape: that of the result; a sum without bounds is over what has been repeated.
    """
    return _Reader(row(list(element), grads, shape), shape).all()


def row(elements: Sequence[ET.Element], grads: Gradients, shape: Sequence[int]) -> list[Part]:
    """Return what stands in a row: signs and names as text, all else as what it comes to."""
    found: list[Part] = []
    rest = list(elements)
    while rest:
        element = rest.pop(0)
        text = "".join(element.itertext())
        match name(element):
            case "mrow" | "mtd":
                found += row(list(element), grads, shape)
            case "mn":
                found.append(number(text))
            case "mi" if text == "π":
                found.append(number(str(math.pi)))
            case "mi" | "msub" if text.startswith("g"):
                found.append(gradient(text, rest, grads))
            case "mo" | "mi" | "mspace":
                found += [] if text in {"", APPLIED} else [text]
            case "mtable":
                lines = [
                    torch.stack([built(cell, grads, shape) for cell in line]) for line in element
                ]
                found.append(torch.stack(lines))
            case _:
                found.append(composed(element, grads, shape))
    return found


def gradient(text: str, rest: list[ET.Element], grads: Gradients) -> torch.Tensor:
    """Return the gradient, or its entry, that a letter and the place after it mean; take the place away."""
    place: list[int] = []
    if rest and rest[0].text == "[":
        end = next(k for k, part in enumerate(rest) if part.text == "]")
        place = [int(part.text or "") for part in rest[1:end:2]]
        del rest[: end + 1]
    grad = grads[int(text[1:] or 0)]
    assert grad is not None
    return grad[tuple(place)].to(torch.float64)


def composed(element: ET.Element, grads: Gradients, shape: Sequence[int]) -> torch.Tensor:
    """Return what a fraction, a root or a power comes to."""
    if name(element) == "msup" and element[0].text == "e":
        return built(element[1], grads, shape).exp()
    base = built(element[0], grads, shape)
    match name(element):
        case "mfrac":
            return base / built(element[1], grads, shape)
        case "msqrt":
            return base.sqrt()
        case "msup" if element[1].text == "⊤":
            return base.mT if base.dim() > 1 else base[None]
        case "msup":
            return base ** built(element[1], grads, shape)
    raise AssertionError(f"a formula has <{name(element)}>")


def built(element: ET.Element, grads: Gradients, shape: Sequence[int]) -> torch.Tensor:
    return _Reader(row([element], grads, shape), shape).all()


class _Reader:
    """Reads signs and numbers from left to right, with the usual order of operations."""

    def __init__(self, row: list[Part], shape: Sequence[int]) -> None:
        self.row = row
        self.shape = shape

    def all(self) -> torch.Tensor:
        found = self.sum()
        assert not self.row, self.row
        return found

    def at(self, *signs: str) -> str:
        """Take the next sign if it is one of these."""
        if self.row and isinstance(self.row[0], str) and self.row[0] in signs:
            return str(self.row.pop(0))
        return ""

    def sum(self) -> torch.Tensor:
        found = -self.product() if self.at("−") else self.product()
        while sign := self.at("+", "−"):
            found = found + self.product() if sign == "+" else found - self.product()
        return found

    def product(self) -> torch.Tensor:
        found = self.factor()
        while self.row:
            if sign := self.at("·", "⊙", "/"):
                found = found / self.factor() if sign == "/" else found * self.factor()
            elif isinstance(self.row[0], torch.Tensor):
                right = self.factor()
                column = found.dim() == 1 and right.dim() == 2 and len(right) == 1
                found = (found[:, None] if column else found) @ right
            else:
                break
        return found

    def factor(self) -> torch.Tensor:
        part = self.row.pop(0)
        if isinstance(part, torch.Tensor):
            return part
        if part == "(":
            parts = self.parts()
            return parts[0] if len(parts) == 1 else torch.stack(parts)
        if part == "[":
            return self.bracket()
        if part == "|":
            found = self.sum().abs()
            assert self.at("|")
            return found
        if part == "∑":
            return summed_to(self.product(), self.shape)
        function = _FUNCTIONS[part]
        return function(*self.parts()) if self.at("(") else function(self.factor())

    def parts(self) -> list[torch.Tensor]:
        found = [self.sum()]
        while self.at(","):
            found.append(self.sum())
        assert self.at(")")
        return found

    def bracket(self) -> torch.Tensor:
        """Return a matrix, or 1 where a condition holds and 0 elsewhere."""
        left = self.sum()
        held: list[torch.Tensor] = []
        while sign := self.at(*_COMPARE):
            right = self.sum()
            held.append(_COMPARE[sign](left, right))
            left = right
        assert self.at("]")
        return reduce(torch.logical_and, held).to(torch.float64) if held else left
