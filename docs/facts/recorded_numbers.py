"""Read ``docs/recorded_numbers.toml``: what the pages printed on machines that a reader may not have."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.errors import BuildError
from facts.folders import RECORDED_NUMBERS_FILE
from facts.toml_file import check_keys, one_line, read_toml, tables

HEADER = """\
# What pages printed on machines that a reader may not have; the page "Same numbers, other machine" shows it.
# `make compare-devices RECORD=docs/recorded_numbers.toml` adds what this machine's CPU and accelerator print
# otherwise.
#
# [[number]]
# page     the page, as in its address
# what     what is printed before the number
# [[number.seen]]
# machine  its name, as its maker gives it
# torch    the version of PyTorch
# shows    the number, as it was printed"""


@dataclass(frozen=True)
class Seen:
    """What one machine printed."""

    machine: str
    torch: str
    shows: str


@dataclass(frozen=True)
class Number:
    """One number of a page, on several machines."""

    page: str
    what: str
    seen: tuple[Seen, ...]


def _seen(entry: dict[str, Any], what: str, path: Path) -> Seen:
    keys = ("machine", "torch", "shows")
    check_keys(entry, keys, f"a machine of {what!r}", path, BuildError)
    return Seen(*(one_line(entry, key, path, BuildError) for key in keys))


def _number(entry: dict[str, Any], path: Path) -> Number:
    check_keys(entry, ("page", "what", "seen"), "an entry", path, BuildError)
    page, what = (one_line(entry, key, path, BuildError) for key in ("page", "what"))
    seen = tuple(_seen(machine, what, path) for machine in tables(entry, "seen", path, BuildError))
    if len({there.machine for there in seen}) != len(seen) or not seen:
        raise BuildError(
            f"{path}: {what!r} of {page} has to name each machine once, and one at least"
        )
    return Number(page, what, seen)


def read(path: Path = RECORDED_NUMBERS_FILE) -> tuple[Number, ...]:
    """Return the recorded numbers.

    Raises:
        BuildError: the file says something else than it should.
    """
    data = read_toml(path, BuildError)
    check_keys(data, ("number",), "the file", path, BuildError, optional=["number"])
    return tuple(_number(entry, path) for entry in tables(data, "number", path, BuildError))
