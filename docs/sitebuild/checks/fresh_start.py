"""The fresh start that the gallery gives each script, called by its name: the build knows no feature's modules."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RESET = "_extensions.run.isolation:reset"


@contextmanager
def fresh_start(page: Path) -> Iterator[None]:
    """Let a page start as in the gallery, and undo what it set."""
    reset: Callable[[dict[str, Any], str, str], None] = pkgutil.resolve_name(RESET)
    reset({}, page.name, "before")
    try:
        yield
    finally:
        reset({}, page.name, "after")
