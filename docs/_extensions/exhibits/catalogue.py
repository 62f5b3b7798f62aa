"""What the pages show: their exhibits, and every line of an error or a warning that a cell printed.

Both are collected when a page is read, so that the index of errors opens no page again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util import logging

from _extensions.exhibits.exhibit import exhibits, plain, section_of
from _extensions.kept_of_pages import keep, kept
from facts.generated import PRINTED_LANGUAGE

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

_CODE = frozenset({"python", "Python", "python3", "ipython3", "pycon", "console", "toml", "rst"})
"""The languages of blocks that are no output."""
_SHOWS = "shown-errors"
_LINE = re.compile(r"^(?:\w+\.)*[A-Z]\w*(?:Error|Warning|Exception): \S.*$", re.MULTILINE)
"""What a traceback ends with, and how the pages print what they caught: the type, then the message."""


@dataclass(frozen=True)
class Shown:
    """A line of an error or a warning that a page shows."""

    docname: str
    anchor: str
    """The identifier of its section."""
    section: str
    """The title of its section."""
    line: str
    rest: str = ""
    """What the cell printed below it: a page may wrap a long message."""


@dataclass(frozen=True)
class Entry:
    """An exhibit as the index tells it."""

    docname: str
    anchor: str
    title: nodes.title = field(compare=False)
    parts: tuple[nodes.paragraph, ...] = field(compare=False)
    """What torch saw, the cause and the cure, each with its label."""
    wordings: tuple[str, ...]
    """The fragments of messages that it explains; none where it is told by no message."""
    section: str
    """The identifier of its section."""

    def end_in(self, shown: Shown) -> int:
        """Return how far into the shown message, as :func:`told` has it, a wording reaches; 0 if it holds none.

        The wording begins on the line itself: what is printed below may be something else.
        """
        line, text = plain(shown.line), told(shown)
        starts = ((wording, text.find(wording)) for wording in self.wordings)
        return max(
            (start + len(wording) for wording, start in starts if 0 <= start < len(line)), default=0
        )

    def explains(self, shown: Shown) -> bool:
        """Whether the line is one of the messages that the exhibit is about."""
        return self.end_in(shown) > 0

    def message(self, shown: Shown) -> str:
        """Return the line, and the next words of a wrapped one, up to where the exhibit's wording ends."""
        return told(shown)[: max(len(plain(shown.line)), self.end_in(shown))]


@dataclass
class PageShows:
    """What one page shows."""

    entries: list[Entry] = field(default_factory=list)
    lines: list[Shown] = field(default_factory=list)


def _detached(node: Any) -> Any:
    """Return a copy that belongs to no page, so that the page is not kept with it."""
    copy = node.deepcopy()
    for part in copy.findall():
        part.document = None
    return copy


def _anchor(section: nodes.Element) -> str:
    return str(section["ids"][0]) if section.get("ids") else ""


def _title(section: nodes.Element) -> str:
    title = next((child for child in section.children if isinstance(child, nodes.title)), None)
    return title.astext() if title is not None else ""


def told(shown: Shown) -> str:
    """Return a shown line and what was printed below it, as one text with single spaces."""
    return plain(f"{shown.line} {shown.rest}")


def shown_lines(document: nodes.Element, docname: str) -> Iterator[Shown]:
    """Yield the lines of errors and warnings in the outputs of a page."""
    for block in document.findall(nodes.literal_block):
        if block.get("language", PRINTED_LANGUAGE) in _CODE:
            continue
        section, text = section_of(block), block.astext()
        for found in _LINE.finditer(text):
            yield Shown(
                docname, _anchor(section), _title(section), found.group(), text[found.end() :]
            )


def page_shows(document: nodes.Element, docname: str) -> PageShows:
    """Return what a page shows."""
    entries = [
        Entry(
            docname,
            note["ids"][0],
            _detached(note[0]),
            tuple(_detached(part) for part in note.findall(nodes.paragraph)),
            () if note["silent"] else (note["fragment"], *note["also"]),
            _anchor(section_of(note)),
        )
        for note in exhibits(document)
    ]
    return PageShows(entries, list(dict.fromkeys(shown_lines(document, docname))))


def pages(env: BuildEnvironment) -> dict[str, PageShows]:
    """Return what has been collected, page by page."""
    return kept(env, _SHOWS)


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return the pages in the order of the tables of contents, then those that stand in none."""
    order: dict[str, None] = {}
    waiting = [env.config.root_doc]
    while waiting:
        docname = waiting.pop()
        if docname not in order:
            order[docname] = None
            waiting += reversed(env.toctree_includes.get(docname, []))
    return [*order, *sorted(env.found_docs - set(order))]


def collected(env: BuildEnvironment) -> tuple[list[Entry], list[Shown]]:
    """Return all exhibits and all shown lines, in reading order."""
    shown = pages(env)
    found = [shown.get(docname, PageShows()) for docname in reading_order(env)]
    return (
        [entry for page in found for entry in page.entries],
        [line for page in found for line in page.lines],
    )


def explained_by(entries: Sequence[Entry], shown: Shown) -> Entry | None:
    """Return the first exhibit, in reading order, that explains a line."""
    return next((entry for entry in entries if entry.explains(shown)), None)


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Collect what a page shows that has just been read, and translated."""
    shows = page_shows(doctree, app.env.current_document.docname)
    if shows.entries or shows.lines:
        keep(app.env, _SHOWS, shows)


def on_check_consistency(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of two exhibits with one name: a link could lead to one of them only."""
    del app
    first: dict[str, str] = {}
    for entry in collected(env)[0]:
        if entry.anchor in first:
            logger.warning(
                "exhibit: the name of %s stands on %s too; give each exhibit a name of its own",
                entry.anchor,
                first[entry.anchor],
                location=entry.docname,
                type="exhibit",
                subtype="twice",
            )
        first.setdefault(entry.anchor, entry.docname)
