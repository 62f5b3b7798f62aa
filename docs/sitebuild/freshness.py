"""Decide which pages must run again.

sphinx-gallery's own check knows only the script, and writes its MD5 before the page
(https://github.com/sphinx-gallery/sphinx-gallery/pull/76). So every page has a stamp, written last, with what its
outputs depend on and the digests of the outputs themselves. A page without a matching stamp loses its generated files
and runs again; what no script generates any more is removed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from facts.digests import file_digest, file_digests, folder_digest
from facts.errors import NotRunnableError
from facts.folders import DOCS, PACKAGE, ROOT
from facts.generated import (
    files_of,
    outputs_of,
    page_file,
    part_pages,
    scripts_with_files,
)
from facts.run_record import (
    DEVICE_VARIABLE,
    DamagedRecordError,
    RunRecord,
    read_record,
    record_path,
    write_record,
)

VERSIONED = (
    "torch",
    "torchvision",
    "matplotlib",
    "numpy",
    "scikit-learn",
    "sphinx-gallery",
)
"""Distributions whose version can change an output."""

RUN_SOURCES = (
    "_extensions/run/settings.py",
    "_extensions/run/isolation.py",
    "_extensions/run/randomness.py",
    "_extensions/run/figures.py",
    "_extensions/run/figure_words.py",
    "_extensions/run/gallery.mplstyle",
)
"""Files below ``docs/`` that say how scripts run."""


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def pretrained_weights(environ: Mapping[str, str] = os.environ) -> list[str]:
    """Return the weight files in torch's cache, where its hub functions would look for them.

    With their sizes: one that a broken download left is another one than the whole.
    """
    cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = Path(environ.get("TORCH_HOME") or cache / "torch")
    files = sorted((home / "hub" / "checkpoints").glob("*.pth"))
    return [f"{path.name} ({path.stat().st_size} bytes)" for path in files]


def surroundings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Return all that the outputs of every page depend on, but for the page's own script."""
    return {
        "package": folder_digest(PACKAGE),
        "run": {name: file_digest(DOCS / name) for name in RUN_SOURCES},
        "versions": {name: _version(name) for name in VERSIONED},
        "device": environ.get(DEVICE_VARIABLE) or "cpu",
        "weights": pretrained_weights(environ),
    }


def can_run(now: Mapping[str, Any]) -> bool:
    """Whether this environment has what the scripts need."""
    return now["versions"]["torch"] is not None


def note_run(script: str, ran: str, generated: Path, now: Mapping[str, Any]) -> None:
    """Record that the outputs of ``script`` are whole and what they depend on.

    Args:
        script: its path below the gallery.
        ran: the digest of the script when its run began; it may have been changed since.
        generated: where the outputs lie.
        now: the surroundings of the run.
    """
    record = RunRecord(ran, now, file_digests(outputs_of(script, generated), generated))
    write_record(record_path(script, generated), record)


def is_fresh(script: str, source: Path, generated: Path, now: Mapping[str, Any]) -> bool:
    """Whether the outputs of ``script`` are those that a run would give now.

    Without torch the outputs of another machine are shown as they are, as long as the script, the package and the run's
    configuration are the same: a translator needs no torch.
    """
    try:
        record = read_record(record_path(script, generated))
    except DamagedRecordError:
        return False
    if record is None:
        return False
    recorded = dict(record.surroundings)
    current = dict(now)
    if not can_run(now):
        for key in ("versions", "device", "weights"):
            recorded.pop(key, None)
            current.pop(key, None)
    if record.script != file_digest(source / script) or recorded != current:
        return False
    if page_file(script, generated).relative_to(generated).as_posix() not in record.outputs:
        return False
    try:
        return all(file_digest(generated / name) == is_ for name, is_ in record.outputs.items())
    except (OSError, ValueError):
        return False


def stale_scripts(
    scripts: Iterable[str], source: Path, generated: Path, now: Mapping[str, Any]
) -> list[str]:
    """Return the scripts that must run, in the order given.

    Raises:
        NotRunnableError: a script must run and torch is not installed.
    """
    stale = [script for script in scripts if not is_fresh(script, source, generated, now)]
    if stale and not can_run(now):
        raise NotRunnableError(
            f"{', '.join(stale)}: no outputs match, and torch is not installed to run them. "
            "Install the project (`make html` does), or fetch the outputs of this commit into docs/gallery/."
        )
    return stale


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def forget(script: str, generated: Path) -> None:
    """Remove all that was generated for ``script``, its stamp first, so that a kill in between is noticed."""
    record_path(script, generated).unlink(missing_ok=True)
    _remove(files_of(script, generated))


def remove_orphans(scripts: Iterable[str], generated: Path) -> list[str]:
    """Remove the generated files of scripts that are gone, and return the scripts' names."""
    known = set(scripts)
    orphans = sorted(scripts_with_files(generated) - known)
    for script in orphans:
        forget(script, generated)
    for index in part_pages(generated):
        folder = index.parent.name
        if not any(script.startswith(f"{folder}/") for script in known):
            _remove(path for path in index.parent.rglob("*") if path.is_file())
    return orphans


_LEAK = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")


def leaks(text: str, root: Path = ROOT) -> list[str]:
    """Return the memory addresses and the paths of this checkout in ``text``: what differs from run to run."""
    found = _LEAK.findall(text)
    home = str(Path.home())
    found += [path for path in (str(root), *([home] if home != "/" else [])) if f"{path}/" in text]
    return found
