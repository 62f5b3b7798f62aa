"""The code cells of pages in MyST: which pages have some, and what the cells say."""

from __future__ import annotations

import re
from pathlib import Path

from facts.digests import text_digest
from facts.folders import EXECUTED_PAGES

CELL = re.compile(r"^(`{3,})\{code-cell\}.*?^\1\s*$", re.MULTILINE | re.DOTALL)
"""A code cell in a MyST page, with its fences."""


def code_digest(text: str) -> str:
    """Return the SHA-256 of the code cells of a MyST page: prose may change without a new run."""
    return text_digest("\0".join(match[0] for match in CELL.finditer(text)))


def executed_pages(docs: Path) -> dict[str, str]:
    """Return those of ``EXECUTED_PAGES`` below ``docs`` that have code cells, with the digests of the cells."""
    paths = {path for pattern in EXECUTED_PAGES for path in docs.glob(pattern)}
    return {
        path.relative_to(docs).as_posix(): code_digest(text)
        for path in sorted(paths)
        if CELL.search(text := path.read_text(encoding="utf-8"))
    }
