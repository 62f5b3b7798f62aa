"""Read ``moved_pages.toml``: the addresses that pages once had, and where each page is now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from facts.errors import BuildError
from facts.folders import MOVED_PAGES_FILE
from facts.toml_file import check_keys, read_toml, table

_NAME = re.compile(r"[a-z0-9_-]+(/[a-z0-9_-]+)*")


def read_moved_pages(path: Path = MOVED_PAGES_FILE) -> Mapping[str, str]:
    """Return each moved page's new name by its old one, both as Sphinx names a page.

    Raises:
        BuildError: the file is missing, is not TOML, holds what is no page's name, or leads to a page that moved on.
    """
    data = read_toml(path, BuildError)
    check_keys(data, ("moved",), "the file", path, BuildError)
    moved = table(data["moved"], "moved", path, BuildError)
    for name in (*moved, *moved.values()):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise BuildError(
                f'{path}: {name!r} is no page; write it as Sphinx does, like "gallery/training/plot_mini_batch"'
            )
    for old, new in moved.items():
        if new in moved:
            raise BuildError(
                f"{path}: {old} leads to {new}, which moved to {moved[new]}: let it lead there"
            )
    return moved
