"""One page of each kind that the site has: ``tools/page_kinds.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facts.errors import BuildError
from facts.folders import PAGE_KINDS_FILE
from facts.toml_file import one_line, read_toml, tables


@dataclass(frozen=True)
class Kind:
    """A page that stands for all of its kind."""

    name: str
    page: str
    """Its file in a language's folder, and what the page is given after ``?``."""
    at: str = ""
    """What the window is scrolled to, as a CSS selector; empty for the page's beginning."""


_KEYS = ("name", "page", "at")


def read_kinds(path: Path = PAGE_KINDS_FILE) -> list[Kind]:
    """Return the kinds of pages, in the order of the file.

    Raises:
        BuildError: the file says something else than it should.
    """
    kinds = []
    for entry in tables(read_toml(path, BuildError), "kind", path, BuildError):
        if unknown := sorted(set(entry) - set(_KEYS)):
            raise BuildError(
                f"{path}: an entry has the unknown key {unknown[0]!r}; the keys are {', '.join(_KEYS)}"
            )
        if missing := [key for key in _KEYS[:2] if key not in entry]:
            raise BuildError(f"{path}: an entry lacks the key {missing[0]!r}: {entry!r}")
        kinds.append(Kind(**{key: one_line(entry, key, path, BuildError) for key in entry}))
    return kinds
