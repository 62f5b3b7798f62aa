"""Make the site's font of formulas from the full font: the part that ``docs/math_characters.txt`` asks for.

``python tools/subset_math_font.py FULL-FONT`` in the environment that ``make`` prepares; the list says where the full
font comes from.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]  # it ships no types
from sphinx.errors import ConfigError

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

from _extensions.formulas.font import FONT, font_characters
from facts.folders import DOCS, MATH_CHARACTERS_FILE


def subset_font(source: Path, target: Path) -> None:
    """Write the part of the font ``source`` that the list asks for, as WOFF2, to ``target``.

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
    absent = sorted(c for c in font_characters() if ord(c) not in font.getBestCmap())
    absent = [c for c in absent if c != "\ufe00"]  # it selects a variant and has no shape itself
    if absent or "MATH" not in font:
        names = ", ".join(f"U+{ord(c):04X}" for c in absent) or "the table MATH"
        raise ConfigError(
            f"{source} lacks {names}; take it out of docs/{MATH_CHARACTERS_FILE.name}"
        )
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(font_characters())))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(
            f"usage: python tools/subset_math_font.py FULL-FONT  (see docs/{MATH_CHARACTERS_FILE.name})"
        )
    subset_font(Path(sys.argv[1]), DOCS / "_static" / FONT)
