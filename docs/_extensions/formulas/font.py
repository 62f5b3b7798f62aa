"""The font of the formulas: two subsets of STIX Two Math that the site serves itself.

``docs/math_characters/`` lists the characters of each. A page with formulas loads the style sheet ``maths.css`` and
fetches the usual font early; other pages load neither. A browser fetches the rare font where a formula needs it. There
is no config value.

``tools/subset_math_font.py`` makes both from the full font (the lists say how).
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.errors import ConfigError

from facts.folders import MATH_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx

FONTS = {
    "usual": "fonts/stix-two-math.woff2",
    "rare": "fonts/stix-two-math-rare.woff2",
}
STYLE_SHEET = "maths.css"

_RANGE = re.compile(r"U\+([0-9A-F]{4,5})(?:\.\.U\+([0-9A-F]{4,5}))?")
# Words inside a formula (\text) are set in the font of the page.
_WORDS = re.compile(r"<mtext[^>]*>.*?</mtext>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def parse_characters(text: str) -> frozenset[str]:
    """Return the characters that a list names, one by one or as ranges of code points.

    Raises:
        ConfigError: a range ends before it starts.

    """
    characters: set[str] = set()
    for line in text.splitlines():
        if line.startswith("# ") or line == "#":
            continue
        for word in line.split():
            if match := _RANGE.fullmatch(word):
                first = int(match[1], 16)
                last = int(match[2] or match[1], 16)
                if last < first:
                    raise ConfigError(f"docs/{MATH_CHARACTERS.name}: {word} ends before it starts")
                characters.update(map(chr, range(first, last + 1)))
            else:
                characters.update(word)
    return frozenset(characters)


@cache
def font_characters(name: str) -> frozenset[str]:
    """Return the characters that one font of the site shows: a key of ``FONTS``. No character stands in two of them."""
    listed = {
        key: parse_characters((MATH_CHARACTERS / f"{key}.txt").read_text(encoding="utf-8"))
        for key in FONTS
    }
    return listed[name] if name == "usual" else listed[name] - listed["usual"]


def all_characters() -> frozenset[str]:
    """Return the characters that the site can show in a formula."""
    return frozenset().union(*map(font_characters, FONTS))


def unicode_range(characters: Iterable[str]) -> str:
    """Return characters as the value of CSS's ``unicode-range``, such as ``U+41-43, U+2061``."""
    ranges: list[list[int]] = []
    for point in sorted(map(ord, characters)):
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return ", ".join(
        f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}" for first, last in ranges
    )


def missing_characters(mathml: str, available: AbstractSet[str] | None = None) -> list[str]:
    """Return the characters of a formula that the font lacks, in order of code points."""
    shown = html.unescape(_TAG.sub("", _WORDS.sub("", mathml)))
    known = all_characters() if available is None else available
    return sorted(set(shown) - known - {"\n", "\t"})


def has_formulas(document: nodes.document) -> bool:
    """Whether a page shows a formula."""
    return any(isinstance(node, nodes.math | nodes.math_block) for node in document.findall())


def on_html_page_context(
    app: Sphinx,
    pagename: str,  # noqa: ARG001  # the event's signature
    templatename: str,  # noqa: ARG001
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Load the style sheet and the font on the pages that show a formula."""
    # Sphinx has a value for the templates that says so, but does not document it; the page itself does not change.
    if doctree is None or not has_formulas(doctree):
        return
    app.add_css_file(STYLE_SHEET)
    if app.builder.name == "epub":
        return
    href = html.escape(context["pathto"](f"_static/{FONTS['usual']}", 1))
    context["metatags"] = (
        context.get("metatags", "")
        + f'<link rel="preload" href="{href}" as="font" type="font/woff2" crossorigin="">\n'
    )
