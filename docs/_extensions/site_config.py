"""Read ``site.toml`` and ``curriculum.toml``: the site's address and languages, its chapters and pages.

Pure functions over the two files; every error names the file to edit.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
GALLERY = ROOT / "gallery"
EXECUTED_PAGES = ("index.md", "guide/*.md")
"""The pages in MyST whose code cells the run executes."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")


class SiteConfigError(ValueError):
    """A configuration file says something that the build cannot use."""


@dataclass(frozen=True)
class Language:
    """One published language."""

    code: str
    name: str
    """The language's own name for itself."""
    question: str
    """What the site answers, in that language: search engines show it with the front door."""
    prefer: str
    """The front door's invitation, in that language."""
    not_found: str
    """What the page for wrong addresses says, in that language."""


@dataclass(frozen=True)
class Site:
    """What ``site.toml`` says."""

    title: str
    source_language: str
    default_language: str
    url: str
    repository: str
    languages: tuple[Language, ...]

    @property
    def translations(self) -> tuple[str, ...]:
        """The codes of the languages that need catalogues."""
        return tuple(one.code for one in self.languages if one.code != self.source_language)


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


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SiteConfigError(f"{path} is missing; restore it from the repository") from None
    except tomllib.TOMLDecodeError as error:
        raise SiteConfigError(f"{path} is not valid TOML: {error}") from None


def _identifier(value: object, what: str, path: Path) -> str:
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise SiteConfigError(
            f"{path}: {what} is {value!r}; allowed are lower-case letters, digits and underscores, "
            "beginning with a letter"
        )
    return value


def read_site(path: Path = DOCS / "site.toml") -> Site:
    """Return what ``site.toml`` says, with the environment's address and repository.

    Raises:
        SiteConfigError: the file is missing, is not TOML, or lacks or misspells a value.
    """
    data = _read_toml(path)
    try:
        site = data["site"]
        languages = tuple(
            Language(
                code=one["code"],
                name=one["name"],
                question=one["question"],
                prefer=one["prefer"],
                not_found=one["not_found"],
            )
            for one in data["language"]
        )
        result = Site(
            title=site["title"],
            source_language=site["source_language"],
            default_language=site["default_language"],
            url=os.environ.get("AUTOGRAD_VI_SITE_URL", site["url"]),
            repository=os.environ.get("AUTOGRAD_VI_REPOSITORY", site["repository"]),
            languages=languages,
        )
    except KeyError as error:
        raise SiteConfigError(f"{path}: the key {error} is missing") from None
    codes = [one.code for one in result.languages]
    for code in codes:
        if not _LANGUAGE_CODE.fullmatch(code):
            raise SiteConfigError(
                f"{path}: {code!r} is no language code; write it like 'vi' or 'pt_BR'"
            )
    for key in (result.source_language, result.default_language):
        if key not in codes:
            raise SiteConfigError(f"{path}: {key!r} is not among the languages {codes}")
    return result


def read_curriculum(path: Path = DOCS / "curriculum.toml") -> tuple[Chapter, ...]:
    """Return the chapters in reading order.

    Raises:
        SiteConfigError: the file is missing, is not TOML, or names a folder or page that cannot be one.
    """
    chapters = []
    for entry in _read_toml(path).get("chapter", []):
        try:
            folder = _identifier(entry["folder"], "a chapter's folder", path)
            pages = tuple(
                Page(
                    folder,
                    _identifier(page["name"], f"a page of {folder}", path),
                    int(page["minutes"]),
                )
                for page in entry["pages"]
            )
            chapters.append(Chapter(folder=folder, notebook=entry["notebook"], pages=pages))
        except KeyError as error:
            raise SiteConfigError(f"{path}: a chapter lacks the key {error}") from None
    scripts = [page.script for chapter in chapters for page in chapter.pages]
    for script in scripts:
        if scripts.count(script) > 1:
            raise SiteConfigError(f"{path}: {script} is listed twice; remove one of the entries")
    return tuple(chapters)


def check_curriculum(chapters: tuple[Chapter, ...], gallery: Path, path: Path) -> None:
    """Check that the listed scripts are exactly the scripts that exist.

    Raises:
        SiteConfigError: a script is listed without existing, or exists without being listed.
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
        raise SiteConfigError("\n".join(problems))
