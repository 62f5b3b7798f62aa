"""Check one gettext catalogue without building anything.

Pure functions: a catalogue's entries and the glossary in, problems with their lines out.
A translator silences the glossary for one message, with a reason, by a comment above it in the
catalogue that begins with ``# glossary:`` and names the term, such as
``# glossary: view - the verb, not a tensor's view``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import polib

from _extensions.translation.message_markup import markup_differences, read_markup
from _extensions.translation.message_safety import breaking_characters, dangers
from facts.glossary import Glossary, Term

UNSAFE = "unsafe"
"""The kind of a problem that must stop the build before it parses the translation."""

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\$\{\w+\}|</?[a-zA-Z][^<>]*>")
_STRAY_PERCENT = re.compile(r"%(?!%|[sd]|\(\w+\)[sd])(?<!%%)")
_GLOSSARY_COMMENT = re.compile(r"^\s*glossary:\s*(.+)", re.MULTILINE)


@dataclass(frozen=True)
class Problem:
    """What is wrong at one line of a catalogue; ``kind`` is the warning's subtype."""

    line: int
    kind: str
    text: str


@cache
def _phrase(phrase: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s-]+", unicodedata.normalize("NFC", phrase))]
    return re.compile(r"(?<!\w)" + r"[\s\-–]+".join(words) + r"(?!\w)", re.IGNORECASE)


def used_terms(prose: str, terms: Iterable[Term]) -> list[Term]:
    """Return the terms that ``prose``, in the source language, speaks of; the longest wins."""
    by_length = sorted(
        (
            (form, term if kind else None)
            for term in terms
            for kind, forms in ((True, term.source_forms()), (False, term.exceptions))
            for form in forms
        ),
        key=lambda pair: -len(pair[0]),
    )
    used: dict[str, Term] = {}
    for form, term in by_length:
        prose, count = _phrase(form).subn("\0", prose)
        if count and term is not None:
            used[term.term] = term
    return list(used.values())


def _glossary_problems(
    entry: polib.POEntry, language: str, glossary: Glossary
) -> Iterator[tuple[str, str]]:
    source = read_markup(entry.msgid).prose
    translation = unicodedata.normalize("NFC", read_markup(entry.msgstr).prose)
    allowed = " ".join(_GLOSSARY_COMMENT.findall(entry.tcomment)).casefold()
    used = used_terms(source, glossary.terms)
    for term in glossary.terms:
        equivalent = term.languages.get(language)
        if equivalent is None or term.term.casefold() in allowed:
            continue
        wrong = [*equivalent.never, *(equivalent.confused_with if term in used else ())]
        for phrase in wrong:
            if _phrase(phrase).search(translation):
                yield (
                    "term",
                    f"“{phrase}” is not how this site says “{term.term}”: write “{equivalent.term}”",
                )
        if term.checked and term in used:
            wordings = (equivalent.term, *equivalent.also)
            if not any(_phrase(wording).search(translation) for wording in wordings):
                yield (
                    "term",
                    f"the English says “{term.term}”, the translation does not say “{equivalent.term}”",
                )


def _text_problems(
    entry: polib.POEntry, translation: str, language: str, glossary: Glossary, *, interface: bool
) -> Iterator[tuple[str, str]]:
    if not unicodedata.is_normalized("NFC", translation):
        yield (
            "not_nfc",
            "the translation is not in Unicode normal form C; `make translations` repairs it",
        )
    prose = translation if interface else read_markup(translation).prose
    for spelling in glossary.spellings.get(language, ()):
        for match in spelling.pattern.finditer(unicodedata.normalize("NFC", prose)):
            yield "spelling", f"“{match[0]}”: {spelling.hint}"
    if interface:
        yield from _interface_problems(entry, translation)
        return
    for danger in dangers(entry.msgid, translation):
        yield UNSAFE, f"the translation {danger}"
    for difference in markup_differences(entry.msgid, translation):
        yield "markup", f"the translation {difference}"


def _interface_problems(entry: polib.POEntry, translation: str) -> Iterator[tuple[str, str]]:
    sources = list(filter(None, (entry.msgid, entry.msgid_plural)))
    counted = Counter(_PLACEHOLDER.findall(translation))
    is_date = entry.msgid.startswith("%b")  # each language orders its parts
    if not is_date and all(Counter(_PLACEHOLDER.findall(source)) != counted for source in sources):
        yield "markup", "its placeholders or tags differ from the English"
    elif found := breaking_characters(sources, translation):
        yield "markup", f"has more of {' '.join(found)} than the English; pages show it as it is"
    elif not is_date and "%" in "".join(sources) and _STRAY_PERCENT.search(translation):
        yield "markup", "a percent sign here is written %%"


def _entry_problems(
    entry: polib.POEntry, language: str, glossary: Glossary, *, interface: bool
) -> Iterator[tuple[str, str]]:
    if entry.obsolete:
        yield "obsolete", "an obsolete message (#~); `make translations` removes it"
        return
    if entry.fuzzy:
        yield "fuzzy", "marked fuzzy: check the translation and remove the word fuzzy"
    translations = [text for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]
    for translation in translations:
        yield from _text_problems(entry, translation, language, glossary, interface=interface)
    if interface and not translations:
        # No page shows that one is missing; of the others, the pages themselves do.
        yield "untranslated", "not translated"
    if translations and not interface:
        yield from _glossary_problems(entry, language, glossary)


def check_catalogue(
    entries: Iterable[polib.POEntry], language: str, glossary: Glossary, *, interface: bool = False
) -> list[Problem]:
    """Return what is wrong in the catalogue ``entries`` of ``language``.

    ``interface`` says that the catalogue holds the words of Sphinx, the theme and the templates: plain
    text with placeholders, all of which have to be translated.
    """
    return [
        Problem(
            entry.linenum or 1, kind, f"{text} (message “{' '.join(entry.msgid.split())[:60]}”)"
        )
        for entry in entries
        for kind, text in _entry_problems(entry, language, glossary, interface=interface)
    ]
