"""Decide whether the executed pages (the home page and the guide) must run again.

MyST-NB caches their outputs by the code of their cells. What else the outputs depend on is recorded here, as for the
gallery: when it changes, the cache goes.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from _extensions.site_config import EXECUTED_PAGES

_CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1\s*$", re.MULTILINE | re.DOTALL)
STAMP = "autograd_vi.json"


def code_digest(text: str) -> str:
    """Return the SHA-256 of the code cells of a MyST page: prose may change without a new run."""
    return hashlib.sha256(
        "\0".join(match[0] for match in _CELL.finditer(text)).encode()
    ).hexdigest()


def executed_pages(docs: Path) -> dict[str, str]:
    """Return those of ``EXECUTED_PAGES`` below ``docs`` that have code cells, with the digests of the cells."""
    paths = {path for pattern in EXECUTED_PAGES for path in docs.glob(pattern)}
    return {
        path.relative_to(docs).as_posix(): code_digest(text)
        for path in sorted(paths)
        if _CELL.search(text := path.read_text(encoding="utf-8"))
    }


def is_fresh(cache: Path, pages: Mapping[str, str], now: Mapping[str, Any], *, torch: bool) -> bool:
    """Whether the cache holds the outputs of ``pages`` in these surroundings (or, without torch, any)."""
    try:
        stamp = json.loads((cache / STAMP).read_text(encoding="utf-8"))
        recorded_pages, recorded = stamp["pages"], stamp["surroundings"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return recorded_pages == dict(pages) and (not torch or recorded == dict(now))


def forget_if_outdated(cache: Path, now: Mapping[str, Any]) -> None:
    """Remove the cache where its outputs come from other surroundings, or cannot be trusted."""
    try:
        stamp = json.loads((cache / STAMP).read_text(encoding="utf-8"))
        outdated = stamp["surroundings"] != dict(now)
    except (OSError, ValueError, KeyError, TypeError):
        outdated = True
    if outdated:
        shutil.rmtree(cache, ignore_errors=True)


def write_stamp(cache: Path, pages: Mapping[str, str], now: Mapping[str, Any]) -> None:
    """Record that the cache holds the outputs of ``pages``."""
    cache.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"pages": dict(pages), "surroundings": dict(now)})
    target = cache / STAMP
    if target.is_file() and target.read_text(encoding="utf-8") == text:
        return  # the languages read the pages again when this file is newer
    partial = cache / f"{STAMP}.new"
    partial.write_text(text, encoding="utf-8")
    partial.replace(target)
