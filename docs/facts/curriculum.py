"""Read ``curriculum.toml``: the chapters and pages of the gallery.

Pure functions; every error names the file to edit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from facts.errors import ExplainedError
from facts.folders import CURRICULUM_FILE
from facts.toml_file import plain_text, read_toml, tables

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class CurriculumError(ExplainedError, ValueError):
    """``curriculum.toml`` says something that the build cannot use, or does not agree with the gallery."""


@dataclass(frozen=True)
class Page:
    """One gallery script."""

    chapter: str
    name: str
    minutes: int

    @property
    def script(self) -> str:
        """The script's path below ``gallery/``."""
        return f"{self.chapter}/{self.name}.py"

    @property
    def docname(self) -> str:
        """The page's Sphinx document name."""
        return f"gallery/{self.chapter}/{self.name}"


@dataclass(frozen=True)
class Chapter:
    """One folder of the gallery."""

    folder: str
    notebook: str
    """The title of the notebook that the chapter comes from."""
    pages: tuple[Page, ...]
    needs: tuple[str, ...] = ()
    """The folders of the chapters that it builds on."""


def _minutes(value: object, page: str, path: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise CurriculumError(
            f"{path}: the minutes of {page} are {value!r}; it has to be a whole number from 1"
        )
    return value


def _identifier(value: object, what: str, path: Path) -> str:
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise CurriculumError(
            f"{path}: {what} is {value!r}; allowed are lower-case letters, digits and underscores, "
            "beginning with a letter"
        )
    return value


def _folders(value: object, what: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise CurriculumError(
            f'{path}: {what} is {value!r}; write a list of chapters, like ["autograd_package"]'
        )
    return tuple(_identifier(name, what, path) for name in value)


def read_curriculum(path: Path = CURRICULUM_FILE) -> tuple[Chapter, ...]:
    """Return the chapters in reading order.

    Raises:
        CurriculumError: the file is missing, is not TOML, names a folder or page that cannot be one, or lets a chapter
            need one that does not stand before it.
    """
    chapters: list[Chapter] = []
    for entry in tables(read_toml(path, CurriculumError), "chapter", path, CurriculumError):
        try:
            folder = _identifier(entry["folder"], "a chapter's folder", path)
            pages = tuple(
                Page(
                    folder,
                    _identifier(page["name"], f"a page of {folder}", path),
                    _minutes(page["minutes"], page["name"], path),
                )
                for page in tables({"pages": entry["pages"]}, "pages", path, CurriculumError)
            )
            notebook = plain_text(entry, "notebook", path, CurriculumError)
            needs = _folders(entry.get("needs", []), f"what {folder} needs", path)
        except KeyError as error:
            raise CurriculumError(f"{path}: a chapter lacks the key {error}") from None
        before = [chapter.folder for chapter in chapters]
        if folder in before:
            raise CurriculumError(f"{path}: the chapter {folder} is listed twice; join the entries")
        if late := [need for need in needs if need not in before]:
            raise CurriculumError(
                f"{path}: the chapter {folder} needs {late[0]!r}; allowed are the chapters before it: {before}"
            )
        chapters.append(Chapter(folder, notebook, pages, needs))
    scripts = [page.script for chapter in chapters for page in chapter.pages]
    for script in scripts:
        if scripts.count(script) > 1:
            raise CurriculumError(f"{path}: {script} is listed twice; remove one of the entries")
    return tuple(chapters)


def check_curriculum(chapters: tuple[Chapter, ...], gallery: Path, path: Path) -> None:
    """Check that the listed scripts are exactly the scripts that exist.

    Raises:
        CurriculumError: a script is listed without existing, or exists without being listed.
    """
    listed = {page.script for chapter in chapters for page in chapter.pages}
    existing = {file.relative_to(gallery).as_posix() for file in gallery.glob("*/plot_*.py")}
    problems = [
        f"{path} lists {script}, but {gallery / script} does not exist: write it or remove the entry"
        for script in sorted(listed - existing)
    ] + [
        f"{gallery / script} is not listed in {path}: add it to its chapter or remove the script"
        for script in sorted(existing - listed)
    ]
    folders = {chapter.folder for chapter in chapters}
    problems += [
        f"{header.parent} is a chapter that {path} does not list: add it, or remove the folder"
        for header in sorted(gallery.glob("*/GALLERY_HEADER.rst"))
        if header.parent.name not in folders
    ]
    for chapter in chapters:
        header = gallery / chapter.folder / "GALLERY_HEADER.rst"
        if not header.is_file():
            problems.append(
                f"{header} is missing: write what the chapter {chapter.folder} is about"
            )
    if problems:
        raise CurriculumError("\n".join(problems))
