"""One entry of what leaves a node, as a line: ``g`` of ``x[0, 2]``, the numbers that took part, and what comes of them.

It is the entry with the largest gradient. A line that would not hold, also with the rounded numbers that it shows, is
left out.
"""

from __future__ import annotations

import math as mathematics
from typing import TYPE_CHECKING

import torch

from autograd_vi.render.numbers import SHORT, number
from autograd_vi.render.numbers_in_formulas import (
    bracketed,
    math,
    number_mathml,
    place_mathml,
    without_needless_brackets,
)
from autograd_vi.rules.agreement import agree, largest
from autograd_vi.rules.entries import Entry, terms
from autograd_vi.rules.rule import Rule, UnknownError, Values
from autograd_vi.rules.saved import Saved
from autograd_vi.rules.table import leaves
from autograd_vi.rules.terms import Number, Operation, Place, Term

if TYPE_CHECKING:
    from autograd_vi.replay import Step
    from autograd_vi.rules.entries import Gradients

WRITTEN_OUT = 6  # numbers in a part of a line; a longer part is shown as what it comes to
LETTERS_OUT = 3  # gradients that are shown as letters too, before their numbers
NEAR = 0.01  # how far what the shown digits give may be from the result, in parts of it

_ADD, _MULTIPLY, _POWER, _ATOM = range(4)  # how strongly a part holds together
_STRENGTH = {"+": _ADD, "-": _ADD, "negative": _ADD, "·": _MULTIPLY, "/": _MULTIPLY}
# What a sign asks of its first term and of the others, and how it is written.
_BESIDE = {
    "+": (_ADD, _MULTIPLY, "+"),
    "-": (_ADD, _MULTIPLY, "−"),
    "·": (_MULTIPLY, _MULTIPLY, "·"),
    "/": (_MULTIPLY, _POWER, "/"),
}
_EQUALS = "<mo>=</mo>"


def entry_line(rule: Rule, saved: Saved, step: Step, slot: int, operand: str) -> str:
    """Return the line of one entry of what leaves towards an input; nothing where there is none to show.

    Args:
        rule: the rule that the step's node follows.
        saved: what the node had saved.
        step: the step.
        slot: which input.
        operand: the input's name or letter, as MathML.
    """
    leaving, sent = rule.formula(slot), step.grad_inputs[slot]
    if leaving.latex in {"", "0", "g"} or (leaving.expression and leaving.entry is None):
        return ""
    if sent is None or sent.tensor is None or not sent.tensor.numel():
        return ""
    grads = tuple(None if grad is None else grad.tensor for grad in step.grad_outputs)
    place = _of_largest(sent.tensor)
    values = Values(saved)
    try:
        entry = Entry(values, slot, place, grads, lambda g: _left(rule, saved, slot, g, values))
        term = (leaving.entry or terms)(entry)
    except UnknownError:
        return ""
    entered = max(largest(grad) for grad in grads if grad is not None)
    if not _holds(term, sent.tensor[place], entered, largest(sent.tensor)):
        return ""
    return _line(place, operand, term, sent.tensor[place].item())


def _left(rule: Rule, saved: Saved, slot: int, grads: Gradients, values: Values) -> torch.Tensor:
    left = leaves(rule, saved, slot, grads, values)
    if left is None:
        raise UnknownError(f"what leaves towards input {slot}")
    return left


def _of_largest(tensor: torch.Tensor) -> Place:
    """Return the place of the largest entry without its sign; of almost equal ones, the first.

    So rounding, which differs from device to device, does not choose. NaN is chosen where there is nothing else.
    """
    sizes = tensor.abs().to(torch.float64).nan_to_num(nan=-1.0, posinf=mathematics.inf)
    limit = sizes.max() * (1 - 1e-3) if float(sizes.max()) > 0 else sizes.max()
    return tuple((sizes >= limit).nonzero()[0].tolist())


def _holds(term: Term, sent: torch.Tensor, entered: float, scale: float) -> bool:
    computed = torch.tensor(term.value(), dtype=torch.float64, device="cpu")
    return agree(computed, sent, entered, scale)


