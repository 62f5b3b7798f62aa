"""What the README and the pages in Markdown show is true: examples run, files and verbs exist."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import polib
import pytest

import autograd_vi

ROOT = Path(__file__).parent.parent
CATALOGUES = ROOT / "docs" / "locale"

_BLOCK = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,})(?P<info>\S+)\n(?P<text>.*?)^(?P=indent)(?P=fence)$",
    re.M | re.S,
)
_NOT_IN_THE_REPOSITORY = (
    "build",
    ".venv",
    "docs/gallery",
    "docs/locale/fr",
)  # made by a build, or an example


def pages() -> list[Path]:
    """All Markdown files that people write."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(path for path in found if (ROOT / "docs" / "gallery") not in path.parents)


def blocks(path: Path, info: str) -> list[str]:
    """The fenced blocks of one kind on a page, without their indentation."""
    return [
        "".join(
            line.removeprefix(match["indent"]) for line in match["text"].splitlines(keepends=True)
        )
        for match in _BLOCK.finditer(path.read_text(encoding="utf-8"))
        if match["info"] == info
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def pages_with(info: str) -> list[Path]:
    return [path for path in pages() if blocks(path, info)]


@pytest.mark.parametrize("page", pages_with("pycon"), ids=name)
def test_examples_print_what_the_page_says(page: Path) -> None:
    source = "\n".join(blocks(page, "pycon"))
    example = doctest.DocTestParser().get_doctest(source, {}, name(page), str(page), 0)
    report: list[str] = []
    results = doctest.DocTestRunner(verbose=False).run(example, out=report.append)
    assert results.attempted
    assert not results.failed, "".join(report)


def test_the_script_that_shows_the_conventions_runs(tmp_path: Path) -> None:
    (script,) = blocks(ROOT / "docs/contributing/add-a-page.md", "python")
    path = tmp_path / "plot_doubling.py"
    path.write_text(script, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", str(path)],
        capture_output=True,
        check=False,
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "x.grad = tensor([2., 2., 2.])\n" * 2


@pytest.mark.parametrize("page", pages_with("toml"), ids=name)
def test_settings_that_a_page_shows_are_toml(page: Path) -> None:
    for block in blocks(page, "toml"):
        assert tomllib.loads(block)


@pytest.mark.parametrize("page", pages_with("po"), ids=name)
def test_catalogue_entries_that_a_page_shows_are_in_the_catalogues(page: Path) -> None:
    real = {
        (entry.msgid, entry.msgstr)
        for path in CATALOGUES.rglob("*.po")
        for entry in polib.pofile(str(path))
    }
    shown = [
        (entry.msgid, entry.msgstr) for block in blocks(page, "po") for entry in polib.pofile(block)
    ]
    assert shown
    assert set(shown) <= real


@pytest.mark.parametrize("page", pages(), ids=name)
def test_verbs_that_a_page_names_are_in_the_makefile(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:^\s*|`)make ([a-z-]+)", text, re.M))
    assert named <= verbs


@pytest.mark.parametrize("page", pages(), ids=name)
def test_paths_that_a_page_names_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    top = {path.name for path in ROOT.iterdir()}
    named = {
        path.rstrip("/")
        for path in re.findall(r"`([\w.-]+(?:/[\w.*-]+)+/?)`", text)
        if path.split("/")[0] in top and not path.startswith(_NOT_IN_THE_REPOSITORY)
    }
    missing = [path for path in sorted(named) if not any(ROOT.glob(path))]
    assert not missing


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=name)
def test_links_and_pictures_of_the_top_pages_exist(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert not [target for target in targets if not (ROOT / target).is_file()]


def test_the_reference_describes_all_that_the_package_offers() -> None:
    text = (ROOT / "docs/reference/index.rst").read_text(encoding="utf-8")
    described = re.findall(r"^\.\. auto(?:function|class):: (\w+)$", text, re.M)
    assert sorted(described) == sorted(autograd_vi.__all__)
