"""Refuse pages whose file names cannot stand in an address as they are.

The theme and the templates write a page's name into links, where a quotation mark or an angle bracket would end them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sphinx.errors import ExtensionError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_NAME = re.compile(r"[A-Za-z0-9_./-]+")


def unusable(names: Iterable[str]) -> list[str]:
    """Return the names that hold more than ASCII letters, digits, and ``_ . / -``."""
    return sorted(name for name in names if not _NAME.fullmatch(name))


def on_env_before_read_docs(_app: Sphinx, env: BuildEnvironment, _docnames: list[str]) -> None:
    """Look at the names of all pages before any is read."""
    if found := unusable(env.found_docs):
        raise ExtensionError(
            f"page names may hold letters without marks, digits, - _ and . only; rename {', '.join(map(repr, found))}"
        )
