"""Write a file as a whole, or leave the one before as it was."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4


def write_whole(path: str | Path, text: str) -> None:
    """Write ``text`` in UTF-8 into a file beside the target, which then takes the target's place in one step.

    Raises:
        OSError: if it cannot be written. What stood there before then stays.
    """
    target = Path(path).resolve()  # a link stays a link
    partial = target.with_name(f".{target.name}.{uuid4().hex}")
    try:
        with partial.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
        if target.exists():
            partial.chmod(target.stat().st_mode & 0o777)
        partial.replace(target)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
