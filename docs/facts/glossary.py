"""Read ``glossary.toml``: the terms of the site, as data.

One file feeds the glossary page, the translation gate and the search's synonyms. Pure functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from facts.errors import ExplainedError
from facts.toml_file import check_keys, read_toml

_TAG = re.compile(r"<[A-Za-z/!?]")


class GlossaryError(ExplainedError, ValueError):
    """The glossary file says something that cannot be used."""


@dataclass(frozen=True)
class Equivalent:
    """A term in another language."""

    term: str
    also: tuple[str, ...] = ()
    """Other wordings that a translation may use."""
    never: tuple[str, ...] = ()
    """Wordings that no translation may use; the search still finds the term by them."""
    confused_with: tuple[str, ...] = ()
    """Words of another meaning: wrong where the source has this term."""


@dataclass(frozen=True)
class Term:
    """A term in the source language."""

    term: str
    definition: str
    page: str = ""
    """The page that explains the term; empty if none does so before all others."""
    forms: tuple[str, ...] = ()
    """Inflected forms beyond a plural with -s, -es or -ies."""
    exceptions: tuple[str, ...] = ()
    """Phrases in which the word is not this term."""
    checked: bool = True
    """Whether translations are checked for it: not so for words that everyday language shares."""
    languages: dict[str, Equivalent] = field(default_factory=dict, hash=False)

    def source_forms(self) -> tuple[str, ...]:
        """Return the term with its plural and other forms."""
        return tuple(dict.fromkeys((self.term, *plurals(self.term), *self.forms)))


# What a table of the file may say of a term; a table in it is a language.
_TERM_KEYS = ("term", "definition", "page", "forms", "exceptions", "checked")


@dataclass(frozen=True)
class Spelling:
    """A spelling that a language's pages do not use."""

    pattern: re.Pattern[str]
    hint: str


@dataclass(frozen=True)
class Glossary:
    """What ``glossary.toml`` says."""

    terms: tuple[Term, ...] = ()
    names: tuple[str, ...] = ()
    """Names and words that are the same in every language."""
    spellings: dict[str, tuple[Spelling, ...]] = field(default_factory=dict, hash=False)

    def unchanged(self, language: str) -> tuple[str, ...]:
        """Return the words that may read the same in ``language`` as in the source."""
        kept: list[str] = []
        for term in self.terms:
            equivalent = term.languages.get(language)
            if equivalent is not None and term.term.casefold() in {
                word.casefold() for word in (equivalent.term, *equivalent.also)
            }:
                kept += term.source_forms()
        return (*self.names, *kept)


def plurals(word: str) -> tuple[str, ...]:
    """Return the regular plural of an English noun phrase, from its last word."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return (word[:-1] + "ies",)
    if word.endswith(("s", "x", "ch", "sh")):
        return (word + "es",)
    return (word + "s",)


def _strings(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = entry.get(key, [])
    if not isinstance(value, list) or not all(isinstance(text, str) and text for text in value):
        raise GlossaryError(f"{where}: {key} is {value!r}; it has to be a list of strings")
    return tuple(_plain(unicodedata.normalize("NFC", text), key, where) for text in value)


def _plain(text: str, key: str, where: str) -> str:
    if _TAG.search(text):
        raise GlossaryError(f"{where}: {key} is {text!r}; HTML is no part of a term")
    return text


def _string(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        raise GlossaryError(
            f"{where}: {key} is {value!r}; it has to be a string that says something"
        )
    return _plain(unicodedata.normalize("NFC", " ".join(value.split())), key, where)


def _tables(data: dict[str, Any], key: str, where: str) -> list[dict[str, Any]]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise GlossaryError(f"{where}: {key} is {value!r}; it has to be a list of tables")
    return value


def _spelling(rule: dict[str, Any], language: str, path: Path) -> Spelling:
    where = f"{path}, spelling of {language!r}"
    check_keys(rule, ("pattern", "hint"), f"a spelling of {language!r}", path, GlossaryError)
    try:
        pattern = re.compile(rule.get("pattern", 0), re.IGNORECASE)
    except (re.error, TypeError) as error:
        raise GlossaryError(
            f"{where}: the pattern {rule.get('pattern')!r} is no regular expression: {error}"
        ) from None
    return Spelling(pattern, _string(rule, "hint", where))


def _equivalent(entry: dict[str, Any], language: str, term: str, path: Path) -> Equivalent:
    where = f"{path}, term {term!r}, language {language!r}"
    keys = [key.name for key in fields(Equivalent)]
    what = f"the language {language!r} of the term {term!r}"
    check_keys(entry, keys, what, path, GlossaryError, optional=keys[1:])
    return Equivalent(
        term=_string(entry, "term", where),
        also=_strings(entry, "also", where),
        never=_strings(entry, "never", where),
        confused_with=_strings(entry, "confused_with", where),
    )


@cache
def _read(path: Path, _mtime: int) -> Glossary:
    data = read_toml(path, GlossaryError)
    keys = ("term", "names", "spelling")
    check_keys(data, keys, "the file", path, GlossaryError, optional=keys)
    terms = []
    for entry in _tables(data, "term", str(path)):
        where = f"{path}, term {entry.get('term')!r}"
        check_keys(
            {key: value for key, value in entry.items() if not isinstance(value, dict)},
            _TERM_KEYS,
            f"the term {entry.get('term')!r}",
            path,
            GlossaryError,
            optional=_TERM_KEYS[2:],
        )
        if not isinstance(entry.get("checked", True), bool):
            raise GlossaryError(
                f"{where}: checked is {entry['checked']!r}; it has to be true or false"
            )
        terms.append(
            Term(
                term=_string(entry, "term", where),
                definition=_string(entry, "definition", where),
                page=_string(entry, "page", where) if "page" in entry else "",
                forms=_strings(entry, "forms", where),
                exceptions=_strings(entry, "exceptions", where),
                checked=entry.get("checked", True),
                languages={
                    code: _equivalent(other, code, entry["term"], path)
                    for code, other in entry.items()
                    if isinstance(other, dict)
                },
            )
        )
    names = Counter(name.casefold() for term in terms for name in term.source_forms())
    for name, count in names.items():
        if count > 1:
            raise GlossaryError(
                f"{path}: {name!r} stands there twice, as a term or as a form; remove one of the two"
            )
    rules = data.get("spelling", {})
    if not isinstance(rules, dict):
        raise GlossaryError(f"{path}: spelling is {rules!r}; write [[spelling.<language>]]")
    spellings = {
        code: tuple(
            _spelling(rule, code, path) for rule in _tables(rules, code, f"{path}, spelling")
        )
        for code in rules
    }
    return Glossary(tuple(terms), _strings(data, "names", str(path)), spellings)


def read_glossary(path: Path) -> Glossary:
    """Return the terms of a ``glossary.toml``.

    Raises:
        GlossaryError: the file is missing, is no TOML, or has an entry that lacks or misspells a value.
    """
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise GlossaryError(f"{path} is missing; restore it, or correct glossary_file") from None
