"""The real site in a language that is all marks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from _extensions.curriculum import read_curriculum
from _extensions.project_folders import DOCS
from _extensions.pseudo_language import LANGUAGE, unmarked_text, write_pseudo_catalogues
from _extensions.site_config import read_site
from sitebuild.run import run_environment
from sitebuild.translations import extract, missing_outputs

# Signatures in the reference, and the glossary's equivalents: each in its own language.
EXEMPT_CLASSES = frozenset({"sig", "glossary-equivalent"})


def build_pseudo_site(folder: Path) -> Path:
    """Build the site from its outputs, in the language of marks, and return where the pages lie."""
    pages = [page.docname for chapter in read_curriculum() for page in chapter.pages]
    if missing := missing_outputs(DOCS, pages):
        reason = f"`make html` has not run {', '.join(missing)} yet"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    extract(DOCS, folder / "templates", folder / "extraction", ["nb_execution_mode=off"])
    write_pseudo_catalogues(folder / "templates", folder / "locale")
    out = folder / "out"
    subprocess.run(
        [
            *(sys.executable, "-m", "sphinx", "-b", "html", "-q", "-d", str(folder / "doctrees")),
            *("-D", f"language={LANGUAGE}", "-D", f"locale_dirs={folder / 'locale'}"),
            *(str(DOCS), str(out)),
        ],
        cwd=DOCS,
        env=run_environment(),
        check=True,
    )
    return out


def unmarked_on(page: str, exempt: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return (where, text) for what a page of the real site shows without a mark.

    Elements of the classes ``exempt`` are left out, too.
    """
    return unmarked_text(page, exempt_classes=EXEMPT_CLASSES | exempt, site=read_site().title)
