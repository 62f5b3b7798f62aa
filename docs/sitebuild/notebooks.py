"""Decide whether the executed pages (the home page and the guide) must run again.

MyST-NB caches their outputs by the code of their cells, and by nothing else on purpose
(https://github.com/executablebooks/jupyter-cache/issues/7). What else the outputs depend on is recorded here, as for
the gallery, with the digests of the outputs: when something changes, and when the cache is not whole, the cache goes.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

from facts.digests import file_digests
from facts.run_record import CELLS
from facts.whole_file import write_whole

LIST = "global.db"
VERSION = "__version__.txt"
"""The names that jupyter-cache gives to its list of notebooks and to its own version."""


def _series(version: str) -> list[str]:
    return version.strip().split(".")[:2]


def contents(cache: Path) -> dict[str, str] | None:
    """Return the digests of all cached notebooks, or None where the cache cannot be read or is not whole.

    A cache of another version of jupyter-cache cannot be read. Its list of notebooks is a SQLite file, which changes
    whenever it is read: so what it lists is compared, not its bytes.
    """
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(cache / LIST))}?mode=ro", uri=True)
        ) as listed:
            sound = listed.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            keys = {key for (key,) in listed.execute("SELECT hashkey FROM nbcache")}
        folders = {path.name for path in (cache / "executed").iterdir()}
        whole = (
            sound
            and keys == folders
            and _series((cache / VERSION).read_text()) == _series(metadata.version("jupyter-cache"))
        )
        digests = file_digests([cache / VERSION, *(cache / "executed").rglob("*")], cache)
    except (OSError, ValueError, sqlite3.Error):
        return None
    return digests if whole else None


def _stamp(cache: Path) -> dict[str, Any] | None:
    """Return what was recorded of a cache, or None where nothing was or the cache is no longer what it was."""
    try:
        stamp: dict[str, Any] = json.loads((cache / CELLS).read_text(encoding="utf-8"))
        now = contents(cache)
        same = (
            stamp["contents"] == now
            and (now is not None or not stamp["pages"])
            and {"pages", "surroundings"} <= stamp.keys()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return stamp if same else None


def is_fresh(cache: Path, pages: Mapping[str, str], now: Mapping[str, Any], *, torch: bool) -> bool:
    """Whether the cache holds the outputs of ``pages`` in these surroundings (or, without torch, any)."""
    stamp = _stamp(cache)
    if stamp is None or stamp["pages"] != dict(pages):
        return False
    return not torch or bool(stamp["surroundings"] == dict(now))


def forget_if_outdated(cache: Path, now: Mapping[str, Any]) -> None:
    """Remove the cache where its outputs come from other surroundings, or cannot be trusted."""
    stamp = _stamp(cache)
    if stamp is None or stamp["surroundings"] != dict(now):
        shutil.rmtree(cache, ignore_errors=True)


def write_stamp(cache: Path, pages: Mapping[str, str], now: Mapping[str, Any]) -> None:
    """Record that the cache holds the outputs of ``pages``."""
    cache.mkdir(parents=True, exist_ok=True)
    stamp = {"pages": dict(pages), "surroundings": dict(now), "contents": contents(cache)}
    text = json.dumps(stamp)
    target = cache / CELLS
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return  # the languages read the pages again when this file is newer
    write_whole(target, text)
