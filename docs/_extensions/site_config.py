"""Read ``site.toml`` and ``curriculum.toml``: the site's address and languages, its chapters and pages.

Pure functions over the two files; every error names the file to edit.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _extensions.toml_file import read_toml

DOCS = Path(__file__).resolve().parent.parent
ROOT = DOCS.parent
GALLERY = ROOT / "gallery"
EXECUTED_PAGES = ("index.md", "guide/*.md")
"""The pages in MyST whose code cells the run executes."""

_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_MARKUP = re.compile(r"[<>&\"\x00-\x1f]")
_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w.~/-]*)?/")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


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
    needs: tuple[str, ...] = ()
    """The folders of the chapters that it builds on."""


def _table(value: object, what: str, path: Path) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise SiteConfigError(f"{path}: {what} is {value!r}; it has to be a table of keys")
    return value


def _tables(data: dict[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise SiteConfigError(f"{path}: {key} is {value!r}; it has to be a list of tables")
    return [_table(one, f"an entry of {key}", path) for one in value]


def _text(entry: dict[str, Any], key: str, path: Path) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip() or _MARKUP.search(value):
        raise SiteConfigError(
            f'{path}: {key} is {value!r}; it has to be one line of plain text, without < > & and "'
        )
    return value


def _optional(value: object, key: str, pattern: re.Pattern[str], example: str, path: Path) -> str:
    if value != "" and not (isinstance(value, str) and pattern.fullmatch(value)):
        raise SiteConfigError(
            f"{path}, or the environment: {key} is {value!r}; leave it empty or write it like {example}"
        )
    return str(value)


def _minutes(value: object, page: str, path: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SiteConfigError(
            f"{path}: the minutes of {page} are {value!r}; it has to be a whole number from 1"
        )
    return value


def _identifier(value: object, what: str, path: Path) -> str:
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise SiteConfigError(
            f"{path}: {what} is {value!r}; allowed are lower-case letters, digits and underscores, "
            "beginning with a letter"
        )
    return value


def _folders(value: object, what: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SiteConfigError(
            f'{path}: {what} is {value!r}; write a list of chapters, like ["autograd_package"]'
        )
    return tuple(_identifier(one, what, path) for one in value)


def read_site(path: Path = DOCS / "site.toml") -> Site:
    """Return what ``site.toml`` says, with the environment's address and repository.

    Raises:
        SiteConfigError: the file is missing, is not TOML, or lacks or misspells a value.
    """
    data = read_toml(path, SiteConfigError)
    try:
        site = _table(data["site"], "site", path)
        languages = tuple(
            Language(
                code=_text(one, "code", path),
                name=_text(one, "name", path),
                question=_text(one, "question", path),
                prefer=_text(one, "prefer", path),
                not_found=_text(one, "not_found", path),
            )
            for one in _tables(data, "language", path)
        )
        url = os.environ.get("AUTOGRAD_VI_SITE_URL", site["url"])
        repository = os.environ.get("AUTOGRAD_VI_REPOSITORY", site["repository"])
        result = Site(
            title=_text(site, "title", path),
            source_language=_text(site, "source_language", path),
            default_language=_text(site, "default_language", path),
            url=_optional(url, "url", _ADDRESS, "https://example.org/autograd_vi/", path),
            repository=_optional(repository, "repository", _REPOSITORY, "owner/name", path),
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
        if codes.count(code) > 1:
            raise SiteConfigError(f"{path}: the language {code!r} is listed twice; remove one")
    for key in (result.source_language, result.default_language):
        if key not in codes:
            raise SiteConfigError(f"{path}: {key!r} is not among the languages {codes}")
    return result


def read_curriculum(path: Path = DOCS / "curriculum.toml") -> tuple[Chapter, ...]:
    """Return the chapters in reading order.

    Raises:
        SiteConfigError: the file is missing, is not TOML, names a folder or page that cannot be one, or lets a chapter
            need one that does not stand before it.
    """
    chapters: list[Chapter] = []
    for entry in _tables(read_toml(path, SiteConfigError), "chapter", path):
        try:
            folder = _identifier(entry["folder"], "a chapter's folder", path)
            pages = tuple(
                Page(
                    folder,
                    _identifier(page["name"], f"a page of {folder}", path),
                    _minutes(page["minutes"], page["name"], path),
                )
                for page in _tables({"pages": entry["pages"]}, "pages", path)
            )
            notebook = _text(entry, "notebook", path)
            needs = _folders(entry.get("needs", []), f"what {folder} needs", path)
        except KeyError as error:
            raise SiteConfigError(f"{path}: a chapter lacks the key {error}") from None
        before = [chapter.folder for chapter in chapters]
        if folder in before:
            raise SiteConfigError(f"{path}: the chapter {folder} is listed twice; join the entries")
        if late := [need for need in needs if need not in before]:
            raise SiteConfigError(
                f"{path}: the chapter {folder} needs {late[0]!r}; allowed are the chapters before it: {before}"
            )
        chapters.append(Chapter(folder, notebook, pages, needs))
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
