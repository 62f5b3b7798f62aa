"""Read a file of settings in TOML; whatever is wrong with the file is told in one line that names it.

Each function is told how the exception that it raises is made from its message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection
from difflib import get_close_matches
from pathlib import Path
from reprlib import repr  # noqa: A004  # a long entry is shortened
from typing import Any

_MARKUP = re.compile(r"[<>&\"\x00-\x1f]")
MakeError = Callable[[str], Exception]


def read_toml(path: Path, error: MakeError) -> dict[str, Any]:
    """Return what ``path`` says.

    Args:
        path: the file.
        error: makes the exception to raise, from its message.

    Raises:
        Exception: as ``error`` makes it, where the file is missing, is not UTF-8 or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path} is missing; restore it from the repository"
    except UnicodeDecodeError as problem:
        message = f"{path}: not UTF-8 at byte {problem.start}; save it as UTF-8"
    except tomllib.TOMLDecodeError as problem:
        message = f"{path} is not valid TOML: {problem}"
    raise error(message)


def table(value: object, what: str, path: Path, error: MakeError) -> dict[str, Any]:
    """Return ``value``, if it is a table.

    Raises:
        Exception: as ``error`` makes it, where it is none.
    """
    if not isinstance(value, dict):
        raise error(f"{path}: {what} is {value!r}; it has to be a table of keys")
    return value


def tables(data: dict[str, Any], key: str, path: Path, error: MakeError) -> list[dict[str, Any]]:
    """Return the tables of the list ``key``; none where there is no such key.

    Raises:
        Exception: as ``error`` makes it, where it is no list of tables.
    """
    value = data.get(key, [])
    if not isinstance(value, list):
        raise error(f"{path}: {key} is {value!r}; it has to be a list of tables")
    return [table(entry, f"an entry of {key}", path, error) for entry in value]


def check_keys(
    entry: dict[str, Any],
    known: Collection[str],
    what: str,
    path: Path,
    error: MakeError,
    *,
    optional: Collection[str] = (),
) -> None:
    """Check that an entry has the keys that it needs, and no other.

    Args:
        entry: the table.
        known: the keys that it may have.
        what: how a message calls the entry, such as "a page of training".
        path: the file.
        error: makes the exception to raise, from its message.
        optional: those of ``known`` that it need not have.

    Raises:
        Exception: as ``error`` makes it. An unknown key is told first, since it may be the lacking one, misspelt.
    """
    for key in entry:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(known)}"
            raise error(f"{path}: {what} has the unknown key {key!r}; {advice}")
    for key in known:
        if key not in entry and key not in optional:
            raise error(f"{path}: {what} lacks the key {key!r}: {repr(entry)}")


def plain_text(entry: dict[str, Any], key: str, path: Path, error: MakeError) -> str:
    """Return the text of ``key``: one line that says something and holds no markup.

    Raises:
        Exception: as ``error`` makes it, where it is something else.
        KeyError: there is no such key.
    """
    value = entry[key]
    if not isinstance(value, str) or not value.strip() or _MARKUP.search(value):
        raise error(
            f'{path}: {key} is {value!r}; it has to be one line of plain text, without < > & and "'
        )
    return value


def one_line(entry: dict[str, Any], key: str, path: Path, error: MakeError) -> str:
    """Return the text of ``key``: one line that says something, of code or output, so with any characters.

    Raises:
        Exception: as ``error`` makes it, where it is something else.
        KeyError: there is no such key.
    """
    value = entry[key]
    if not isinstance(value, str) or not value.strip() or len(value.splitlines()) > 1:
        raise error(f"{path}: {key} is {value!r}; it has to be one line of text")
    return value
