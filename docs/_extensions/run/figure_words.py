"""Keep the words in a figure as text, which every language can say its own way; all else in it is drawn as outlines.

matplotlib writes the texts of an SVG either all as outlines or all as text. Formulas need the first, because nobody has
their fonts; words need the second. So a figure is written both ways, and its words are taken from the second. What is
in a monospaced face is code, and so the same in every language; a number and a formula are no words either.
"""

from __future__ import annotations

import html
import re

FACE = "system-ui, sans-serif"
"""The face that words are set in: that of the reader's device."""
WORD = "word"
"""The class of a word in a figure."""

_GROUP = re.compile(
    r'^(?P<indent> *)<g id="text_\d+">\n.*?^(?P=indent)</g>\n', re.DOTALL | re.MULTILINE
)
_TEXT = re.compile(r'<text style="(?P<style>[^"]*)"(?P<place>[^>]*)>(?P<text>[^<]*)</text>')
_FAMILY = re.compile(r"font-family: ([^;]*);? ?")
_GLYPH = re.compile(r'<path id="(?P<name>[^"]+)"[^>]*/>\n?')
_USE = re.compile(r'xlink:href="#([^"]+)"')
_COMMENT = re.compile(r"<!-- (.*?) -->", re.DOTALL)
_FORMULA = re.compile(r"\$[^$]*\$")
_LETTERS = re.compile(r"[^\W\d_]{2,}")  # one alone is a name, or the e of 1e−5
_STYLE_END = "</style>"


def _refuse_mixture(group: str) -> None:
    """Refuse words beside a formula, which no catalogue could translate."""
    comment = _COMMENT.search(group)
    text = html.unescape(comment[1]) if comment else ""
    if "$" in text and _LETTERS.search(_FORMULA.sub("", text)):
        raise ValueError(
            f"the label {text!r} of a figure mixes words and a formula. Words are translated, formulas are not: write "
            "the formula's letters in Unicode, such as 'loss ℓ', or make it two labels"
        )


def _word_in(group: str) -> re.Match[str] | None:
    """Return the one word, or words, that a text of a figure consists of; None for code, a number or a formula."""
    texts = list(_TEXT.finditer(group))
    words = [
        found
        for found in texts
        if _LETTERS.search(html.unescape(found["text"]))
        and "monospace" not in _FAMILY.findall(found["style"])[0]
    ]
    if words and len(texts) > 1:
        lines = [html.unescape(found["text"]) for found in texts]
        raise ValueError(
            f"the label {lines!r} of a figure has several lines, which would be translated one by one: write one line"
        )
    return words[0] if words else None


def _as_word(group: str, word: re.Match[str]) -> str:
    style = _FAMILY.sub("", word["style"]).strip()
    text = f'<text class="{WORD}" style="{style}"{word["place"]}>{word["text"]}</text>'
    return group.replace(word[0], text)


def with_words(outlined: str, written: str) -> str:
    """Return a figure with its words as text and everything else as outlines.

    Args:
        outlined: the figure as SVG whose texts are outlines (``svg.fonttype: path``).
        written: the same figure with its texts as text (``svg.fonttype: none``).

    Raises:
        ValueError: a label mixes words with a formula, or has more than one line.
    """
    originals = [found[0] for found in _GROUP.finditer(outlined)]
    copies = [found[0] for found in _GROUP.finditer(written)]
    words = [_word_in(copy) for copy in copies]
    for original in originals:
        _refuse_mixture(original)
    kept = [original for original, word in zip(originals, words, strict=True) if word is None]
    used = {name for group in kept for name in _USE.findall(group)}
    texts = zip(originals, copies, words, strict=True)

    def replaced(_match: re.Match[str]) -> str:
        original, copy, word = next(texts)
        if word is None:
            return original
        # A letter is defined where it first occurs; a formula may use it later.
        glyphs = [found[0] for found in _GLYPH.finditer(original) if found["name"] in used]
        defined = f"<defs>{''.join(glyphs)}</defs>\n" if glyphs else ""
        return defined + _as_word(copy, word)

    whole = _GROUP.sub(replaced, outlined)
    if not any(words):
        return whole
    return whole.replace(_STYLE_END, f".{WORD}{{font-family:{FACE}}}{_STYLE_END}", 1)


def words_of(svg: str) -> list[str]:
    """Return the words in a figure, each once, in their order."""
    found = re.findall(rf'<text class="{WORD}"[^>]*>([^<]*)</text>', svg)
    return list(dict.fromkeys(map(html.unescape, found)))
