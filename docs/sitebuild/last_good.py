"""What one build leaves for the next is what it left when it finished; one that failed or was killed leaves nothing.

Sphinx goes on from what lies in its folders. It says a warning only where it reads or writes the page again, and a page
that it has written counts as done, though its pictures were not copied yet. After a build that did not finish, the next
one would find no fault, and would publish pages without pictures.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}.{suffix}")


def restore(folder: Path) -> None:
    """Put back what a finished build had left in ``folder``, where a later one has begun and not finished."""
    good = _beside(folder, "good")
    if good.exists():
        shutil.rmtree(folder, ignore_errors=True)
        good.rename(folder)


@contextmanager
def restored_unless_finished(folder: Path) -> Iterator[None]:
    """Let a build work in ``folder``; where it raises, or is killed, the folder is again as it was.

    After a kill, the next build that comes here puts it back.
    """
    restore(folder)
    good, partial, old = (_beside(folder, suffix) for suffix in ("good", "partial", "old"))
    for left in (partial, old):
        shutil.rmtree(left, ignore_errors=True)
    if folder.exists():
        shutil.copytree(folder, partial)
    else:
        partial.mkdir(parents=True)
        folder.mkdir()
    partial.rename(good)
    try:
        yield
    except BaseException:
        restore(folder)
        raise
    # Renamed first: a kill while it is removed must not leave half of it to be put back.
    good.rename(old)
    shutil.rmtree(old)
