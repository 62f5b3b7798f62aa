"""The glossary page, from ``glossary.toml``.

The directive ``{glossary-terms}`` (no arguments, MyST pages) stands for a Sphinx glossary of all terms,
each with its definition and its equivalent in the site's other languages. Terms and definitions are
messages of the page's catalogue. ``:term:`` finds a term by its English name in every language:
``:term:`đồ thị tính toán <computational graph>``` in a Vietnamese catalogue. In every language the
terms stand in the order of their letters, those of a letter below it, with an index of the letters above all.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.domains.std import Glossary as GlossaryDirective
from sphinx.transforms import SphinxTransform

from _extensions.glossary.appearances import appearances
from _extensions.stages import Stage
from facts.glossary import Term, read_glossary
from facts.site import language_tag

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec


EQUIVALENT = "glossary-equivalent"
"""The class of the line with a term's equivalent in another language."""


def glossary_lines(terms: tuple[Term, ...]) -> list[str]:
    """Return the content of a ``glossary`` directive for ``terms``."""
    return [line for term in terms for line in (term.term, f"   {term.definition}", "")]


def equivalents(
    term: Term, language: str, source_language: str, names: dict[str, str]
) -> list[tuple[str, str]]:
    """Return (language code, wording) for every language of ``names`` but ``language``."""
    shown = []
    for code in names:
        if code == language:
            continue
        other = term.languages.get(code)
        wording = term.term if code == source_language else other.term if other else ""
        if wording:
            shown.append((code, wording))
    return shown


def alphabetical(text: str) -> tuple[str, str]:
    """Return a key that sorts Latin letters with marks beside those without (đ after d)."""
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d~"))
    return "".join(character for character in plain if not unicodedata.combining(character)), text


def letter(text: str) -> str:
    """Return the letter below which a term stands."""
    plain, _ = alphabetical(text)
    return "Đ" if plain.startswith("d~") else plain[:1].upper()


def _name(item: nodes.Node) -> str:
    """Return the term of an entry."""
    assert isinstance(item, nodes.Element)  # noqa: S101  # what a definition list holds
    return next(iter(item.findall(nodes.term))).astext()


def by_letters(entries: list[nodes.Node]) -> list[nodes.Node]:
    """Return the index of the letters, then each letter with its entries.

    Args:
        entries: the items of the glossary's list.
    """
    ordered = sorted(entries, key=lambda item: alphabetical(_name(item)))
    groups = [
        (sign, list(each)) for sign, each in groupby(ordered, lambda item: letter(_name(item)))
    ]
    index = nodes.paragraph("", "", classes=["glossary-letters"], translatable=False)
    lists: list[nodes.Node] = []
    for sign, items in groups:
        identifier = f"letter-{sign.lower()}"
        # A space, for where no style sets the letters apart.
        index += [nodes.reference("", sign, refid=identifier, internal=True), nodes.Text(" ")]
        heading = nodes.rubric("", sign, ids=[identifier], classes=["glossary-letter"])
        heading["heading-level"], heading["translatable"] = 2, False
        lists += [heading, nodes.definition_list("", *items, classes=["glossary"])]
    return [index, *lists]


class GlossaryTerms(GlossaryDirective):
    """A Sphinx glossary whose content comes from the glossary file."""

    has_content = False
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return the glossary, each entry with its equivalents in the other languages."""
        path = Path(self.env.srcdir, self.config.glossary_file)
        self.env.note_dependency(path)
        terms = read_glossary(path).terms
        source = self.env.doc2path(self.env.current_document.docname)
        lines = glossary_lines(terms)
        self.content = StringList(lines, items=[(str(source), self.lineno)] * len(lines))
        result = super().run()
        for entry, term in zip(result[-1].findall(nodes.definition_list_item), terms, strict=True):
            heading, definition = entry.children
            assert isinstance(heading, nodes.term)  # noqa: S101  # what Sphinx's glossary makes
            assert isinstance(definition, nodes.definition)  # noqa: S101
            for form in term.source_forms()[1:]:
                # :term:`leaf tensors` finds the term without a shown text of its own.
                self.env.domains.standard_domain.note_object(
                    "term", form, heading["ids"][0], location=heading
                )
            names = self.config.glossary_languages
            others = equivalents(
                term, self.config.language, self.config.translation_source_language, names
            )
            # They follow the term at once, so that a page can show them beside it.
            definition[:0] = [_equivalent_line(code, names[code], word) for code, word in others]
            definition += appearances(forms=[form.lower() for form in term.source_forms()])
        return result


def _equivalent_line(code: str, language: str, wording: str) -> nodes.paragraph:
    tag = f"language-{language_tag(code)}"  # docutils makes it the attribute lang
    line = nodes.paragraph("", "", classes=[EQUIVALENT], translatable=False)
    line += nodes.inline("", language, classes=[tag])
    line += nodes.Text(": ")
    line += nodes.inline("", wording, classes=[tag])
    return line


class SortGlossary(SphinxTransform):
    """Put the entries of the glossary below their letters, in the reader's language."""

    default_priority = Stage.SORT_GLOSSARY

    def apply(self, **kwargs: Any) -> None:  # noqa: ARG002 - the interface of docutils
        """Sort every glossary of one document."""
        for glossary in self.document.findall(addnodes.glossary):
            glossary[:] = by_letters([item for entries in glossary for item in entries.children])
