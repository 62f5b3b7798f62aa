"""Read ``site.toml``: the site's address and languages. Pure functions; every error names the file to edit."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path

from babel import Locale, UnknownLocaleError

from facts.errors import ExplainedError
from facts.folders import SITE_FILE
from facts.toml_file import check_keys, plain_text, read_toml, table, tables

_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_ADDRESS = re.compile(r"https?://[\w.:\[\]-]+(?:/[\w.~/-]*)?/")
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")


class SiteConfigError(ExplainedError, ValueError):
    """``site.toml`` says something that the build cannot use."""


def language_tag(code: str) -> str:
    """Return how HTML, XML and browsers write a language (BCP 47: ``pt-BR``).

    Args:
        code: as gettext, Sphinx and the folders write it: ``pt_BR``.
    """
    return code.replace("_", "-")


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
    moved: str
    """What a page's old address says, in that language."""

    @property
    def tag(self) -> str:
        """The language as pages name it."""
        return language_tag(self.code)


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
    def default_tag(self) -> str:
        """The default language as pages name it."""
        return language_tag(self.default_language)

    @property
    def translations(self) -> tuple[str, ...]:
        """The codes of the languages that need catalogues."""
        return tuple(
            language.code for language in self.languages if language.code != self.source_language
        )


def _optional(value: object, key: str, pattern: re.Pattern[str], example: str, path: Path) -> str:
    if value != "" and not (isinstance(value, str) and pattern.fullmatch(value)):
        raise SiteConfigError(
            f"{path}, or the environment: {key} is {value!r}; leave it empty or write it like {example}"
        )
    return str(value)


def _is_language(code: str) -> bool:
    """Whether ``code`` is written as a language's code, and stands for one."""
    try:
        return bool(_LANGUAGE_CODE.fullmatch(code) and Locale.parse(code))
    except UnknownLocaleError:
        return False


def read_site(path: Path = SITE_FILE) -> Site:
    """Return what ``site.toml`` says, with the environment's address and repository.

    Raises:
        SiteConfigError: the file is missing, is not TOML, or lacks or misspells a value.
    """
    data = read_toml(path, SiteConfigError)
    check = partial(check_keys, path=path, error=SiteConfigError)
    text = partial(plain_text, path=path, error=SiteConfigError)
    check(data, ("site", "language"), "the file")
    site = table(data["site"], "site", path, SiteConfigError)
    check(site, [key.name for key in fields(Site) if key.name != "languages"], "the table site")
    keys = [key.name for key in fields(Language)]
    languages = []
    for entry in tables(data, "language", path, SiteConfigError):
        check(entry, keys, "a language")
        languages.append(Language(**{key: text(entry, key) for key in keys}))
    url = os.environ.get("AUTOGRAD_VI_SITE_URL", site["url"])
    repository = os.environ.get("AUTOGRAD_VI_REPOSITORY", site["repository"])
    result = Site(
        title=text(site, "title"),
        source_language=text(site, "source_language"),
        default_language=text(site, "default_language"),
        url=_optional(url, "url", _ADDRESS, "https://example.org/autograd_vi/", path),
        repository=_optional(repository, "repository", _REPOSITORY, "owner/name", path),
        languages=tuple(languages),
    )
    codes = [language.code for language in result.languages]
    for code in codes:
        if not _is_language(code):
            raise SiteConfigError(
                f"{path}: {code!r} is no language code that Unicode's data know; write it like 'vi' or 'pt_BR'"
            )
        if codes.count(code) > 1:
            raise SiteConfigError(f"{path}: the language {code!r} is listed twice; remove one")
    for key in (result.source_language, result.default_language):
        if key not in codes:
            raise SiteConfigError(f"{path}: {key!r} is not among the languages {codes}")
    return result
