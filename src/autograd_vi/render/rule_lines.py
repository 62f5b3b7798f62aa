"""A node's local rule as HTML: its formula in the names of the operands, and the formula with the numbers put in.

The formulas come as MathML from ``rules/formulas.json``; here only single letters in them are replaced. A rule whose
own function gives other numbers than torch did (a hook may change a gradient) is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch

from autograd_vi.render.entry_lines import entry_line
from autograd_vi.render.numbers import SHORT
from autograd_vi.render.numbers_in_formulas import (
    LETTER,
    bracketed,
    inner,
    math,
    number_mathml,
    replaced,
    tensor_mathml,
)
from autograd_vi.render.words import escape, word
from autograd_vi.rules.agreement import agree, largest
from autograd_vi.rules.expressions import LETTERS, names
from autograd_vi.rules.formulas import SUM, mathml, sides
from autograd_vi.rules.rule import Rule, UnknownError, Values
from autograd_vi.rules.saved import Kept, Saved
from autograd_vi.rules.table import LEAF, choose, evaluate

if TYPE_CHECKING:
    from autograd_vi.replay import Recorded, Step

LONG = 16  # a longer name would make a formula hard to read; a leaf's own rule shows it

# What MathML has for the letters' LaTeX.
SYMBOLS = dict(zip(LETTERS, "ξψχρτκω𝟏π∞", strict=True))

_EQUALS = "<mo>=</mo>"


def rule_html(step: Step, saved: Saved | None) -> str:
    """Return the rule that a step's node follows; nothing where no rule is known to be right.

    Args:
        step: the step.
        saved: what its node had saved.
    """
    rule = None if saved is None else choose(step.node.op, saved)
    if saved is None or rule is None:
        return ""
    if rule is LEAF:
        return _leaf_html(step)
    try:
        computed = _computed(rule, saved, step)
        return "" if computed is None else _Told(rule, saved, step).html(computed)
    except UnknownError:  # a number in the formula cannot be told
        return ""


def _computed(rule: Rule, saved: Saved, step: Step) -> list[torch.Tensor | None] | None:
    """Return what the rule gives, as far as its values were kept; None if torch sent something else."""
    grads = step.grad_outputs
    if any(grad is not None and (grad.tensor is None or "float8" in grad.dtype) for grad in grads):
        return [None] * len(
            saved.operands
        )  # too large to compare, or of a dtype that computes nothing
    if grads[0] is None and not (rule.parts and any(grads)):
        return None
    entered = [None if grad is None else grad.tensor for grad in grads]
    found = evaluate(rule, saved, entered)
    most = max(largest(grad) for grad in entered if grad is not None)
    sent = zip(found, step.grad_inputs, strict=False)
    same = [_agree(here, there, most) for here, there in sent]
    return found if all(same) else None


def _agree(computed: torch.Tensor | None, sent: Recorded | None, entered: float) -> bool:
    """Whether the rule gives what torch sent, as far as both are known."""
    if computed is None or (sent is not None and sent.tensor is None):
        return True
    if sent is None or sent.tensor is None:
        return False  # torch sent nothing
    return agree(computed, sent.tensor, entered)


@dataclass(frozen=True)
class _Told:
    """A rule in the words of one step: what its letters stand for."""

    rule: Rule
    saved: Saved
    step: Step

    def html(self, computed: list[torch.Tensor | None]) -> str:
        rule = self.rule
        tracked = [i for i, operand in enumerate(self.saved.operands) if operand is not None]
        slots = tracked[:1] if rule.many else tracked
        forward = replaced(mathml(rule.forward), self.shown, scalar=self.scalar)
        backward = ", ".join(
            math(
                self.left(slot), _EQUALS, replaced(self.right(slot), self.shown, scalar=self.scalar)
            )
            for slot in slots
        )
        known = [slot for slot in slots if computed[slot] is not None]
        lines = [self.line(slot) for slot in known]
        if len(lines) == len(slots) and all(lines):
            parts = [word("step.rule_follows", "p", ' class="av-rule"', forward=forward), *lines]
        else:
            told = word("step.rule", "p", ' class="av-rule"', forward=forward, backward=backward)
            each = zip(known, lines, strict=True)
            parts = [told, *[line or self.entry(slot) for slot, line in each]]
        if any(map(self.repeated, slots)):
            parts.append(word("rule.broadcast", "p", ' class="av-note"'))
        if rule.filled:
            parts.append(word("rule.filled", "p", ' class="av-note"'))
        if rule.trait is not None:
            parts.append(word("rule.border", "p", ' class="av-note"'))
        return "".join(parts)

    @cached_property
    def scalar(self) -> bool:
        """Whether all that takes part is a single number."""
        sides = [
            operand.shape
            for operand in (*self.saved.operands, *self.saved.results)
            if operand is not None
        ]
        kept = [value.shape for value in self.saved.values.values() if isinstance(value, Kept)]
        return all(shape == () for shape in (*sides, *kept))

    @cached_property
    def values(self) -> dict[str, torch.Tensor]:
        """The small tensors behind the letters."""
        found: dict[str, torch.Tensor] = {}
        for letter, name in self.rule.letters.items():
            kept = self.saved.values.get(name)
            if isinstance(kept, Kept) and kept.value is not None and _is_small(kept.value):
                found[letter] = kept.value
        first, grad = self.saved.operands[0], self.step.grad_outputs[0]
        if first is not None and first.shape is not None:
            ones = torch.ones(()).expand(first.shape)
            found |= {"ones": ones} if _is_small(ones) else {}
        if grad is not None and grad.tensor is not None and _is_small(grad.tensor):
            found["g"] = grad.tensor
        return found

    @cached_property
    def numbers(self) -> dict[str, str]:
        """The letters that stand for one number in the formula, as markup."""
        values = Values(self.saved)
        return {n: number_mathml(self.rule.number(n, values)) for n in self.rule.numbers}

    @cached_property
    def shown(self) -> dict[str, str]:
        """Markup for the letters in the formula: an operand's name, or its number if it is a constant."""
        taken = {
            letter for formula in self.rule.formulas for letter in LETTER.findall(mathml(formula))
        }
        found = dict(self.numbers)
        for letter, symbol in SYMBOLS.items():
            name = self.name(letter)
            if name and len(name) <= LONG and name not in taken:
                found[symbol] = f"<mi>{escape(name)}</mi>"
            elif self.constant(letter) and self.values[letter].dim() == 0:
                found[symbol] = tensor_mathml(self.values[letter])
        return found

    @cached_property
    def put_in(self) -> dict[str, str]:
        """Markup for the letters where numbers are put in."""
        colours = {"g": "av-g"}
        return self.numbers | {
            SYMBOLS.get(letter, letter): tensor_mathml(value, colours.get(letter, ""))
            for letter, value in self.values.items()
        }

    def slot(self, letter: str) -> int | None:
        """Return which input a letter stands for."""
        slots = self.rule.slots
        slot = slots.index(letter) if letter in slots and not self.rule.many else None
        return slot if slot is not None and slot < len(self.saved.operands) else None

    def name(self, letter: str) -> str:
        """Return the name of what a letter stands for, or the empty string."""
        if letter == "r":
            return self.saved.results[0].name if len(self.saved.results) == 1 else ""
        slot = self.slot(letter)
        operand = None if slot is None else self.saved.operands[slot]
        kept = self.saved.values.get(self.rule.letters.get(letter, ""))
        return (operand.name if operand else "") or (kept.name if isinstance(kept, Kept) else "")

    def constant(self, letter: str) -> bool:
        """Whether a letter stands for an input that nothing tracks, of which the value is known."""
        slot = self.slot(letter)
        return letter in self.values and slot is not None and self.saved.operands[slot] is None

    def repeated(self, slot: int) -> bool:
        """Whether an input was repeated (broadcast), so that its gradient is a sum."""
        operand, grad = self.saved.operands[slot], self.step.grad_outputs[0]
        if operand is None or grad is None:
            return False
        return self.rule.repeats(slot) and operand.shape != grad.shape

    def left(self, slot: int) -> str:
        """Return the inside of the left side of what leaves towards an input."""
        return replaced(inner(mathml(sides(self.rule, slot)[0])), self.shown, scalar=self.scalar)

    def right(self, slot: int) -> str:
        """Return the inside of the right side, in the rule's own letters."""
        right = inner(mathml(sides(self.rule, slot)[1]))
        if not self.repeated(slot):
            return right
        return inner(mathml(SUM)) + (bracketed(right) if "<mo" in right else right)

    def line(self, slot: int) -> str:
        """Return the line with the numbers put in; nothing if one of them is missing or too long."""
        sent = self.step.grad_inputs[slot]
        expression = self.rule.formula(slot).expression
        if not expression or sent is None or sent.tensor is None or not _is_small(sent.tensor):
            return ""
        needed = {SYMBOLS.get(name, name) for name in names(expression)} - {"π"}
        if not needed <= set(self.put_in):
            return ""
        right = self.right(slot)
        formula = replaced(right, self.shown | {"g": '<mi class="av-g">g</mi>'}, scalar=self.scalar)
        parts = [math(self.left(slot), _EQUALS, formula)]
        if expression != "g" or self.repeated(slot):
            put_in = replaced(right, self.put_in, scalar=self.scalar, numeric=True)
            parts.append(math(_EQUALS, put_in))
        parts.append(math(_EQUALS, tensor_mathml(sent.tensor, "av-g", alone=True)))
        return f'<div class="av-numbers">{" ".join(parts)}</div>'

    def entry(self, slot: int) -> str:
        """Return the line of one entry; nothing if there is none to show."""
        letter = "a" if self.rule.many else self.rule.slots[slot]
        operand = self.shown.get(SYMBOLS[letter], f"<mi>{SYMBOLS[letter]}</mi>")
        return entry_line(self.rule, self.saved, self.step, slot, operand)


