"""Decide which pages must run again.

sphinx-gallery's own check knows only the script, and writes its MD5 before the page. So every page has a stamp, written
last, with what its outputs depend on and the digests of the outputs themselves. A page without a matching stamp loses
its generated files and runs again; what no script generates any more is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from _extensions.project_folders import DOCS, ROOT
from sitebuild.whole_file import write_whole

GENERATED = DOCS / "gallery"
PACKAGE = ROOT / "src" / "autograd_vi"
DEVICE_VARIABLE = "AUTOGRAD_VI_DEVICE"
VERSIONED = ("torch", "torchvision", "matplotlib", "numpy", "igraph", "sphinx-gallery")
"""Distributions whose version can change an output."""

RUN_SOURCES = (
    "_extensions/gallery_settings.py",
    "_extensions/isolation.py",
    "_extensions/figures.py",
    "_extensions/gallery.mplstyle",
)
"""Files below ``docs/`` that say how scripts run."""

_INDEX_NAMES = frozenset({"index.rst", "sg_execution_times.rst"})


class NotRunnableError(RuntimeError):
    """A page must run again, but this environment cannot run it."""


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def tree_digest(folder: Path) -> str:
    """Return the SHA-256 of all files below ``folder``: names and bytes, compiled files left out."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(b"\0")
            digest.update(path.read_bytes())
            digest.update(b"\0")
    return digest.hexdigest()


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
        "package": tree_digest(PACKAGE),
        "run": {name: file_digest(DOCS / name) for name in RUN_SOURCES},
        "versions": {name: _version(name) for name in VERSIONED},
        "device": environ.get(DEVICE_VARIABLE) or "cpu",
        "weights": pretrained_weights(environ),
    }


def can_run(now: Mapping[str, Any]) -> bool:
    """Whether this environment has what the scripts need."""
    return now["versions"]["torch"] is not None


def outputs_of(script: str, generated: Path) -> list[Path]:
    """Return the generated files of one script (``<chapter>/<page>.py``), its stamp left out."""
    folder, stem = generated / Path(script).parent, Path(script).stem
    own = re.compile(re.escape(f"sphx_glr_{stem}_") + r"(\d{3,}|thumb)\b.*")
    images = [
        path for path in (folder / "images").rglob("*") if path.is_file() and own.match(path.name)
    ]
    beside = [path for path in folder.glob(f"{stem}.*") if path.suffix != ".stamp"]
    return sorted(images + beside)


def stamp_path(script: str, generated: Path) -> Path:
    """Return where the stamp of ``script`` lies."""
    return (generated / script).with_suffix(".stamp")


def _published(script: str, generated: Path) -> list[Path]:
    """The files whose bytes the stamp vouches for: what a page shows, and what sphinx-gallery itself goes by."""
    return [
        path
        for path in outputs_of(script, generated)
        if path.suffix in {".rst", ".svg", ".png", ".json", ".md5"}
    ]


def write_stamp(script: str, ran: str, generated: Path, now: Mapping[str, Any]) -> None:
    """Record that the outputs of ``script`` are whole and what they depend on.

    Args:
        script: its path below the gallery.
        ran: the digest of the script when its run began; it may have been changed since.
        generated: where the outputs lie.
        now: the surroundings of the run.
    """
    stamp = {
        "script": ran,
        "surroundings": now,
        "outputs": {
            path.relative_to(generated).as_posix(): file_digest(path)
            for path in _published(script, generated)
        },
    }
    write_whole(stamp_path(script, generated), json.dumps(stamp, indent=1, sort_keys=True))


def is_fresh(script: str, source: Path, generated: Path, now: Mapping[str, Any]) -> bool:
    """Whether the outputs of ``script`` are those that a run would give now.

    Without torch the outputs of another machine are shown as they are, as long as the script, the package and the run's
    configuration are the same: a translator needs no torch.
    """
    try:
        stamp = json.loads(stamp_path(script, generated).read_text(encoding="utf-8"))
        recorded = dict(stamp["surroundings"])
        outputs = dict(stamp["outputs"])
        script_digest = stamp["script"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    current = dict(now)
    if not can_run(now):
        for key in ("versions", "device", "weights"):
            recorded.pop(key, None)
            current.pop(key, None)
    if script_digest != file_digest(source / script) or recorded != current:
        return False
    if f"{Path(script).with_suffix('.rst').as_posix()}" not in outputs:
        return False
    try:
        return all(file_digest(generated / name) == digest for name, digest in outputs.items())
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
    stamp_path(script, generated).unlink(missing_ok=True)
    _remove(outputs_of(script, generated))


def remove_orphans(scripts: Iterable[str], generated: Path) -> list[str]:
    """Remove the generated files of scripts that are gone, and return the scripts' names."""
    known = set(scripts)
    stems = {
        path.relative_to(generated).with_suffix(".py").as_posix()
        for pattern in ("*/plot_*.rst", "*/plot_*.py", "*/plot_*.stamp")
        for path in generated.glob(pattern)
    }
    orphans = sorted(stems - known)
    for script in orphans:
        forget(script, generated)
    for index in generated.glob("*/index.rst"):
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
