"""Fixtures shared by the tests.

The smallest bilingual site, whose gallery has really run once, and a real browser.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from _pytest.terminal import TerminalReporter
    from minimal_site import MinimalSite
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).resolve().parent.parent
MINIMAL = REPOSITORY / "tests" / "roots" / "minimal"


@pytest.fixture(scope="session")
def _minimal_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("minimal") / "site"
    shutil.copytree(MINIMAL, root)
    subprocess.run(
        [
            *(sys.executable, "-W", "ignore", "-m", "sphinx", "-b", "dummy", "-t", "run", "-q"),
            *("-d", str(root / "run"), str(root / "docs"), str(root / "run" / "out")),
        ],
        cwd=REPOSITORY / "docs",  # where the extensions are found
        check=True,
    )
    return root


@pytest.fixture(scope="session")
def _minimal_templates(_minimal_run: Path) -> Path:
    from sitebuild.translations import extract  # noqa: PLC0415 (the package's own tests need no Sphinx)

    root = _minimal_run.parent
    extract(_minimal_run / "docs", root / "templates", root / "extraction")
    return root / "templates"


@pytest.fixture
def templates(_minimal_templates: Path, tmp_path: Path) -> Path:
    """Return the messages of the smallest bilingual site, one template a page."""
    return Path(shutil.copytree(_minimal_templates, tmp_path / "templates"))


@pytest.fixture
def minimal_site(_minimal_run: Path, tmp_path: Path) -> MinimalSite:
    """Return a fresh copy of the smallest bilingual site, with its gallery's outputs."""
    from minimal_site import MinimalSite  # noqa: PLC0415 (as above)

    root = tmp_path / "site"
    shutil.copytree(_minimal_run, root, ignore=shutil.ignore_patterns("run"))
    return MinimalSite(root)


@pytest.fixture(scope="session")
def pseudo_real_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the real site in a language that is all marks."""
    from pseudo_site import build_pseudo_site  # noqa: PLC0415 (as above)

    return build_pseudo_site(tmp_path_factory.mktemp("pseudo"))


@pytest.fixture(scope="session")
def pseudo_real_book(pseudo_real_site: Path) -> Path:
    """Build the real site's book in a language that is all marks."""
    from pseudo_site import build_pseudo_book  # noqa: PLC0415 (as above)

    return build_pseudo_book(pseudo_real_site)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; without one the tests are skipped, and fail in CI."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (only browser tests need it)

    from facts.chromium import FLAGS, find_chromium  # noqa: PLC0415 (as above)

    path = find_chromium()
    if path is None:
        message = "no Chromium on this machine: install Debian's package chromium"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter: TerminalReporter) -> None:
    """Show what tests have recorded of themselves, such as the moments at which they killed a build."""
    reports = [
        report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)
    ]
    recorded = [(name, value) for report in reports for name, value in report.user_properties]
    if recorded:
        terminalreporter.section("recorded")
        for name, value in recorded:
            terminalreporter.write_line(f"{name}: {value}")
