"""Read a file of settings in TOML; whatever is wrong with the file is told in one line that names it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any


def read_toml(path: Path, error: Callable[[str], Exception]) -> dict[str, Any]:
    """Return what ``path`` says.

    Args:
        path: the file.
        error: makes the exception to raise, from its message.

    Raises:
        Exception: as ``error`` makes it, where the file is missing, is not UTF-8 or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        message = f"{path} is missing; restore it from the repository"
    except UnicodeDecodeError as problem:
        message = f"{path}: not UTF-8 at byte {problem.start}; save it as UTF-8"
    except tomllib.TOMLDecodeError as problem:
        message = f"{path} is not valid TOML: {problem}"
    raise error(message)