def _is_small(tensor: torch.Tensor) -> bool:
    return tensor.numel() <= SHORT and tensor.dim() <= 2


def _leaf_html(step: Step) -> str:
    """Return a leaf's rule in its own name, and the sum with the numbers put in."""
    letters = {"ξ": f"<mi>{escape(step.node.name)}</mi>"} if step.node.name else {}
    left, right = (inner(mathml(side)) for side in sides(LEAF, 0))
    formula = math(left, "<mo>←</mo>", right)
    backward = replaced(formula, letters, scalar=False)
    rule = word("step.rule_leaf", "p", ' class="av-rule"', backward=backward)
    before, entered, after = step.grad_before, step.grad_outputs[0], step.grad_after
    known = [gradient.tensor for gradient in (before, entered, after) if gradient is not None]
    if entered is None or after is None or not all(t is not None and _is_small(t) for t in known):
        return rule
    start = "<mtext>None</mtext>" if before is None else tensor_mathml(known[0])  # type: ignore[arg-type]  # all are known
    added = math(start, "<mo>+</mo>", tensor_mathml(entered.tensor, "av-g"))  # type: ignore[arg-type]  # all are known
    total = math("<mo>→</mo>", tensor_mathml(after.tensor, "av-kept", alone=True))  # type: ignore[arg-type]  # all are known
    return f'{rule}<div class="av-numbers">{added} {total}</div>'
