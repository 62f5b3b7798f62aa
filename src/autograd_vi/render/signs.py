"""The signs of operations: what mathematics writes for them. Behind them nodes keep the names that torch gives them.

A new sign needs an entry of the table ``SIGNS`` here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from autograd_vi.render.lettering import CHAR, text_width

_NODE = re.compile(r"([A-Za-z]+?)Backward\d*")

# By what the gradient function is called without ``Backward`` and the number of its overload.
SIGNS = {
    "Add": "+",
    "Sub": "−",
    "Rsub": "−",
    "Neg": "−",
    "Mul": "×",
    "Div": "÷",
    "Pow": "xⁿ",
    "Sqrt": "√",
    "Exp": "eˣ",
    "Log": "ln",
    "Abs": "|x|",
    "Sigmoid": "σ",
    "Sum": "Σ",
    "Prod": "∏",
    "Mm": "@",
    "Bmm": "@",
    "Mv": "@",
    "Dot": "@",
    "Addmm": "@+",
    "Baddbmm": "@+",
    "T": "xᵀ",
    "Transpose": "xᵀ",
}


@lru_cache(maxsize=1024)  # a network has few different operations
def sign_of(op: str) -> str:
    """Return the sign of an operation by its node's name, as in ``MulBackward0``; empty for one without."""
    found = _NODE.fullmatch(op)
    return SIGNS.get(found[1], "") if found else ""


def widening(sign: str) -> int:
    """Return by how much a sign widens a box, in pixels. For the rest it takes of the margin around the name."""
    return 5 * len(sign)


def places(sign: str, name: str, middle: int) -> tuple[int, int]:
    """Return the middle of a sign and that of the name behind it, in a box around ``middle``."""
    name_middle = middle + 9 * len(sign) // 2
    start = name_middle - text_width(name) * CHAR // 2
    return start - 4 - 7 * len(sign) // 2, name_middle
