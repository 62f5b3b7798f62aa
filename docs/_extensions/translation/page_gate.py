"""Fail the build of a language wherever a reader would meet the source language.

Two checks, for every language but ``translation_source_language``: before anything is read, the catalogues
themselves (:mod:`_extensions.translation.catalogue_gate`); after Sphinx has translated a page, every translatable
node of it. The second finds what no catalogue can show: a sentence that changed since the messages were
extracted, a translation that Sphinx could not use, one that equals the source.

Messages without letters outside roles, literals and formulas are no messages at all: a transform marks
them, and every displayed formula, as not translatable, so they are neither extracted nor replaced
(a translated formula would be shown as a code block: https://github.com/executablebooks/MyST-Parser/issues/444).
Sphinx's own attribute ``translated`` does not tell a translation that equals its source
(https://github.com/sphinx-doc/sphinx/pull/11502).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import _
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.nodes import extract_messages

from _extensions.reference.names import is_type
from _extensions.stages import Stage
from _extensions.translation.catalogue_gate import is_translation, read_glossary_of
from _extensions.translation.message_markup import has_prose, may_stay, read_markup

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

_WORDS_SHOWN = 8
# Said by Sphinx's Python domain and by napoleon.
_REFERENCE_HEADINGS = (
    *("Parameters", "Variables", "Raises", "Returns", "Return type", "Keyword Arguments"),
    *("Other Parameters", "Yields", "Receives", "Warns", "Example", "Examples", "Notes"),
    *("References", "See also"),
)


def first_words(message: str) -> str:
    """Return the beginning of ``message``, enough to recognise it."""
    words = message.split()
    return " ".join(words[:_WORDS_SHOWN]) + (" …" if len(words) > _WORDS_SHOWN else "")


def shown_messages(node: nodes.Node) -> list[str]:
    """Return what a reader sees of a translatable node, one string a message."""
    if isinstance(node, addnodes.toctree):
        return [title for title, _ in node["entries"] if title] + [node.get("caption") or ""]
    if isinstance(node, nodes.image):
        return [node.get("alt", "")]
    if isinstance(node, nodes.meta):
        return [node.get("content", "")]
    return [node.astext()]


def is_reference_word(node: nodes.Node) -> bool:
    """Tell whether ``node`` is a word that Sphinx puts into an object's description, or a type in it.

    Headings such as "Parameters" come from the interface's catalogue: they are translated already.
    """
    if isinstance(node, nodes.field_name | nodes.rubric):
        return node.astext() in {_(heading) for heading in _REFERENCE_HEADINGS} and _inside(
            node, addnodes.desc_content
        )
    return is_type(node) and _inside(node, addnodes.desc_content)


def _inside(node: nodes.Node, kind: type[nodes.Element]) -> bool:
    parent = node.parent
    while parent is not None and not isinstance(parent, kind):
        parent = parent.parent
    return parent is not None


def is_front_matter(node: nodes.Node) -> bool:
    """Tell whether ``node`` holds what a page says to the tools: it is taken away before anybody reads it."""
    return isinstance(node, nodes.field_list) and isinstance(node.parent, nodes.document)


class NoteSourceMessages(SphinxTransform):
    """Take away what is no message, and remember what each node says before it is translated."""

    default_priority = Stage.BEFORE_TRANSLATION

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002 - the interface of docutils
        """Mark the nodes of one document."""
        for formula in self.document.findall(nodes.math_block):
            formula["translatable"] = False
        for field in list(self.document.findall(is_front_matter)):
            for part in field.findall(nodes.TextElement):
                part["translatable"] = False
        for node, message in list(extract_messages(self.document)):
            if isinstance(node, nodes.TextElement) and (
                is_reference_word(node) or not has_prose(message)
            ):
                node["translatable"] = False
            elif is_translation(self.config):
                node["source_messages"] = [*node.get("source_messages", []), message]
                node["source_shown"] = shown_messages(node)
                self.check_syntax(node, message)

    def check_syntax(self, node: nodes.Node, message: str) -> None:
        """Warn about a message in reST on a page in MyST, such as a docstring.

        Sphinx reads a translation in the syntax of the page's file, so its roles would be shown as they are
        written.
        """
        docname = self.env.current_document.docname
        path = Path(self.env.doc2path(docname))
        kinds = {kind for kind, _, _ in read_markup(message).references}
        if path.suffix == ".md" and "reST role" in kinds:
            untranslated_pages(self.env).add(docname)
            logger.warning(
                "“%s” is reST on a MyST page, where no translation of it can work: write %s in reST (.rst)",
                first_words(message),
                path.name,
                type="translation",
                subtype="mixed_markup",
                location=node,
            )


class TranslationGate(SphinxTransform):
    """Warn about every node that still shows the source language."""

    default_priority = Stage.AFTER_TRANSLATION

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002 - the interface of docutils
        """Check the nodes of one document."""
        if not is_translation(self.config):
            return
        unchanged = read_glossary_of(self.config, Path(self.env.srcdir)).unchanged(
            self.config.language
        )
        docname = self.env.current_document.docname
        for node, message in untranslated(self.document, unchanged):
            untranslated_pages(self.env).add(docname)
            logger.warning(
                "not translated into %r: “%s”. Run `make translations`, then translate it in %s",
                self.config.language,
                first_words(message),
                Path(
                    self.config.locale_dirs[0], self.config.language, "LC_MESSAGES", f"{docname}.po"
                ),
                type="translation",
                subtype="untranslated",
                location=node,
            )


def untranslated(
    document: nodes.document, unchanged: Iterable[str]
) -> Iterator[tuple[nodes.Node, str]]:
    """Yield the nodes of a translated ``document`` that show a source message, with that message."""
    unchanged = list(unchanged)
    for node in list(
        document.findall(lambda node: isinstance(node, nodes.Element) and "source_messages" in node)
    ):
        assert isinstance(node, nodes.Element)  # noqa: S101 - tells the type checker what findall matched
        messages, before = (
            node.attributes.pop("source_messages"),
            node.attributes.pop("source_shown"),
        )
        shown = shown_messages(node)
        for message in messages:
            same = (
                message in shown
                if isinstance(node, addnodes.toctree | nodes.image)
                else shown == before
            )
            if same and not may_stay(message, unchanged):
                yield node, message


class AdoptTranslatedNodes(SphinxTransform):
    """Make what Sphinx parsed out of a catalogue part of the page.

    Each translated message is a document of its own to docutils, and its nodes keep pointing there: to settings that
    hold Sphinx's whole environment. It would be pickled with every page, and is much larger than the page.
    """

    default_priority = Stage.ADOPT_TRANSLATED_NODES

    def apply(self, **kwargs: Any) -> None:
        """Point all nodes of one page to its own document."""
        del kwargs
        for node in self.document.findall():
            node.document = self.document


def untranslated_pages(env: BuildEnvironment) -> set[str]:
    """Return the pages that showed the source language when they were last read."""
    if not hasattr(env, "untranslated_pages"):
        env.untranslated_pages = set()  # type: ignore[attr-defined]  # Sphinx's place for such data
    return env.untranslated_pages  # type: ignore[attr-defined,no-any-return]


def on_env_get_outdated(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Read pages again that were not translated, so that a second build fails like the first."""
    return sorted(untranslated_pages(env) & set(env.found_docs))


def on_env_purge_doc(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    untranslated_pages(env).discard(docname)


def on_env_merge_info(
    _app: Sphinx, env: BuildEnvironment, _docnames: Iterable[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader found."""
    untranslated_pages(env).update(untranslated_pages(other))
