"""Do nothing where nothing changed: the site stays when all that it is made from, and it itself, are as they were.

What is compared is bytes, not times: every file of the sources, the outputs of the run, the commit (pages show dates),
the environment's settings, and the version of every installed distribution.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from facts.digests import file_digests, folder_digest, joint_digest, text_digest
from facts.folders import DOCS, GALLERY, NOTEBOOK_CACHE, PACKAGE, ROOT
from facts.run_record import CELLS
from facts.whole_file import write_whole

_BESIDE = ("CHANGELOG.md", "LICENSE", "LICENSE-TEXT", "README.md", "pyproject.toml")
"""What the wheel and the downloads take from the project's own folder."""
_MADE = frozenset({".mo", ".pyc"})
"""What a build itself makes among the sources."""
_VARIABLES = ("AUTOGRAD_VI_", "SOURCE_DATE_EPOCH")


def _sources(root: Path) -> Iterator[Path]:
    folders = (root / folder.relative_to(ROOT) for folder in (DOCS, GALLERY, PACKAGE))
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix not in _MADE and path.name != "sphinx.js":
                yield path
    yield from (root / name for name in _BESIDE)
    yield root / NOTEBOOK_CACHE.relative_to(ROOT) / CELLS


def _commit(root: Path) -> str:
    """Return the commit that is checked out and all tags; empty outside a git checkout."""
    said = ""
    for words in (("rev-parse", "HEAD"), ("show-ref", "--tags")):
        command = ["git", "-C", str(root), *words]
        try:
            said += subprocess.run(command, capture_output=True, text=True, check=False).stdout
        except OSError:  # no git on this machine
            return ""
    return said


def inputs(languages: Sequence[str], books: Sequence[Path], root: Path = ROOT) -> str:
    """Return the digest of all that the site is made from.

    Args:
        languages: the languages of the build, in their order.
        books: the finished books that go with it.
        root: the project's folder.
    """
    parts = {
        "files": joint_digest(file_digests(_sources(root), root)),
        "books": joint_digest(file_digests(books, root)),
        "languages": list(languages),
        "environment": {
            name: value for name, value in os.environ.items() if name.startswith(_VARIABLES)
        },
        "commit": _commit(root),
        "python": sys.version,
        "distributions": sorted(
            f"{distribution.name} {distribution.version}"
            for distribution in metadata.distributions()
        ),
    }
    return text_digest(json.dumps(parts, sort_keys=True))


def is_unchanged(record: Path, made_from: str, site: Path) -> bool:
    """Whether the site in ``site`` was made from these inputs, and no file of it has changed since."""
    try:
        last = json.loads(record.read_text(encoding="utf-8"))
        return bool(last == {"inputs": made_from, "site": folder_digest(site)})
    except (OSError, ValueError):
        return False


def note(record: Path, made_from: str, site: Path) -> None:
    """Record what the finished site in ``site`` was made from."""
    write_whole(record, json.dumps({"inputs": made_from, "site": folder_digest(site)}))
