"""Digests of files and folders: SHA-256, and nothing but names and bytes goes in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def file_digests(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Return the digest of every file among ``paths``, by its name from ``root``, in the order of the names.

    Folders and what Python compiled are left out.
    """
    return {
        path.relative_to(root).as_posix(): file_digest(path)
        for path in sorted(paths)
        if path.is_file() and "__pycache__" not in path.parts
    }


def joint_digest(digests: Mapping[str, str]) -> str:
    """Return one digest of many, with their names."""
    return text_digest("".join(f"{name}\0{digest}\0" for name, digest in digests.items()))


def folder_digests(folder: Path) -> dict[str, str]:
    """Return the digest of every file below ``folder``, by its name from there."""
    return file_digests(folder.rglob("*"), folder)


def folder_digest(folder: Path) -> str:
    """Return one digest of all files below ``folder``."""
    return joint_digest(folder_digests(folder))
