"""One page of each kind that the site has: ``tools/page_kinds.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from facts.errors import BuildError
from facts.folders import PAGE_KINDS_FILE
from facts.toml_file import check_keys, one_line, read_toml, tables


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
    data = read_toml(path, BuildError)
    check_keys(data, ("kind",), "the file", path, BuildError)
    for entry in tables(data, "kind", path, BuildError):
        check_keys(entry, _KEYS, "an entry", path, BuildError, optional=["at"])
        kinds.append(Kind(**{key: one_line(entry, key, path, BuildError) for key in entry}))
    return kinds
