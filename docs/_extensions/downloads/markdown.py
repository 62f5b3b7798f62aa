"""Render parts of a resolved page as Markdown that Jupyter, Colab and VS Code show alike.

sphinx-markdown-builder's translator does the work. What stands here is what a notebook needs otherwise: links that lead
to the hosted page, formulas between dollar signs, notes as quotations, and text in which a dollar sign stays one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import SimpleNamespace
from typing import Any

import docutils.utils
from docutils import frontend, nodes
from sphinx.locale import admonitionlabels
from sphinx_markdown_builder.contexts import IndentContext, SubContext, WrappedContext
from sphinx_markdown_builder.translator import MarkdownTranslator, pushing_context

from _extensions.formulas.mathml import display_latex

Resolve = Callable[[nodes.reference], str | None]
"""Returns the address that a reference leads to outside of the site, or None where there is none."""

# What the translator asks of a builder: Markdown as GitHub and Jupyter read it, each paragraph on one line.
_BUILDER = SimpleNamespace(
    config=SimpleNamespace(
        markdown_anchor_sections=False,
        markdown_anchor_signatures=False,
        markdown_bullet="-",
        markdown_docinfo=False,
        markdown_flavor="github",
        markdown_http_base="",
    ),
    env=SimpleNamespace(domains=None),
)
_NO_LANGUAGE = {"", "default", "none"}
# A dollar would open a formula, "](" a link, "<b" a tag, "&lt;" a character reference.
_ESCAPES = (
    (re.compile(r"\$"), r"\\$"),
    (re.compile(r"\]\("), r"]\\("),
    (re.compile(r"&(?=#?\w+;)"), "&amp;"),
    (re.compile(r"<(?=[a-zA-Z/!?])"), "&lt;"),
)
_BLOCK_START = re.compile(r"^(?:(\d+)(?=[.)]\s)|(?=[#>+-](?:\s|$)))")


def inline_code(text: str) -> str:
    """Return ``text`` as a code span, in as many backticks as it needs."""
    fence = "`"
    while fence in text:
        fence += "`"
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def escape(text: str, *, starts_block: bool = False) -> str:
    """Escape what Markdown in a notebook would read as markup and the translator leaves alone."""
    for pattern, replacement in _ESCAPES:
        text = pattern.sub(replacement, text)
    return _BLOCK_START.sub(r"\1\\", text) if starts_block else text


class _Emphasis(SubContext):  # type: ignore[misc]  # the library ships no types
    """Emphasis whose first letter may have marks; the library's own puts a space before those."""

    def make(self) -> str:
        return f"*{super().make()}*"


class PageMarkdown(MarkdownTranslator):  # type: ignore[misc]  # the library ships no types
    """Markdown for the text cells of a notebook.

    Args:
        document: what to render.
        resolve: gives references their address; one without an address keeps its text only.
    """

    def __init__(self, document: nodes.document, resolve: Resolve) -> None:
        super().__init__(document, _BUILDER)
        self._resolve = resolve

    def visit_Text(self, node: nodes.Text) -> None:  # noqa: N802  # docutils names it so
        if not self.status.escape_text:
            super().visit_Text(node)
            return
        starts = isinstance(node.parent, nodes.paragraph) and node.parent[0] is node
        # The library escapes backslashes, so its turn comes first.
        inner = SubContext()
        self._push_context(inner)
        super().visit_Text(node)
        self._ctx_queue.pop()
        self.add(escape(inner.make(), starts_block=starts))

    @pushing_context  # type: ignore[untyped-decorator]
    def visit_reference(self, node: nodes.reference) -> None:
        address = self._resolve(node)
        self._push_context(WrappedContext("[", f"]({address})") if address else SubContext())

    @pushing_context  # type: ignore[untyped-decorator]
    def visit_emphasis(self, _node: nodes.emphasis) -> None:
        self._push_context(_Emphasis())

    @pushing_context  # type: ignore[untyped-decorator]
    def visit_superscript(self, _node: nodes.superscript) -> None:
        self._push_context(WrappedContext("<sup>", "</sup>"))

    def visit_literal(self, node: nodes.literal) -> None:
        self.add(inline_code(" ".join(node.astext().split("\n"))))
        raise nodes.SkipNode

    def visit_literal_block(self, node: nodes.literal_block) -> None:
        if node.get("language", "") in _NO_LANGUAGE:
            node["language"] = ""
        super().visit_literal_block(node)

    def visit_code_links_block(self, node: nodes.Element) -> None:
        """Write a cell of code whose names are links (code_links.py) as plain code."""
        code = node.astext()
        nodes.literal_block(code, code, language=node["lang"]).walkabout(self)
        raise nodes.SkipNode

    def visit_math(self, node: nodes.math) -> None:
        self.add(f"${' '.join(node.astext().split())}$")
        raise nodes.SkipNode

    def visit_math_block(self, node: nodes.math_block) -> None:
        tag = rf" \tag{{{node['number']}}}" if node.get("number") else ""
        self.add(f"$$\n{display_latex(node.astext())}{tag}\n$$", prefix_eol=2, suffix_eol=2)
        raise nodes.SkipNode

    @pushing_context  # type: ignore[untyped-decorator]
    def visit_block_quote(self, _node: nodes.Element) -> None:
        # `empty` marks the blank lines between paragraphs too: it stays one quotation.
        self._push_context(IndentContext("> ", empty=True))

    def visit_image(self, node: nodes.image) -> None:
        if node.get("alt"):
            self.add(f"*{escape(node['alt'])}*")
        raise nodes.SkipNode

    def _skip_node(self, _node: nodes.Element) -> None:
        raise nodes.SkipNode

    visit_comment = visit_raw = visit_target = _skip_node


def quote_notes(document: nodes.document) -> None:
    """Turn notes of every kind into quotations that begin with the note's title in bold."""
    notes = [
        element
        for element in document.findall(nodes.Element)
        if isinstance(element, nodes.Admonition)
    ]
    for note in notes:
        children = list(note.children)
        if isinstance(note, nodes.admonition):
            heading = children.pop(0).children
        else:
            heading = [nodes.Text(admonitionlabels[note.tagname])]
        strong = nodes.strong("", "", *heading)
        note.replace_self(nodes.block_quote("", nodes.paragraph("", "", strong), *children))


def render(content: Iterable[nodes.Node], resolve: Resolve) -> str:
    """Return ``content`` as Markdown, without a line break at the end.

    Args:
        content: nodes of a resolved doctree; they are copied.
        resolve: gives references their address.
    """
    document = docutils.utils.new_document("page", frontend.get_default_settings())
    document += [node.deepcopy() for node in content]
    quote_notes(document)
    translator: Any = PageMarkdown(document, resolve)
    document.walkabout(translator)
    lines = str(translator.astext()).strip().splitlines()
    return "\n".join(line.rstrip() for line in lines)
