"""The run: execute the scripts and notebook cells whose outputs are not fresh, once for all languages."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from facts.code_cells import executed_pages
from facts.curriculum import check_curriculum, pages_of, read_curriculum, read_pages
from facts.digests import file_digest, file_digests, joint_digest, text_digest
from facts.environment import run_environment
from facts.errors import BuildError, NotRunnableError
from facts.folders import BUILD, CURRICULUM_FILE, DOCS, GALLERY, GENERATED, NOTEBOOK_CACHE, ROOT
from facts.generated import page_file
from facts.package_file import load_package_file
from facts.run_record import DEVICE_VARIABLE
from sitebuild import freshness, notebooks


def _problems(script: str, generated: Path) -> list[str]:
    page = page_file(script, generated)
    if not page.is_file():
        return [f"{GALLERY / script}: the run left no page {page}"]
    return [
        f"{GALLERY / script}: an output shows {leak!r}, which differs from run to run; do not print it"
        for leak in freshness.leaks(page.read_text(encoding="utf-8"))
    ]


def _index_digest() -> str:
    """Return the digest of what the index pages of the gallery are made from."""
    sources = [CURRICULUM_FILE, *GALLERY.rglob("GALLERY_HEADER.rst")]
    return joint_digest(file_digests(sources, ROOT))


def fingerprint() -> str:
    """Return the digest of all that the outputs of all pages depend on."""
    scripts = [page.script for page in read_pages()]
    parts = [
        freshness.surroundings(),
        {script: file_digest(GALLERY / script) for script in scripts},
        executed_pages(DOCS),
        _index_digest(),
    ]
    return text_digest(json.dumps(parts, sort_keys=True))


def _sphinx_run() -> int:
    work = BUILD / "work" / "run"
    # Sphinx sees the pages' own files only: it would not read them again for a new package, and would trust what lies
    # here after a kill. Few pages have cells, and the outputs of their cells lie elsewhere.
    shutil.rmtree(work, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "dummy", "-t", "run"]
    command += ["-d", str(work / "doctrees"), str(DOCS), str(work / "out")]
    return subprocess.run(command, cwd=ROOT, env=run_environment(), check=False).returncode


def require_device() -> None:
    """Check that this machine has the device that ``AUTOGRAD_VI_DEVICE`` asks for, before any output is given up.

    Raises:
        BuildError: it does not; the message names the devices that it has.
    """
    if os.environ.get(DEVICE_VARIABLE, "cpu") in {"", "cpu"}:
        return
    device = load_package_file("device.py")
    try:
        device.pick_device()
    except ValueError as error:
        raise BuildError(str(error)) from None


def execute() -> list[str]:
    """Bring all outputs up to date and return the scripts that ran.

    Raises:
        CurriculumError: ``curriculum.toml`` and the gallery disagree.
        NotRunnableError: something must run and torch is not installed.
        BuildError: the device does not exist, a script or a cell failed, or printed what must not be printed.
    """
    parts = read_curriculum()
    check_curriculum(parts, GALLERY, CURRICULUM_FILE)
    scripts = [page.script for page in pages_of(parts)]
    generated = GENERATED
    now = freshness.surroundings()

    for script in freshness.remove_orphans(scripts, generated):
        print(f"removed the outputs of {script}, which is gone", flush=True)
    stale = freshness.stale_scripts(scripts, GALLERY, generated, now)
    pages = executed_pages(DOCS)
    notebooks_fresh = notebooks.is_fresh(NOTEBOOK_CACHE, pages, now, torch=freshness.can_run(now))
    if not notebooks_fresh and not freshness.can_run(now):
        raise NotRunnableError(
            "the cells of the home page and of docs/guide must run, and torch is not installed; "
            "install the project (`make html` does)"
        )
    index_stamp = generated / "index.stamp"
    index = _index_digest()
    index_fresh = index_stamp.is_file() and index_stamp.read_bytes() == index.encode()
    if not stale and notebooks_fresh and index_fresh:
        print(
            f"run: all {len(scripts)} scripts and {len(pages)} pages with cells are fresh",
            flush=True,
        )
        return []

    if stale or not notebooks_fresh:
        require_device()
    print(f"run: {len(stale)} of {len(scripts)} scripts", *stale, sep="\n  ", flush=True)
    index_stamp.unlink(missing_ok=True)
    ran = {script: file_digest(GALLERY / script) for script in stale}
    for script in stale:
        freshness.forget(script, generated)
    if not notebooks_fresh:
        notebooks.forget_if_outdated(NOTEBOOK_CACHE, now)
    failed = _sphinx_run()
    # The first page that needs the pretrained weights may have fetched them for itself and for those after it.
    now = now | {"weights": freshness.pretrained_weights()}
    problems = {script: _problems(script, generated) for script in stale}
    for script in stale:
        if not problems[script]:
            freshness.note_run(script, ran[script], generated, now)
    if failed:
        raise BuildError(
            "the run failed: the message above names the script or page. Mend it and build again; "
            "the outputs of the pages that ran before it are kept."
        )
    if found := [line for lines in problems.values() for line in lines]:
        raise BuildError("\n".join(found))
    notebooks.write_stamp(NOTEBOOK_CACHE, pages, now)
    index_stamp.write_text(index, encoding="utf-8")
    return stale
