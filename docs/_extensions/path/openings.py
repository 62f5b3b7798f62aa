"""What each page of the gallery opens with: its question, and a small picture of its first graph.

A page begins with its question in bold; the answer follows in the same paragraph. Both are collected when the page is
read, and translated, so that the path, the pages of the parts and the home page open no page again. Where a title, a
question or a picture changes, all pages are written anew: nearly each shows the titles of others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes

from _extensions.gallery.captured_html import captured_html
from _extensions.kept_of_pages import has_changed, keep, kept
from _extensions.path.miniature import miniature, richest

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_GALLERY = "gallery/"
_OPENING, _TOLD = "opening", "openings_told"
_UNWRAPPED = (nodes.strong, nodes.inline, nodes.reference, addnodes.pending_xref)
"""A question elsewhere is not bold, and it is no place for links."""


@dataclass(frozen=True)
class Opening:
    """What one page opens with."""

    question: tuple[nodes.Node, ...] = ()
    picture: str = ""

    @property
    def told(self) -> tuple[str, str]:
        """All of it as text."""
        return "".join(map(str, self.question)), self.picture


def _plain(node: nodes.Node) -> Iterator[nodes.Node]:
    """Yield a node without links, as a part of no page."""
    if isinstance(node, nodes.Text):
        yield nodes.Text(node.astext())
    elif isinstance(node, _UNWRAPPED):
        for child in node.children:
            yield from _plain(child)
    elif isinstance(node, nodes.Element):
        copy: Any = node.deepcopy()
        for part in copy.findall():
            part.document = None
        yield copy


def question_of(document: nodes.document) -> tuple[nodes.Node, ...]:
    """Return what stands in bold at the start of a page's first paragraph, up to its last bold word; else nothing."""
    paragraphs = (
        paragraph
        for paragraph in document.findall(nodes.paragraph)
        if isinstance(paragraph.parent, nodes.section)
    )
    first = next(paragraphs, nodes.paragraph())
    bold = [place for place, node in enumerate(first) if isinstance(node, nodes.strong)]
    if not bold or bold[0]:
        return ()
    return tuple(part for node in first[: bold[-1] + 1] for part in _plain(node))


def opening_of(document: nodes.document) -> Opening:
    """Return what a page opens with."""
    pictures = (miniature(figure["html"]) for figure in document.findall(captured_html))
    return Opening(question_of(document), richest(filter(None, pictures)))


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Collect what a page opens with that has just been read, and translated."""
    if app.env.current_document.docname.startswith(_GALLERY):
        keep(app.env, _OPENING, opening_of(doctree))


def openings(env: BuildEnvironment) -> dict[str, Opening]:
    """Return what has been collected, page by page."""
    return kept(env, _OPENING)


def told(env: BuildEnvironment) -> dict[str, Any]:
    """Return what pages show of other pages."""
    opened = openings(env)
    return {
        docname: (title.astext(), opened.get(docname, Opening()).told)
        for docname, title in env.titles.items()
    }


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write all pages where they show of each other what they did not show before."""
    del app
    return sorted(env.found_docs) if has_changed(env, _TOLD, told(env)) else []
