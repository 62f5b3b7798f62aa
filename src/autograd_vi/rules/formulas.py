"""The rules' formulas: their LaTeX, and their MathML as ``formulas.json`` keeps it.

So the package needs no converter: ``tools/convert_rule_formulas.py`` makes the file with that of the site.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from autograd_vi.rules.expressions import LETTERS
from autograd_vi.rules.rule import Rule
from autograd_vi.rules.table import LEAF, RULES

SUM = r"\textstyle\sum"  # over the axes along which an operand was repeated (broadcast)

_ACCUMULATED = rf"{LETTERS['a']}.\mathrm{{grad}}"


def left_side(letter: str, index: str = "") -> str:
    """Return LaTeX of the left side of what leaves: g with the operand below it."""
    operand = LETTERS[letter] if letter else ""
    if index == "vec":
        return rf"\operatorname{{vec}} g_{{{operand}}}"
    return rf"g_{{{operand}_{{{index}}}}}" if index else rf"g_{{{operand}}}"


def sides(rule: Rule, slot: int) -> tuple[str, str]:
    """Return LaTeX of the left and of the right side of what leaves towards an input."""
    if rule is LEAF:
        return _ACCUMULATED, rule.leaving[0].latex
    leaving = rule.formula(slot)
    return left_side("a" if rule.many else rule.slots[slot], leaving.index), leaving.latex


def formulas() -> list[str]:
    """Return LaTeX of all that is shown of the rules, each once, in order."""
    found = [SUM, *[formula for rule in RULES for formula in rule.formulas]]
    found += [
        sides(rule, slot)[0]
        for rule in RULES
        for slot, leaving in enumerate(rule.leaving)
        if leaving.latex
    ]
    return list(dict.fromkeys(found))


def mathml(latex: str) -> str:
    """Return the MathML of one of ``formulas``."""
    return _converted()[latex]


@cache
def _converted() -> dict[str, str]:
    text = files("autograd_vi.rules").joinpath("formulas.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found
