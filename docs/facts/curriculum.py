"""Read ``curriculum.toml``: the parts and pages of the gallery.

Pure functions; every error names the file to edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.errors import ExplainedError
from facts.folders import CURRICULUM_FILE
from facts.toml_file import check_keys, plain_text, read_toml, tables

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class CurriculumError(ExplainedError, ValueError):
    """``curriculum.toml`` says something that the build cannot use, or does not agree with the gallery."""


@dataclass(frozen=True)
class Page:
    """One gallery script."""

    part: str
    name: str
    minutes: int
    notebook: str | None = None
    """The title of the notebook that the page goes back to."""

    @property
    def script(self) -> str:
        """The script's path below ``gallery/``."""
        return f"{self.part}/{self.name}.py"

    @property
    def docname(self) -> str:
        """The page's Sphinx document name."""
        return f"gallery/{self.part}/{self.name}"


@dataclass(frozen=True)
class Part:
    """One folder of the gallery."""

    folder: str
    pages: tuple[Page, ...]
    needs: tuple[str, ...] = ()
    """The folders of the parts that it builds on."""

    @property
    def docname(self) -> str:
        """The Sphinx document name of the page that opens the part."""
        return f"gallery/{self.folder}/index"

    @property
    def minutes(self) -> int:
        """How long a careful reader takes for all its pages."""
        return sum(page.minutes for page in self.pages)


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
            f'{path}: {what} is {value!r}; write a list of parts, like ["first_gradients"]'
        )
    return tuple(_identifier(name, what, path) for name in value)


def _page(entry: dict[str, Any], folder: str, path: Path) -> Page:
    """Return the page that ``entry`` lists in the part ``folder``."""
    keys = ("name", "minutes", "notebook")
    check_keys(entry, keys, f"a page of {folder}", path, CurriculumError, optional=["notebook"])
    name = _identifier(entry["name"], f"a page of {folder}", path)
    minutes = _minutes(entry["minutes"], name, path)
    notebook = plain_text(entry, "notebook", path, CurriculumError) if "notebook" in entry else None
    return Page(folder, name, minutes, notebook)


def read_curriculum(path: Path = CURRICULUM_FILE) -> tuple[Part, ...]:
    """Return the parts in reading order.

    Raises:
        CurriculumError: the file is missing, is not TOML, names a folder or page that cannot be one, or lets a part
            need one that does not stand before it.
    """
    parts: list[Part] = []
    data = read_toml(path, CurriculumError)
    check_keys(
        data, ("part", "route"), "the file", path, CurriculumError, optional=["part", "route"]
    )
    for entry in tables(data, "part", path, CurriculumError):
        keys = ("folder", "pages", "needs")
        check_keys(entry, keys, "a part", path, CurriculumError, optional=["needs"])
        folder = _identifier(entry["folder"], "a part's folder", path)
        pages = tuple(
            _page(page, folder, path)
            for page in tables({"pages": entry["pages"]}, "pages", path, CurriculumError)
        )
        needs = _folders(entry.get("needs", []), f"what {folder} needs", path)
        before = [part.folder for part in parts]
        if folder in before:
            raise CurriculumError(f"{path}: the part {folder} is listed twice; join the entries")
        if late := [need for need in needs if need not in before]:
            raise CurriculumError(
                f"{path}: the part {folder} needs {late[0]!r}; allowed are the parts before it: {before}"
            )
        parts.append(Part(folder, pages, needs))
    scripts = [page.script for page in pages_of(parts)]
    for script in scripts:
        if scripts.count(script) > 1:
            raise CurriculumError(f"{path}: {script} is listed twice; remove one of the entries")
    return tuple(parts)


def pages_of(parts: Iterable[Part]) -> list[Page]:
    """Return the pages of all parts, in reading order."""
    return [page for part in parts for page in part.pages]


def read_pages(path: Path = CURRICULUM_FILE) -> list[Page]:
    """Return all pages in reading order.

    Raises:
        CurriculumError: as :func:`read_curriculum`.
    """
    return pages_of(read_curriculum(path))


def check_curriculum(parts: tuple[Part, ...], gallery: Path, path: Path) -> None:
    """Check that the listed scripts are exactly the scripts that exist.

    Raises:
        CurriculumError: a script is listed without existing, or exists without being listed.
    """
    listed = {page.script for page in pages_of(parts)}
    existing = {file.relative_to(gallery).as_posix() for file in gallery.glob("*/plot_*.py")}
    problems = [
        f"{path} lists {script}, but {gallery / script} does not exist: write it or remove the entry"
        for script in sorted(listed - existing)
    ] + [
        f"{gallery / script} is not listed in {path}: add it to its part or remove the script"
        for script in sorted(existing - listed)
    ]
    folders = {part.folder for part in parts}
    problems += [
        f"{header.parent} is a part that {path} does not list: add it, or remove the folder"
        for header in sorted(gallery.glob("*/GALLERY_HEADER.rst"))
        if header.parent.name not in folders
    ]
    for part in parts:
        header = gallery / part.folder / "GALLERY_HEADER.rst"
        if not header.is_file():
            problems.append(f"{header} is missing: write what the part {part.folder} is about")
    if problems:
        raise CurriculumError("\n".join(problems))
