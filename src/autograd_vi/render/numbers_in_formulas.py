"""Numbers, vectors and matrices as MathML, and formulas in which letters are replaced by them or by names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autograd_vi.render.numbers import number
from autograd_vi.rules.expressions import TIMES

if TYPE_CHECKING:
    import torch

LETTER = re.compile(r"<mi>([^<]+)</mi>")
_SIGN = re.compile(rf"<mo[^>]*>(⊙|{TIMES})</mo>")
# Brackets around a negative number that begins a bracket, an argument or a side of a comparison.
_NEEDLESS = re.compile(
    r"(<mo[^>]*>(?:[\[(,=≤≥]|&lt;|&gt;)</mo>)<mrow><mo[^>]*>\(</mo>(<mn[^>]*>[^<]*</mn>)<mo[^>]*>\)</mo></mrow>"
)
_DOT = "<mo>·</mo>"


def math(*inner: str) -> str:
    """Return a formula with the given inside."""
    return f'<math xmlns="http://www.w3.org/1998/Math/MathML">{"".join(inner)}</math>'


def inner(formula: str) -> str:
    """Return what stands inside of a formula's ``<math>``."""
    return formula[formula.index(">") + 1 : formula.rindex("<")]


def replaced(
    formula: str, letters: Mapping[str, str], *, scalar: bool, numeric: bool = False
) -> str:
    """Return a formula with other letters, and with the signs of multiplication that fit them.

    Args:
        formula: MathML, as math-core writes it.
        letters: markup for the letters that are replaced.
        scalar: whether all operands are single numbers: ⊙ becomes a dot.
        numeric: whether numbers stand in the letters' places: what is written side by side gets a dot.
    """

    def sign(match: re.Match[str]) -> str:
        return _DOT if (numeric if match[1] == TIMES else scalar) else match[0]

    found = LETTER.sub(lambda match: letters.get(match[1], match[0]), formula)
    return _SIGN.sub(sign, without_needless_brackets(found))


def without_needless_brackets(formula: str) -> str:
    """Return a formula without brackets around a number before which nothing stands."""
    return _NEEDLESS.sub(r"\1\2", formula)


def bracketed(formula: str) -> str:
    """Return the inside of a formula in round brackets."""
    return f'<mrow><mo stretchy="false">(</mo>{formula}<mo stretchy="false">)</mo></mrow>'


def number_mathml(value: complex, kind: str = "", *, alone: bool = False) -> str:
    """Return a number; a negative one in brackets unless it stands alone.

    Args:
        value: the number.
        kind: a class of the style sheet.
        alone: whether nothing stands before it that its sign could be mistaken for.
    """
    text = number(value).replace("-", "\N{MINUS SIGN}").replace("inf", "∞")
    attribute = f' class="{kind}"' if kind else ""
    shown = f"<mn{attribute}>{text}</mn>"
    return shown if alone or not text.startswith("\N{MINUS SIGN}") else bracketed(shown)


def tensor_mathml(tensor: torch.Tensor, kind: str = "", *, alone: bool = False) -> str:
    """Return a number, a vector or a matrix; arguments as for ``number_mathml``."""
    if tensor.dim() == 0:
        return number_mathml(tensor.item(), kind, alone=alone)
    attribute = f' class="{kind}"' if kind else ""
    if tensor.dim() == 1:
        items = "<mo>,</mo>".join(number_mathml(value, alone=True) for value in tensor.tolist())
        return f"<mrow{attribute}>{bracketed(items)}</mrow>"
    rows = "".join(
        f"<mtr>{''.join(f'<mtd>{number_mathml(value, alone=True)}</mtd>' for value in row)}</mtr>"
        for row in tensor.tolist()
    )
    return f"<mrow{attribute}><mo>[</mo><mtable>{rows}</mtable><mo>]</mo></mrow>"


def place_mathml(place: Sequence[int]) -> str:
    """Return where an entry stands, as a program writes it; nothing for a tensor that is one number."""
    if not place:
        return ""
    numbers = "<mo>,</mo>".join(f"<mn>{at}</mn>" for at in place)
    return f'<mo stretchy="false">[</mo>{numbers}<mo stretchy="false">]</mo>'
