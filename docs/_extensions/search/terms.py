"""The terms of a text, in every language; ``terms.js`` makes the same of a query.

A word gives the stem that the language's own search class makes of it. A name from code, such as
``requires_grad`` or ``AddBackward0``, is a term as a whole, and its parts are words of less weight. Two
words that stand together are a term too: a phrase says more than its words, and a Vietnamese word is mostly
two syllables.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.search import SearchLanguage

# What may stand between two words of a phrase: a sentence or an expression does not run on.
_BREAK = re.compile(r"[^\w\s\-‐-―'\"‘’“”`]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_NAME = re.compile(r"(?=.*[A-Za-z])(?=.*(?:_|[a-z0-9][A-Z]))[A-Za-z0-9_]+")
PART = 0.5
"""What a part of a name counts, against a word."""


class Found(NamedTuple):
    """A term in a text."""

    term: str
    weight: float
    phrase: bool = False


def parts(word: str) -> list[str]:
    """Return the words in a name from code; empty if ``word`` is no such name or has one part."""
    if not _NAME.fullmatch(word):
        return []
    return [part for part in _PARTS.findall(word) if len(part) > 1]


def terms(text: str, language: SearchLanguage) -> Iterator[Found]:
    """Yield the terms of ``text`` in reading order."""

    def kept(word: str) -> bool:
        return language.word_filter(word) and any(
            unicodedata.category(character)[0] != "N" for character in word
        )

    def term(word: str) -> str:
        lower = word.lower()
        stem = language.stem(lower)
        return stem if kept(lower) and kept(stem) else ""

    for run in _BREAK.split(unicodedata.normalize("NFC", text)):
        before = ""
        for word in language.split(run):
            name = _NAME.fullmatch(word)
            whole = word.lower() if name else term(word)
            if whole:
                yield Found(whole, 1)
                if before:
                    yield Found(f"{before} {whole}", 1, phrase=True)
            for part in parts(word):
                if folded := term(part):
                    yield Found(folded, PART)
            before = whole
