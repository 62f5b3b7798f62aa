"""How wide a text is, and how a long name is cut into lines."""

from __future__ import annotations

import re
import unicodedata

CHAR = 8  # width of a 13-pixel monospaced letter, rounded up
SMALL = 7.3  # and of a 12-pixel one
LINE = 16  # from one line of a box to the next one
SMALL_LINE = 14  # and of a label
LONGEST = 26  # letters in a line
LINES = 3


def wrap(text: str) -> list[str]:
    """Cut a long name into lines, at capitals, dots and spaces where there are any."""
    if text_width(text) <= LONGEST:
        return [text]
    pieces = re.findall(r"[A-Z]?[^A-Z._\s]*[._\s]*|.", text)
    lines = [""]
    for piece in pieces:
        rest = piece
        if lines[-1] and text_width(lines[-1] + rest) > LONGEST:
            lines.append("")
        while text_width(rest) > LONGEST:
            lines[-1] = rest[:LONGEST]
            rest = rest[LONGEST:]
            lines.append("")
        lines[-1] += rest
    lines = [line for line in lines if line]
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], lines[LINES - 1][: LONGEST - 1] + "…"]
    return lines


def text_width(text: str) -> int:
    """Return the width in letters; East Asian wide letters count twice, marks not at all."""
    if text.isascii() or max(text) < "\u0300":  # no letter before that is wide, or a mark
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
