"""Tell search engines what a page is about: its first paragraph, in its own language."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation

if TYPE_CHECKING:
    from sphinx.application import Sphinx

_ = get_translation("sphinx")

LONGEST = 200  # characters; search engines show no more


def shorten(text: str, longest: int = LONGEST) -> str:
    """Return ``text`` on one line, cut between two words where it is too long."""
    words = " ".join(text.split())
    if len(words) <= longest:
        return words
    return words[: longest - 1].rpartition(" ")[0] + "…"


def describe(document: nodes.document) -> str:
    """Return the first paragraph of a page that is not inside a note, a list or a table; empty if it has none."""
    for paragraph in document.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section | nodes.document):
            return shorten(paragraph.astext())
    return ""


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the page its description."""
    del pagename, templatename
    if app.builder.name != "html":
        return
    text = describe(doctree) if doctree is not None else _("Search the pages of this site.")
    if text:
        tag = f'<meta name="description" content="{html.escape(text)}">\n'
        context["metatags"] = context.get("metatags", "") + tag
