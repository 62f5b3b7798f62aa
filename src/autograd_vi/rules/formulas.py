"""The rules' formulas as MathML, made once by math-core and kept in ``formulas.json``.

So the package needs no converter. After a change of a rule:

    python -m autograd_vi.rules

writes the file again (math-core is among the ``docs`` extra), and a test compares the two.
"""

from __future__ import annotations

import json
import re
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path

from autograd_vi.rules.expressions import LETTERS, TIMES
from autograd_vi.rules.rule import Rule
from autograd_vi.rules.table import LEAF, RULES

_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\w+);)\w+;")
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
        sides(rule, slot)[0] for rule in RULES for slot, one in enumerate(rule.leaving) if one.latex
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


def convert() -> dict[str, str]:
    """Convert all formulas by math-core.

    Raises:
        ImportError: if math-core is not installed.
    """
    from math_core import LatexToMathML  # noqa: PLC0415 (needed to write the file only)

    converter = LatexToMathML(xml_namespace=True)
    return {
        f: _as_xml(converter.convert_with_local_state(f, displaystyle=False)) for f in formulas()
    }


def _as_xml(mathml: str) -> str:
    """Return MathML that XML can hold: entities such as &nbsp; are none of XML's; &lt; and its like must stay."""
    plain = _ENTITY.sub(lambda found: unescape(found[0]), mathml)
    return plain.replace(f"<mi>{TIMES}</mi>", f"<mo>{TIMES}</mo>")


def write() -> None:
    """Write ``formulas.json`` anew."""
    text = json.dumps(convert(), ensure_ascii=False, indent=1) + "\n"
    Path(__file__).with_name("formulas.json").write_text(text, encoding="utf-8")
