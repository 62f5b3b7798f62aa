"""Build the last commit twice, each time from nothing, and compare the two sites file by file.

The builds differ in all that must not matter: the folder, the time, the time zone, Python's hash seed, the language of
the terminal and the permissions of new files. What is not committed takes no part.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from facts.digests import folder_digests
from facts.errors import BuildError
from facts.folders import ROOT

SHOWN = 20
"""So many differing files are named; the others are counted."""


@dataclass(frozen=True)
class Place:
    """Where and how one of the two builds runs."""

    folder: str
    environment: Mapping[str, str]
    umask: int


PLACES = (
    Place("one", {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C.UTF-8"}, 0o022),
    Place(
        "một nơi khác/two",
        {"TZ": "Asia/Ho_Chi_Minh", "PYTHONHASHSEED": "4294967295", "LC_ALL": "C"},
        0o077,
    ),
)


def differing(first: Mapping[str, str], second: Mapping[str, str]) -> list[str]:
    """Return the files that are in one of the two only, or not the same in both."""
    return sorted(name for name in {**first, **second} if first.get(name) != second.get(name))


def build(place: Place, folder: Path) -> dict[str, str]:
    """Build the books and the site of the last commit in ``folder`` and return the digests of what is published.

    Raises:
        BuildError: this is no git checkout, or a build failed; its own message was printed.
    """
    copy = folder / place.folder
    clone = ["git", "clone", "-q", "--no-hardlinks", str(ROOT), str(copy)]
    done = subprocess.run(clone, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"same-bytes needs the git checkout of the project: {done.stderr.strip()}")
    environment = os.environ | place.environment | {"PYTHONPATH": str(copy / "src")}
    for verb in ("epub", "html"):
        print(f"same-bytes: {verb} in {copy}", flush=True)
        started = time.monotonic()
        built = subprocess.run(
            [sys.executable, "-m", "sitebuild", verb],
            cwd=copy / "docs",
            env=environment,
            umask=place.umask,
            check=False,
        )
        if built.returncode:
            raise BuildError(f"the build in {copy} failed: the message above says why")
        print(f"same-bytes: {verb} took {time.monotonic() - started:.0f} s", flush=True)
    return folder_digests(copy / "build" / "html")


def main() -> int:
    """Build twice, compare, and return 1 where a file differs.

    Raises:
        BuildError: a build failed.
    """
    with tempfile.TemporaryDirectory(prefix="same-bytes-") as folder:
        first, second = (build(place, Path(folder)) for place in PLACES)
    different = differing(first, second)
    print(f"same-bytes: {len({**first, **second})} files compared, {len(different)} differ")
    for name in different[:SHOWN]:
        print(f"  {name}")
    return 1 if different else 0
