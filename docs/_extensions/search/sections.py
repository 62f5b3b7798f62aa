"""The search index: which section is about which term, and how much.

Sphinx's own index knows whether a page has a word, not how often nor where. This one is made of sections, of
the glossary's definitions, of the entries of the reference, and of what a feature marks as an entry of its own: a node
with the attribute ``search_words``, a list of wordings of which the first is its title. In each, a term counts by its
place: more in a heading, in a link to the glossary or to PyTorch's reference and in a name set as code than in running
text, and least in code and what it printed. The sum is saturated and set against the section's length as in BM25F
(Robertson, Zaragoza and Taylor 2004), then rounded to one of ``STEPS`` steps, so that the page that searches
has only to add them up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from _extensions.search.terms import terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.search import SearchLanguage

HEADING = 5.0
LINK = 2.0  # a link to a definition, a name set as code, what is set in bold
CODE = 0.4
SATURATION = 2.0  # BM25's k1
LENGTH = 0.5  # BM25's b
STEPS = 7
PHRASE = 1 / 150
"""The share of all sections that have a phrase, for it to be a term without standing in a heading. Phrases make half
of the index."""
# What no reader sees, and what has no words. docutils leaves its messages to the author in the page: not the same ones
# in every process.
_SKIPPED = (nodes.Invisible, nodes.system_message, nodes.raw, nodes.math, nodes.math_block)
_LINKED = (nodes.literal, nodes.strong, addnodes.pending_xref)


@dataclass
class Section:
    """What one section of a page says, without the sections in it."""

    anchor: str
    title: str
    entry: bool = False
    """Whether it is an entry of a reference work, which stands for itself."""
    wordings: tuple[str, ...] = ()
    """What it is asked for by, the title first: for an entry that a feature marks, sentences of which readers quote
    parts; for a page, questions that they ask."""
    counts: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """How much each term counts."""
    headed: set[str] = field(default_factory=set)
    """The terms in its heading or among its keywords."""
    phrases: set[str] = field(default_factory=set)

    def add(self, text: str, weight: float, language: SearchLanguage) -> None:
        """Count the terms of ``text``."""
        for found in terms(text, language):
            self.counts[found.term] += found.weight * weight
            if found.phrase:
                self.phrases.add(found.term)
            if weight >= HEADING:
                self.headed.add(found.term)


def sections(document: nodes.document, language: SearchLanguage) -> list[Section]:
    """Return the sections of a page and the entries in them, each with its terms."""
    first = Section("", "")
    found = [first]

    def open_entry(heading: nodes.Element) -> Section:
        name = heading.get("fullname")
        title = f"{heading.get('module', '')}.{name}".strip(".") if name else heading.astext()
        entry = Section(heading["ids"][0], title, entry=True)
        entry.add(name or title, HEADING, language)
        found.append(entry)
        return entry

    def open_marked(node: nodes.Element) -> Section:
        wordings: list[str] = node["search_words"]
        entry = Section(node["ids"][0], wordings[0], entry=True, wordings=tuple(wordings))
        for wording in wordings:
            entry.add(wording, HEADING, language)
        found.append(entry)
        return entry

    def visit(node: nodes.Node, section: Section, weight: float) -> None:
        if isinstance(node, _SKIPPED) or (
            isinstance(node, nodes.Element) and "no-search" in node["classes"]
        ):
            return
        if isinstance(node, nodes.Text):
            section.add(node.astext(), weight, language)
            return
        if isinstance(node, nodes.section) and first.title:
            section = Section(node["ids"][0], "")
            found.append(section)
        elif isinstance(node, nodes.title) and isinstance(node.parent, nodes.section):
            section.title = node.astext()
            weight = HEADING
        elif isinstance(node, nodes.Element) and "search_words" in node:
            section = open_marked(node)
        elif isinstance(node, nodes.definition_list_item | addnodes.desc):
            heading = node[0]
            if isinstance(heading, nodes.Element) and heading["ids"]:
                section = open_entry(heading)
        elif isinstance(node, nodes.literal_block):
            weight = CODE
        elif isinstance(node, _LINKED) and weight == 1:
            weight = LINK
        for child in node.children:
            visit(child, section, weight)

    visit(document, first, 1)
    return found


def impacts(every: Sequence[Section]) -> list[dict[str, int]]:
    """Return for each section how much it is about each of its terms: from 1 to ``STEPS``, others are left out."""
    holding = Counter(phrase for section in every for phrase in section.phrases)
    headed = {term for section in every for term in section.headed}
    lengths = [
        sum(count for term, count in section.counts.items() if term not in section.phrases)
        for section in every
    ]
    usual = sum(lengths) / max(len(lengths), 1) or 1
    least = PHRASE * len(every)
    result = []
    for section, length in zip(every, lengths, strict=True):
        half = SATURATION * (1 - LENGTH + LENGTH * length / usual)
        steps = {
            term: round(STEPS * count / (count + half))
            for term, count in section.counts.items()
            if term not in section.phrases or term in headed or holding[term] >= least
        }
        result.append({term: step for term, step in steps.items() if step})
    return result


def index(pages: Mapping[str, Sequence[Section]], docnames: Sequence[str]) -> dict[str, Any]:
    """Return what ``search_ranking.js`` reads.

    ``sections``: page (place in ``docnames``), anchor, title, whether it is an entry, and the wordings other than
    its title if it has any, section by section.
    ``postings``: for each term the sections that have it, each as the distance from the one before, times
    ``STEPS + 1``, plus how much it is about the term.
    """
    places = [
        (number, section) for number, name in enumerate(docnames) for section in pages.get(name, ())
    ]
    postings: dict[str, list[int]] = {}
    last: dict[str, int] = {}
    for number, steps in enumerate(impacts([section for _, section in places])):
        for term, step in steps.items():
            postings.setdefault(term, []).append((number - last.get(term, 0)) * (STEPS + 1) + step)
            last[term] = number
    return {
        "sections": [
            [page, section.anchor, section.title, int(section.entry)]
            + ([list(section.wordings[1:])] if section.wordings else [])
            for page, section in places
        ],
        "postings": dict(sorted(postings.items())),
    }
