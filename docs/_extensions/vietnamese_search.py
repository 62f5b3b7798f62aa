"""Search in Vietnamese, with and without marks.

A Vietnamese word is written as one or more syllables with spaces between them, and many readers type
without marks. So the terms of the index are syllables and pairs of neighbouring syllables, without
marks, in lower case; there are no stop words. ``vietnamese_search.js`` makes the same terms of a
query. There is no config value: pages whose ``language`` is ``vi`` are indexed this way.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.search import SearchLanguage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[0-9]+")
# What may stand between two syllables of a pair: a sentence or an expression does not run on.
_GAP = re.compile(r"[\s\-‐-―'\"‘’“”`]*")


def fold(text: str) -> str:
    """Return ``text`` in lower case without marks; đ becomes d."""
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", re.sub("[đĐ]", "d", bare).lower())


def search_terms(text: str) -> list[str]:
    """Return the syllables of ``text`` and the pairs of neighbours, folded, in reading order.

    A name with underscores is a term as a whole and in its parts. Numbers are no terms.
    """
    folded = fold(text)
    terms: list[str] = []
    previous: str | None = None
    end = 0
    for match in _WORD.finditer(folded):
        if not _GAP.fullmatch(folded, end, match.start()):
            previous = None
        end = match.end()
        parts = [part for part in match[0].split("_") if part]
        if parts and parts[0] != match[0]:
            terms.append(match[0])
        for part in parts:
            if _NUMBER.fullmatch(part):
                previous = None
                continue
            terms.append(part)
            if previous is not None:
                terms.append(f"{previous} {part}")
            previous = part
    return terms


class VietnameseSearch(SearchLanguage):
    """How Sphinx indexes pages in Vietnamese, and how it reads a query."""

    lang = "vi"
    language_name = "Vietnamese"
    # One file holds both; Sphinx asks for the stemmer and for the splitter.
    js_stemmer_code = (Path(__file__).with_suffix(".js")).read_text(encoding="utf-8")

    def split(self, input: str) -> list[str]:  # noqa: A002  # Sphinx's name
        """Return the terms of a text."""
        return search_terms(input)

    def stem(self, word: str) -> str:
        """Return a term as it stands in the index; keywords of a page reach it unsplit."""
        return fold(word)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the language."""
    app.setup_extension("_extensions.search_ranking")
    app.add_search_language(VietnameseSearch)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
