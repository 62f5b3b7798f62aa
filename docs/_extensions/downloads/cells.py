"""Take a page apart into cells: the text from its translated doctree, the code from its script.

docutils changes tabs, trailing spaces and blank lines of code, so the code comes from sphinx-gallery's own parser. The
two are joined on the comments with line numbers that sphinx-gallery writes before every block.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from _extensions.downloads.markdown import Resolve, render
from _extensions.gallery.answers import answer
from facts.generated import source_lines

Lines = tuple[int, int]


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    source: str
    code: bool
    answer: bool
    """Whether it belongs to the answer of an exercise."""


@dataclass
class Fragment:
    """What stands in a page between two of sphinx-gallery's comments, split where an answer begins or ends."""

    lines: Lines | None
    """The lines of the script; None for its docstring."""
    answer: bool
    content: list[nodes.Node] = field(default_factory=list)


class MismatchError(ValueError):
    """A page and a script do not belong together."""


def _flatten(
    element: nodes.Element, level: int, folded: bool
) -> Iterator[tuple[nodes.Node, int, bool]]:
    for child in element.children:
        if isinstance(child, nodes.section):
            yield from _flatten(child, level + 1, folded)
        elif isinstance(child, answer):
            yield from _flatten(child, level, folded=True)
        else:
            yield child, level, folded


def _heading(title: nodes.title, level: int) -> nodes.Node:
    heading: nodes.Element = title.deepcopy()
    for _ in range(level):
        heading = nodes.section("", heading)
    return heading


def fragments(document: nodes.document) -> list[Fragment]:
    """Return the parts of a gallery page in order, sections flattened, each title at its own level."""
    found = [Fragment(None, answer=False)]
    for node, level, folded in _flatten(document, 0, folded=False):
        current = found[-1]
        if isinstance(node, nodes.comment):
            if lines := source_lines(node.astext()):
                found.append(Fragment(lines, folded))
            continue
        if folded != current.answer:
            current = Fragment(current.lines, folded)
            found.append(current)
        current.content.append(_heading(node, level) if isinstance(node, nodes.title) else node)
    return found


def page_cells(document: nodes.document, script: Path, resolve: Resolve) -> list[Cell]:
    """Return the cells of a gallery page.

    Args:
        document: the page's resolved doctree, in the reader's language.
        script: the gallery script that the page was generated from.
        resolve: gives the references in the text their address.

    Raises:
        MismatchError: the page was generated from another version of the script.
    """
    docstring, *blocks = split_code_and_text_blocks(script)[1]
    by_lines: dict[Lines | None, list[Fragment]] = {}
    for fragment in fragments(document):
        by_lines.setdefault(fragment.lines, []).append(fragment)
    keyed = {None: docstring} | {
        (block.lineno, block.lineno + block.content.count("\n")): block for block in blocks
    }
    if list(by_lines) != list(keyed):
        raise MismatchError(
            f"{script}: its cells stand in the lines {list(keyed)[1:]}, "
            f"but the page was made from {list(by_lines)[1:]}. Run the page again: `make html`"
        )
    cells = []
    for lines, block in keyed.items():
        for fragment in by_lines[lines]:
            if block.type == "code":
                # Blank lines around a cell separate it from its neighbours; what is in it stays as it is.
                cells.append(Cell(block.content.strip("\n"), code=True, answer=fragment.answer))
            elif text := render(fragment.content, resolve):
                cells.append(Cell(text, code=False, answer=fragment.answer))
    return cells


def imports(script: Path, package: str) -> bool:
    """Tell whether ``script`` imports ``package``."""
    for node in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                modules = [module]
            case _:
                continue
        if package in {module.partition(".")[0] for module in modules}:
            return True
    return False
