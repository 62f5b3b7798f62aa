"""The pages with code, and runs of them in a process of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from facts.code_cells import executed_pages
from facts.curriculum import read_pages
from facts.environment import run_environment
from facts.errors import BuildError
from facts.folders import DOCS, GALLERY, ROOT
from facts.run_record import DEVICE_VARIABLE

Outcome = dict[str, Any]
"""What a run of one page says: at least what :func:`sitebuild.checks.cells.as_data` does."""


def sources() -> dict[str, Path]:
    """Return the files of all pages with code, by the page's name: the gallery in reading order, then the guide."""
    scripts = {page.docname: GALLERY / page.script for page in read_pages()}
    executed = {name.removesuffix(".md"): DOCS / name for name in executed_pages(DOCS)}
    return scripts | executed


def chosen(pages: Mapping[str, Path], asked: Sequence[str]) -> dict[str, Path]:
    """Return the pages whose names end in one of ``asked``; all of them where nothing is asked.

    Raises:
        BuildError: no page has such a name.
    """
    for name in asked:
        if not any(page.endswith(name.removesuffix(path.suffix)) for page, path in pages.items()):
            raise BuildError(f"no page ends in {name!r}; the pages are:\n  " + "\n  ".join(pages))
    return {
        page: path
        for page, path in pages.items()
        if not asked or any(page.endswith(name.removesuffix(path.suffix)) for name in asked)
    }


def outcomes(
    module: Sequence[str], pages: Mapping[str, Path], environment: Mapping[str, str], *, what: str
) -> dict[str, Outcome]:
    """Run pages in a new process, on the CPU, and return what it says of each.

    Args:
        module: the module to run and its first arguments; the file for the outcomes and the pages come after them.
        pages: the files, by the page's name.
        environment: what the process finds beside the environment of a gallery's run.
        what: the run, for the message of an error.

    Raises:
        BuildError: the process died; its own message was printed.
    """
    names = {str(path): name for name, path in pages.items()}
    with tempfile.TemporaryDirectory() as folder:
        said = Path(folder) / "outcomes.jsonl"
        said.touch()
        done = subprocess.run(
            [sys.executable, "-m", *module, str(said), *names],
            cwd=ROOT,
            env={
                **run_environment(),
                DEVICE_VARIABLE: "cpu",
                "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{DOCS}",
                **environment,
            },
            check=False,
        )
        lines = said.read_text(encoding="utf-8").splitlines()
    found = {names[outcome.pop("page")]: outcome for outcome in map(json.loads, lines)}
    left = [name for name in pages if name not in found]
    if done.returncode or left:
        where = left[0] if left else "its end"
        raise BuildError(f"{what} died in {where}: the message above says why")
    return found
