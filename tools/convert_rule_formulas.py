"""Make the MathML of the package's rules anew: ``python tools/convert_rule_formulas.py``.

It writes ``src/autograd_vi/rules/formulas.json`` with the converter of the site, in the environment that ``make``
prepares. So a rule's formula looks as on the pages, and one that the site's font cannot show is refused.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "docs"))

from _extensions.formulas.mathml import MATHML, FormulaError, convert
from autograd_vi.rules.expressions import TIMES
from autograd_vi.rules.formulas import formulas

FILE = ROOT / "src" / "autograd_vi" / "rules" / "formulas.json"


def rule_mathml(latex: str) -> str:
    """Return a rule's formula as XML, for a line of text.

    Raises:
        FormulaError: the formula does not convert, or the site's font lacks a character of it.

    """
    try:
        mathml = convert(latex, display=False)
    except FormulaError as error:
        raise FormulaError(f"{latex}: {error}") from error
    mathml = mathml.replace("<math", f'<math xmlns="{MATHML}"', 1)
    # The package puts a dot in its place where numbers are put in: it is an operator, no letter.
    return mathml.replace(f"<mi>{TIMES}</mi>", f"<mo>{TIMES}</mo>")


def as_json() -> str:
    """Return the text of the file: all formulas of the rules, and the MathML of each."""
    found = {latex: rule_mathml(latex) for latex in formulas()}
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(as_json(), encoding="utf-8")
