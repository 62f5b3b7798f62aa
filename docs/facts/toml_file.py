"""Read a file of settings in TOML; whatever is wrong with the file is told in one line that names it.

Each function is told how the exception that it raises is made from its message.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
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
