"""Read ``docs/differences.toml``: outputs that another machine prints otherwise, with the reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.errors import BuildError
from facts.folders import DIFFERENCES_FILE
from facts.toml_file import check_keys, one_line, read_toml, tables
from sitebuild.checks.agreement import RELATIVE, Tolerance


@dataclass(frozen=True)
class Stated:
    """One stated difference: all outputs of ``page`` that contain ``shows``."""

    page: str
    shows: str
    reason: str
    tolerance: Tolerance


def _entry(entry: dict[str, Any], path: Path) -> Stated:
    needed, optional = ("page", "shows", "reason"), ("relative", "counts", "names")
    check_keys(entry, needed + optional, "an entry", path, BuildError, optional=optional)
    page, shows, reason = (one_line(entry, key, path, BuildError) for key in needed)
    relative = entry.get("relative", RELATIVE)
    if not isinstance(relative, float) or not RELATIVE <= relative < 1:
        raise BuildError(
            f"{path}: relative is {relative!r} for {page}; it has to lie between {RELATIVE} and 1"
        )
    switches = {name: entry.get(name, False) for name in ("counts", "names")}
    for name, value in switches.items():
        if not isinstance(value, bool):
            raise BuildError(f"{path}: {name} is {value!r} for {page}; it has to be true or false")
    return Stated(page, shows, reason, Tolerance(relative, **switches))


def read(path: Path = DIFFERENCES_FILE) -> tuple[Stated, ...]:
    """Return the stated differences.

    Raises:
        BuildError: the file says something else than it should.
    """
    data = read_toml(path, BuildError)
    check_keys(data, ("difference",), "the file", path, BuildError, optional=["difference"])
    return tuple(_entry(entry, path) for entry in tables(data, "difference", path, BuildError))


def tolerance(stated: Iterable[Stated], page: str, text: str) -> Tolerance | None:
    """Return how far the output ``text`` of ``page`` may differ, if that is stated."""
    for difference in stated:
        if difference.page == page and difference.shows in text:
            return difference.tolerance
    return None


def unused(stated: Iterable[Stated], shown: dict[str, list[str]]) -> list[str]:
    """Return a complaint for each entry that speaks of no output.

    Args:
        stated: the entries.
        shown: the outputs of each page that ran.
    """
    return [
        f"{DIFFERENCES_FILE.name} speaks of an output of {difference.page} with {difference.shows!r}, "
        "and there is none: mend or remove the entry"
        for difference in stated
        if difference.page in shown
        and not any(difference.shows in text for text in shown[difference.page])
    ]