def _line(place: Place, operand: str, term: Term, value: float) -> str:
    shown = _shortened(term)
    exact = number(term.value()) == number(value)
    if not exact and not _near(term.value(), value):
        return ""
    if not _near(shown.value(lambda leaf: float(number(leaf.number))), value):
        return ""
    left = f"<msub><mi>g</mi><mrow>{operand}{place_mathml(place)}</mrow></msub>"
    sides = [left]
    gradients = [leaf for leaf in shown.leaves() if leaf.place is not None]
    few = _count(shown) <= SHORT and len(gradients) <= LETTERS_OUT
    if gradients and few and shown == term:
        sides.append(_side(shown, letters=True))
    if isinstance(shown, Operation):
        sides.append(_side(shown, letters=False))
    sides.append(number_mathml(value, "av-g", alone=True))
    first, *others = sides
    written = [math(first, _EQUALS, others[0]), *[math(_EQUALS, side) for side in others[1:]]]
    return f'<div class="av-numbers">{" ".join(map(without_needless_brackets, written))}</div>'


def _near(shown: float, value: float) -> bool:
    if mathematics.isfinite(shown) and mathematics.isfinite(value):
        return abs(shown - value) <= NEAR * abs(value)
    return number(shown) == number(value)


def _count(term: Term) -> int:
    return sum(1 for _ in term.leaves())


def _shortened(term: Term, *, outermost: bool = True) -> Term:
    """Return a term in which each long sum or product is replaced by the number that it comes to.

    One that is the whole term stays, to be written with its beginning and its end.
    """
    if not isinstance(term, Operation):
        return term
    long = term.sign in {"+", "·"} and _count(term) > WRITTEN_OUT
    if long and not outermost:
        return Number(term.value())
    inside = outermost and term.sign == "negative"
    parts = tuple(_shortened(part, outermost=inside) for part in term.parts)
    return Operation(term.sign, parts)


def _side(term: Term, *, letters: bool) -> str:
    if isinstance(term, Operation) and term.sign == "+" and _count(term) > WRITTEN_OUT:
        first, second, *_, last = [_within(part, _MULTIPLY, letters) for part in term.parts]
        return "<mo>+</mo>".join((first, second, "<mo>…</mo>", last))
    return _written(term, letters)[0]


def _written(term: Term, letters: bool) -> tuple[str, int]:
    """Return a term as MathML, and how strongly it holds together."""
    if not isinstance(term, Operation):
        return _leaf(term, letters), _ATOM
    strength = _STRENGTH.get(term.sign, _POWER)
    if term.sign in _BESIDE:
        first, other, sign = _BESIDE[term.sign]
        parts = [_within(part, other if k else first, letters) for k, part in enumerate(term.parts)]
        return f"<mo>{sign}</mo>".join(parts), strength
    if term.sign == "negative":
        return f"<mo>−</mo>{_within(term.parts[0], _MULTIPLY, letters)}", strength
    return _called(term, letters), strength


def _called(term: Operation, letters: bool) -> str:
    """Return a power or a function of terms."""
    if term.sign == "^":
        base = _within(term.parts[0], _ATOM, letters)
        return f"<msup><mrow>{base}</mrow><mrow>{_exponent(term.parts[1], letters)}</mrow></msup>"
    if term.sign == "exp":
        return f"<msup><mi>e</mi><mrow>{_exponent(term.parts[0], letters)}</mrow></msup>"
    inside = "<mo>,</mo>".join(_written(part, letters)[0] for part in term.parts)
    return f"<mi>{term.sign}</mi>{bracketed(inside)}"


def _exponent(term: Term, letters: bool) -> str:
    if isinstance(term, Number) and term.place is None:
        return number_mathml(term.number, alone=True)
    return _written(term, letters)[0]


def _within(term: Term, least: int, letters: bool) -> str:
    written, strength = _written(term, letters)
    return written if strength >= least else bracketed(written)


def _leaf(leaf: Term, letters: bool) -> str:
    assert isinstance(leaf, Number)  # noqa: S101 (there is no third kind of term)
    if leaf.place is None:
        return number_mathml(leaf.number)
    if not letters:
        return number_mathml(leaf.number, "av-g")
    g = '<mi class="av-g">g</mi>'
    return (g if leaf.part is None else f"<msub>{g}<mn>{leaf.part}</mn></msub>") + place_mathml(
        leaf.place
    )
