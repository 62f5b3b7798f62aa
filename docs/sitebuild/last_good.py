"""What one build leaves for the next is what it left when it finished; one that failed or was killed leaves nothing.

Sphinx goes on from what lies in its folders. It says a warning only where it reads or writes the page again, and a page
that it has written counts as done, though its pictures were not copied yet. After a build that did not finish, the next
one would find no fault, and would publish pages without pictures.

Nor does Sphinx see that something else has changed a file there. A record of what the finished build left tells it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from facts.digests import file_digest, folder_digest
from facts.whole_file import write_whole

RECORD = "left.json"
"""What a finished build left in its folder: the digest of each folder and file in it."""

UNFINISHED = "unfinished"
"""What the name of a folder ends with, that a build left which did not finish."""


def _beside(folder: Path, suffix: str) -> Path:
    return folder.with_name(f"{folder.name}.{suffix}")


def _parts(folder: Path) -> dict[str, str]:
    return {
        path.name: folder_digest(path) if path.is_dir() else file_digest(path)
        for path in sorted(folder.iterdir())
        if path.name != RECORD
    }


def write_record(folder: Path) -> None:
    """Record what lies in ``folder``."""
    write_whole(folder / RECORD, json.dumps(_parts(folder), indent=1))


def is_as_left(folder: Path) -> bool:
    """Whether what lies in ``folder`` is what a finished build left there.

    A folder in it may be gone as a whole: Sphinx then makes it anew.
    """
    now = _parts(folder)
    try:
        left = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return all(left.get(part) == digest for part, digest in now.items())
    except (OSError, ValueError, AttributeError):
        return not now


def restore(folder: Path) -> None:
    """Put back what a finished build had left in ``folder``, where a later one has begun and not finished.

    What that one left lies beside it until the next build finishes: who looks for its fault can read the pages.
    """
    good = _beside(folder, "good")
    if good.exists():
        unfinished = _beside(folder, UNFINISHED)
        shutil.rmtree(unfinished, ignore_errors=True)
        if folder.exists():
            folder.rename(unfinished)
        good.rename(folder)


@contextmanager
def restored_unless_finished(folder: Path) -> Iterator[None]:
    """Let a build work in ``folder``; where it raises, or is killed, the folder is again as it was.

    After a kill, the next build that comes here puts it back. What is not as a finished build left it is removed first:
    the build then makes all of it anew.
    """
    restore(folder)
    if folder.exists() and not is_as_left(folder):
        print(f"{folder} is not as a finished build left it: making it anew", flush=True)
        shutil.rmtree(folder)
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
        write_record(folder)
    except BaseException:
        restore(folder)
        raise
    # Renamed first: a kill while it is removed must not leave half of it to be put back.
    good.rename(old)
    shutil.rmtree(old)
    shutil.rmtree(_beside(folder, UNFINISHED), ignore_errors=True)
