"""Read gettext catalogues (``.po``)."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path

import polib

OVERRIDING = "sphinx"
"""The catalogue of the words that Sphinx and the theme say; it overrides their own."""
OWN = "autograd_vi"
"""The catalogue of our own words: those of extensions, templates, scripts and the package."""
INTERFACE = (OVERRIDING, OWN)
"""The catalogues that belong to no page."""

_LINE = re.compile(
    r'\s*(?:#.*|(?:(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?)\s+)?"(?:[^"\\]|\\.)*"\s*)?'
)


def read_catalogue(path: Path) -> polib.POFile:
    """Return the catalogue in ``path``, which is read once as long as it does not change.

    Raises:
        ValueError: the file is no catalogue, or says a message twice; the message names the file and
            the line.
    """
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


def _check_header(path: Path, metadata: dict[str, str]) -> None:
    charset = metadata.get("Content-Type", "").lower().rpartition("charset=")[2].strip()
    if charset not in {"", "utf-8"}:
        raise ValueError(
            f"{path}:1: the header says charset={charset}; catalogues are UTF-8, and have to say so"
        )
    plural = metadata.get("Plural-Forms", "plural=0").rpartition("plural=")[2].strip("; \n")
    try:
        gettext.c2py(plural)  # what reads the catalogue for Sphinx
    except ValueError as error:
        raise ValueError(
            f"{path}:1: the header's Plural-Forms cannot be read ({error}); `make translations` writes it"
        ) from None


@cache
def _read(path: Path, _mtime: int, _size: int) -> polib.POFile:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    # polib reads past some mistakes that the reader behind Sphinx stumbles over.
    for number, line in enumerate(lines, start=1):
        if not _LINE.fullmatch(line):
            raise ValueError(
                f"{path}:{number}: this is no line of a catalogue: {line.strip()[:60]!r}; "
                'write msgid "…", msgstr "…" or "…", with \\" for a quotation mark inside'
            )
    try:
        entries = polib.pofile(str(path), encoding="utf-8")
    except (OSError, ValueError) as error:
        # polib says: Syntax error in po file <path> (line <number>): <what>
        place = re.search(r"\(line (\d+)\)(?:: (.+))?", str(error), re.DOTALL)
        line_number, what = (place[1], place[2]) if place else ("1", str(error))
        raise ValueError(
            f"{path}:{line_number}: {' '.join((what or 'syntax error').split())}; "
            "each message is one msgid and one msgstr"
        ) from None
    _check_header(path, entries.metadata)
    seen: dict[tuple[str | None, str], int | None] = {}
    for entry in entries:
        key = (entry.msgctxt, entry.msgid)
        if not entry.obsolete and (first := seen.setdefault(key, entry.linenum)) != entry.linenum:
            raise ValueError(
                f"{path}:{entry.linenum}: this message stands already at line {first}; remove one of them"
            )
    return entries
