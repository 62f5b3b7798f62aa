"""The ranking of the site's search and its synonyms, in every language.

``ranking.js`` goes to the reader through Sphinx's own ``html_search_scorer``, with the
synonyms that ``glossary.toml`` knows in front of it: a query in a wording that our pages avoid, or
in another language, finds the pages that say it our way. The config value ``search_page_weights``
says what pages count whose names start with a key; pages that mention everything should count less.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError

from facts.folders import GLOSSARY_FILE
from facts.glossary import GlossaryError, read_glossary

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from facts.glossary import Glossary

SCRIPTS = ("terms.js", "ranking.js", "results.js")
PAGE_WEIGHTS = {"contributing/": 0.7, "index": 0.5, "learn": 0.5}
_BRACKETS = re.compile(r"\s*\(([^)]*)\)")


def wordings(term: str) -> list[str]:
    """Return a term without its brackets, and what stands in them."""
    plain = _BRACKETS.sub("", term).strip()
    return [wording for wording in (plain, *_BRACKETS.findall(term)) if wording]


def synonyms(glossary: Glossary, language: str) -> list[tuple[str, str]]:
    """Return pairs of a wording and the one that pages in ``language`` use, in a fixed order."""
    pairs: set[tuple[str, str]] = set()
    for term in glossary.terms:
        ours = term.term
        others: list[str] = []
        for name, equivalent in term.languages.items():
            said = [*wordings(equivalent.term), *equivalent.also]
            others += [*said, *equivalent.never]
            if name == language:
                ours = said[0]
                others += term.source_forms()
        pairs |= {(other, ours) for other in others if other.casefold() != ours.casefold()}
    return sorted(pairs)


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Write the ranking with its synonyms beside the doctrees and hand it to Sphinx."""
    try:
        glossary = read_glossary(Path(app.confdir) / GLOSSARY_FILE.name)
    except GlossaryError as error:
        raise ConfigError(str(error)) from error
    pairs = synonyms(glossary, config.language)
    config.search_synonyms = pairs
    weights = sorted(config.search_page_weights.items())
    script = (
        f"const searchSynonyms = {json.dumps(pairs, ensure_ascii=False)};\n"
        f"const searchWeights = {json.dumps(weights)};\n"
        + "".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in SCRIPTS)
    )
    path = Path(app.doctreedir) / f"search_ranking.{config.language}.js"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, encoding="utf-8")
    config.html_search_scorer = str(path)
