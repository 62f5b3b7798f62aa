"""The terms of Vietnamese pages and of Vietnamese queries.

A term is one syllable. Its tone stands behind it, as in VIQR (đạo is ``đao.``), so that ``xóa`` and
``xoá`` are one term. The script of the search page compares terms with marks and without: a reader who types
marks means them, one who types none means any. ``vietnamese.js`` makes the same terms of a
query. There are no stop words and no config value: pages whose ``language`` is ``vi`` are indexed this way.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from sphinx.search import SearchLanguage

TONES = {"\u0301": "'", "\u0300": "`", "\u0309": "?", "\u0303": "~", "\u0323": "."}


def syllable(word: str) -> str:
    """Return ``word`` in lower case with its tone behind it: ``Đạo`` gives ``đao.``."""
    letters = tone = ""
    for character in unicodedata.normalize("NFD", word.lower()):
        if character in TONES:
            tone = TONES[character]
        else:
            letters += character
    return unicodedata.normalize("NFC", letters) + tone


class VietnameseSearch(SearchLanguage):
    """How pages in Vietnamese are indexed, and how a query is read."""

    lang = "vi"
    language_name = "Vietnamese"
    js_stemmer_code = (Path(__file__).with_suffix(".js")).read_text(encoding="utf-8")

    def stem(self, word: str) -> str:
        """Return the term of a word."""
        return syllable(word)
