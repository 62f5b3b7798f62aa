r"""Formulas as MathML, made when the site is built; the page needs no JavaScript for them.

The renderer takes ``:math:`` and ``.. math::`` as Sphinx does: blank lines separate equations and
``\\`` breaks a line, both aligned at ``&``; ``:label:`` numbers an equation. Where ``\quad`` separates two
formulas, a narrow screen has the second below the first. The LaTeX stays in the attribute ``alttext``.
A formula that math-core does not know, and a character that the site's font lacks, is a warning at the
formula's place. There is no config value.
"""

from __future__ import annotations

import html
import re
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

from _extensions.formulas.font import missing_characters
from facts.folders import MATH_CHARACTERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)

MATHML = "http://www.w3.org/1998/Math/MathML"

_STRUCTURE = re.compile(
    # An escaped brace or ampersand is a mark, not structure: it comes first.
    r"\\[{}&]|(?P<open>\\begin\s*\{[^}]*\}|\{)|(?P<close>\\end\s*\{[^}]*\}|\})|(?P<cell>\\\\|&)"
    r"|(?P<gap>\\q?quad(?![A-Za-z]))",
    re.DOTALL,
)
# math-core would number these from 1 in every formula.
_NUMBERING = re.compile(r"\\(?:label|tag|ref|eqref)\b|\\begin\s*\{(?:equation|align|gather)\}")
# The prime of the font is raised by itself; as a superscript it would be tiny and too high.
_PRIME = re.compile(r"<msup>(<m[in][^>]*>[^<]*</m[in]>)<mo>([′″‴]+)</mo></msup>")
# A bracket of a given size that carries an index or a power: browsers centre it on the line only in a row of its own.
_SIZED_BASE = re.compile(r"(<(?:msub|msup|msubsup)>)(<mo minsize=[^>]*>[^<]*</mo>)")
# XML knows five names of characters; an EPUB is XML.
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")
# Browsers take these on every element; MathML 3, which books keep to, on these only.
_STYLES = {
    "displaystyle": frozenset({"math", "mstyle", "mtable"}),
    "scriptlevel": frozenset({"math", "mstyle"}),
}


class FormulaError(ValueError):
    """A formula that cannot become MathML; the message says why."""


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


def _outermost(latex: str) -> Iterator[re.Match[str]]:
    """Yield what separates parts of a formula, outside of every environment and group."""
    depth = 0
    for match in _STRUCTURE.finditer(latex):
        if match["open"]:
            depth += 1
        elif match["close"]:
            depth -= 1
        elif depth == 0:
            yield match


def breaks_lines(latex: str) -> bool:
    r"""Return whether a formula has ``\\`` or ``&`` outside of every environment and group."""
    return any(match["cell"] for match in _outermost(latex))


def side_by_side(latex: str) -> list[str]:
    r"""Return the formulas that ``\quad`` or ``\qquad`` separates, outside of every environment and group."""
    formulas, start = [], 0
    for match in _outermost(latex):
        if match["gap"]:
            formulas.append(latex[start : match.start()])
            start = match.end()
    formulas.append(latex[start:])
    return [formula.strip() for formula in formulas if formula.strip()]


def display_latex(latex: str) -> str:
    r"""Return a displayed formula with its lines and equations in one aligned table."""
    equations = [part.strip() for part in re.split(r"\n\s*\n", latex) if part.strip()]
    if len(equations) > 1 or any(map(breaks_lines, equations)):
        rows = r" \\ ".join(re.sub(r"\\\\\s*$", "", equation) for equation in equations)
        return rf"\begin{{aligned}}{rows}\end{{aligned}}"
    return "\n".join(equations)


def for_book(mathml: str) -> str:
    """Return a formula as XHTML needs it: with its namespace, and styles where MathML 3 allows them.

    Args:
        mathml: one element ``math``, with or without its namespace.
    """
    name_space = f' xmlns="{MATHML}"'
    root = ET.fromstring(mathml.replace(name_space, "", 1))  # noqa: S314  # math-core wrote it
    for parent in list(root.iter()):
        for place, element in enumerate(list(parent)):
            moved = {
                name: element.attrib.pop(name)
                for name, allowed in _STYLES.items()
                if name in element.attrib and element.tag not in allowed
            }
            if moved:
                parent[place] = ET.Element("mstyle", moved)
                parent[place].append(element)
    return ET.tostring(root, encoding="unicode").replace("<math", f"<math{name_space}", 1)


def convert(latex: str, *, display: bool) -> str:
    """Return the MathML of a formula, without its LaTeX.

    Args:
        latex: the formula, without dollar signs.
        display: whether it stands by itself, with large sums and fractions.

    Raises:
        FormulaError: the formula does not convert or the site's fonts lack a character of it.

    """
    if match := _NUMBERING.search(latex):
        raise FormulaError(
            f"{match[0]} is not for a page: number the formula with the option :label: and "
            r"use \begin{aligned}"
        )
    try:
        mathml = _converter().convert_with_local_state(latex, displaystyle=display)
    except LatexError as error:
        raise FormulaError(f"at character {error}") from error
    mathml = _ENTITY.sub(lambda match: html.unescape(match[0]), mathml)
    mathml = _PRIME.sub(r'<mrow>\1<mo lspace="0" rspace="0">\2</mo></mrow>', mathml)
    mathml = _SIZED_BASE.sub(r"\1<mrow>\2</mrow>", mathml)
    if absent := missing_characters(mathml):
        names = ", ".join(f"{character} (U+{ord(character):04X})" for character in absent)
        raise FormulaError(
            f"the fonts of the site lack {names}: see docs/{MATH_CHARACTERS.name}/rare.txt"
        )
    return mathml


def to_mathml(latex: str, *, display: bool, namespace: bool = False) -> str:
    """Return the MathML of a formula, with its LaTeX in the attribute ``alttext``.

    Args:
        latex: the formula, without dollar signs.
        display: whether it stands by itself, with large sums and fractions.
        namespace: whether to name MathML's namespace and keep to MathML 3, which a book (EPUB) needs.

    Raises:
        FormulaError: as for :func:`convert`.

    """
    mathml = convert(latex, display=display)
    mathml = mathml.replace("<math", f'<math alttext="{html.escape(latex)}"', 1)
    return for_book(mathml) if namespace else mathml


def _render(visitor: HTML5Translator, node: nodes.Element, latex: str, *, display: bool) -> str:
    try:
        namespace = visitor.builder.name == "epub"
        return to_mathml(latex, display=display, namespace=namespace)
    except FormulaError as error:
        logger.warning(
            "formula cannot be shown: %s: %s", latex, error, location=node, type="mathml"
        )
        return f'<code class="math-error">{html.escape(latex)}</code>'


def visit_math(self: HTML5Translator, node: nodes.math) -> None:
    """Write a formula in a line of text."""
    self.body.append(_render(self, node, node.astext(), display=False))
    raise nodes.SkipNode


def visit_math_block(self: HTML5Translator, node: nodes.math_block) -> None:
    """Write a displayed formula with its number, if it has one."""
    plain = node.get("no-wrap", node.get("nowrap", False))
    latex = node.astext() if plain else display_latex(node.astext())
    self.body.append(self.starttag(node, "div", CLASS="math-block"))
    # A narrow screen has them below each other.
    for formula in side_by_side(latex):
        self.body.append(_render(self, node, formula, display=True))
    if node.get("number"):
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode
