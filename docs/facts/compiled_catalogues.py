"""Keep only those compiled catalogues (``.mo``) that say what their ``.po`` says.

Sphinx compiles a catalogue whose ``.mo`` is older, and believes any other: one that a killed build wrote in part, and
one that somebody put there, which no check of the ``.po`` would see.
"""

from __future__ import annotations

import gettext
from pathlib import Path

import polib

from facts.catalogue import read_catalogue

Messages = dict[str | tuple[str, int], str]


def compiled_messages(path: Path) -> Messages | None:
    """Return the messages of a ``.mo``, plural forms with their numbers; None if it cannot be read."""
    try:
        with path.open("rb") as file:
            # Sphinx takes its messages from the same place.
            found = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    except Exception:  # noqa: BLE001  # whatever is wrong with the file, it is to be made anew
        return None
    found.pop("", None)
    return found


def translated_messages(entries: polib.POFile) -> Messages:
    """Return what compiling ``entries`` would give."""
    found: Messages = {}
    for entry in entries.translated_entries():
        name = f"{entry.msgctxt}\x04{entry.msgid}" if entry.msgctxt else entry.msgid
        if entry.msgid_plural:
            found |= {(name, index): text for index, text in entry.msgstr_plural.items()}
        else:
            found[name] = entry.msgstr
    return found


def _entries(path: Path) -> polib.POFile | None:
    try:
        return read_catalogue(path)
    except (OSError, ValueError):
        return None  # said when all catalogues are checked


def matches_source(compiled: Path, entries: polib.POFile | None) -> bool:
    """Whether a ``.mo`` holds just the translations among ``entries``."""
    return entries is not None and compiled_messages(compiled) == translated_messages(entries)


def remove_wrong_compiled(folder: Path, pattern: str = "*.mo") -> list[Path]:
    """Remove the compiled catalogues below ``folder`` that do not say what their sources say; return their paths."""
    found = [
        path
        for path in sorted(folder.rglob(pattern))
        if not matches_source(path, _entries(path.with_suffix(".po")))
    ]
    for path in found:
        path.unlink()
    return found
