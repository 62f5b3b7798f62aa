"""Write a file so that a kill at any moment leaves the old one or the new one, never a part of it."""

from __future__ import annotations

from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Put ``text`` where ``path`` is, in one step: it is written beside it first, as ``<name>.new``."""
    draft = path.with_name(f"{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
