"""Print what a maintainer installs to see what the newest releases break: our requirements without their upper bounds.

``python tools/uncapped.py EXTRA...`` prints the package's own requirements and those of the extras, one a line, as pip
reads them with ``-r``. Needs the standard library only, so that it runs before anything is installed.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
_UPPER_BOUND = re.compile(r",?\s*<=?\s*[\w.*]+")


def uncapped(requirement: str) -> str:
    """Return ``requirement`` with its lower bound only."""
    return _UPPER_BOUND.sub("", requirement).strip()


def requirements(project: dict[str, Any], extras: Iterable[str]) -> list[str]:
    """Return what ``project`` (a table of pyproject.toml) and its ``extras`` need, without upper bounds.

    Raises:
        KeyError: there is no such extra.
    """
    groups = [
        project["dependencies"],
        *(project["optional-dependencies"][extra] for extra in extras),
    ]
    return [uncapped(requirement) for group in groups for requirement in group]


if __name__ == "__main__":
    table = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    print(*requirements(table, sys.argv[1:]), sep="\n")
