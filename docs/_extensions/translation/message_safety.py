"""What a translation must not bring with it: anything that makes the build read a file or run code.

Sphinx parses a translation with the whole syntax of the page's file, before it looks whether the result is the text
that it expects. A directive in it is carried out then: ``.. include::`` shows a file of this machine, ``automodule``
imports a module. So such a translation is refused before anything is parsed. What a translation may do to a reader's
browser is looked for in the pages themselves (:mod:`_extensions.translation.foreign_parts`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

_BLOCKS = {
    "a directive": re.compile(r"(?:^|(?<=\s))\.\.\s[^\n]*?::|[`~:]{3,}\s*\{", re.MULTILINE),
    "a block of settings": re.compile(r"\A\s*---\s*$", re.MULTILINE),
}
# reST takes a role before its text and after it.
_ROLE = re.compile(r":([\w.+:-]+):`|`:([\w.+:-]+):|\{([^{}\s`]+)\}`")


def roles(message: str) -> set[str]:
    """Return the names of the roles that a message could call, in either syntax."""
    return {name for found in _ROLE.findall(message) for name in found if name}


def dangers(source: str, translation: str) -> Iterator[str]:
    """Yield in words what ``translation`` would make the build do that ``source`` does not."""
    for what, pattern in _BLOCKS.items():
        if len(pattern.findall(translation)) > len(pattern.findall(source)):
            yield f"holds {what}, which the English does not"
    for name in sorted(roles(translation) - roles(source)):
        yield f"calls the role “{name}”, which the English does not"


_BREAKING = '<>"&`'


def breaking_characters(sources: list[str], translation: str) -> list[str]:
    """Return the characters of a word of the interface that could end the attribute or the tag it is put into.

    Templates write these words as they are; so a translation has no more of them than the English.

    Args:
        sources: the English, and its plural if it has one.
        translation: one translation of it.
    """
    counted = Counter(translation)
    return [mark for mark in _BREAKING if counted[mark] > max(text.count(mark) for text in sources)]
