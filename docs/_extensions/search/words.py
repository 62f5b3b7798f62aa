"""Words by which readers look for a page that the page need not say.

``search_words.toml`` lists them, page by page and language by language; and ``glossary.toml`` names for a term the
page that explains it, which is then found by the term. A site may do without either.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from facts.folders import GLOSSARY_FILE, SEARCH_WORDS_FILE
from facts.glossary import GlossaryError, read_glossary
from facts.site import read_site
from facts.toml_file import check_keys, read_toml

if TYPE_CHECKING:
    from collections.abc import Collection

    from sphinx.application import Sphinx
    from sphinx.config import Config
    from sphinx.environment import BuildEnvironment

    from facts.glossary import Glossary


def read_words(path: Path, language: str, known: Collection[str]) -> dict[str, list[str]]:
    """Return the words of each page in ``language``; none if there is no such file.

    Args:
        path: the file.
        language: the code of a language.
        known: the codes that a page may have words for.

    Raises:
        ValueError: the file is no TOML, or a page has something else than lists of words in known languages.
    """
    if not path.is_file():
        return {}
    data = read_toml(path, ValueError)
    for page, languages in data.items():
        lists = languages.values() if isinstance(languages, dict) else [None]
        if not all(
            isinstance(words, list) and all(isinstance(word, str) for word in words)
            for words in lists
        ):
            raise ValueError(
                f'{path}, page {page!r}: write one list of words a language, such as en = ["loss"]'
            )
        check_keys(languages, known, f"the page {page!r}", path, ValueError, optional=known)
    return {page: list(languages.get(language, [])) for page, languages in data.items()}


def explained_terms(glossary: Glossary, language: str) -> dict[str, list[str]]:
    """Return for each page the terms that it explains, in ``language``."""
    pages: dict[str, list[str]] = {}
    for term in glossary.terms:
        if term.page:
            equivalent = term.languages.get(language)
            pages.setdefault(term.page, []).append(equivalent.term if equivalent else term.term)
    return pages


def unknown_pages(named: Collection[str], existing: Collection[str]) -> list[str]:
    """Return the named pages that do not exist."""
    return sorted(set(named) - set(existing))


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Read both files.

    Raises:
        ConfigError: one of them says something that cannot be used.
    """
    try:
        codes = [language.code for language in read_site().languages]
        pages = read_words(Path(app.confdir) / SEARCH_WORDS_FILE.name, config.language, codes)
        glossary = read_glossary(Path(app.confdir) / GLOSSARY_FILE.name)
    except (GlossaryError, ValueError) as error:
        raise ConfigError(str(error)) from error
    for page, terms in explained_terms(glossary, config.language).items():
        pages.setdefault(page, []).extend(terms)
    config.search_words = pages


def on_env_before_read_docs(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Stop if a page that has words does not exist.

    Raises:
        ConfigError: it names the pages and the files to edit.
    """
    del docnames
    if unknown := unknown_pages(app.config.search_words, env.found_docs):
        raise ConfigError(
            f"{SEARCH_WORDS_FILE.name} or {GLOSSARY_FILE.name} (page) names {', '.join(unknown)}: no such page; "
            "correct the name, or remove the entry"
        )
