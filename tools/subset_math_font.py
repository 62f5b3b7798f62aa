"""Make the site's fonts of formulas from the full font: the parts that ``docs/math_characters/`` asks for.

``python tools/subset_math_font.py FULL-FONT`` in the environment that ``make`` prepares; the lists say where the full
font comes from. The style sheet maths.css is told which characters the rare font serves.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]  # it ships no types
from sphinx.errors import ConfigError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

from _extensions.formulas.font import FONTS, STYLE_SHEET, font_characters, unicode_range
from facts.folders import DOCS, MATH_CHARACTERS


def subset_font(source: Path, characters: frozenset[str], target: Path) -> None:
    """Write the ``characters`` of the font ``source``, as WOFF2, to ``target``.

    Raises:
        ConfigError: the font lacks a listed character or the table of mathematical layout.

    """
    options = subset.Options(
        bidi_closure=False,  # else the mirror images of brackets come in, with all their sizes
        flavor="woff2",
        hinting=False,
        layout_features=[],  # kerning and the like serve running text; the table MATH stays
        name_IDs=[0, 1, 2, 4, 5, 6, 13, 14],
        notdef_outline=True,
    )
    font = subset.load_font(str(source), options)
    absent = sorted(c for c in characters if ord(c) not in font.getBestCmap())
    absent = [c for c in absent if c != "\ufe00"]  # it selects a variant and has no shape itself
    if absent or "MATH" not in font:
        names = ", ".join(f"U+{ord(c):04X}" for c in absent) or "the table MATH"
        raise ConfigError(f"{source} lacks {names}; take it out of docs/{MATH_CHARACTERS.name}")
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters)))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def told_range(style: str, characters: frozenset[str]) -> str:
    """Return a style sheet in which the font with a range serves ``characters``."""
    return re.sub(r"unicode-range: [^;]*;", f"unicode-range: {unicode_range(characters)};", style)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(
            f"usage: python tools/subset_math_font.py FULL-FONT  (see docs/{MATH_CHARACTERS.name})"
        )
    for name, font in FONTS.items():
        subset_font(Path(sys.argv[1]), font_characters(name), DOCS / "_static" / font)
    style_sheet = DOCS / "_static" / STYLE_SHEET
    style = style_sheet.read_text(encoding="utf-8")
    style_sheet.write_text(told_range(style, font_characters("rare")), encoding="utf-8")
