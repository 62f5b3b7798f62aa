"""The code cells of a page, and a run of them that keeps what each one shows.

A page is a script of the gallery or a page in MyST with code cells. Its cells run in one namespace, as sphinx-gallery
and Jupyter run them: a cell shows what it prints, and the value of a last line that is an expression.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from facts.code_cells import CELL

_OPTIONS = re.compile(r"\A(?:---\n.*?^---\n|(?::[\w-]+:[^\n]*\n)+)", re.MULTILINE | re.DOTALL)
_HIDDEN_TYPES = ("matplotlib",)
"""What a plotting call returns says nothing; the gallery does not show it either."""

Transform = Callable[[ast.Module], ast.Module]


@dataclass(frozen=True)
class Cell:
    """One code cell."""

    line: int
    """The line of the page on which its code begins, from 1."""
    code: str


@dataclass(frozen=True)
class Output:
    """What one cell showed."""

    line: int
    text: str
    """What it printed, and its last value as text where that has no HTML."""
    html: str = ""


@dataclass(frozen=True)
class Failure:
    """Where and how a page failed."""

    line: int
    error: str
    cell: int
    """The line on which the cell begins that failed."""

    @classmethod
    def of(cls, error: BaseException, page: Path, cell: int) -> Failure:
        """Return where ``error`` left ``page``: the innermost of the page's own lines, else that of the cell."""
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame.lineno for frame in frames if frame.filename == str(page) and frame.lineno]
        message = str(error).strip()
        told = f"{type(error).__name__}: {message}".rstrip(": ")
        return cls(own[-1] if own else cell, told, cell)


def _script_cells(path: Path) -> list[Cell]:
    from sphinx_gallery.py_source_parser import (  # noqa: PLC0415  # a translator lacks it
        split_code_and_text_blocks,
    )

    _, blocks = split_code_and_text_blocks(str(path))
    return [Cell(line, code) for kind, code, line in blocks if kind == "code" and code.strip()]


def _myst_cells(path: Path) -> list[Cell]:
    text = path.read_text(encoding="utf-8")
    cells = []
    for match in CELL.finditer(text):
        _, *lines, _ = match[0].rstrip().splitlines(keepends=True)
        code = "".join(lines)
        options = _OPTIONS.match(code)
        code = code[options.end() :] if options else code
        line = text.count("\n", 0, match.start()) + 1
        cells.append(Cell(line + 1 + len(lines) - code.count("\n"), code))
    return cells


def cells(path: Path) -> list[Cell]:
    """Return the code cells of a page, a script (``.py``) or a page in MyST (``.md``), in order."""
    return _script_cells(path) if path.suffix == ".py" else _myst_cells(path)


def _shown(value: object) -> tuple[str, str]:
    """Return a last value as the text and the HTML that the page shows of it."""
    if value is None or type(value).__module__.startswith(_HIDDEN_TYPES):
        return "", ""
    as_html = getattr(value, "_repr_html_", None)
    return ("", as_html()) if as_html else (repr(value), "")


def _run(tree: ast.Module, page: Path, namespace: dict[str, Any]) -> tuple[str, str]:
    """Run one parsed cell and return the text and the HTML that it shows."""
    last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    body = ast.Module(tree.body[:-1] if last else tree.body, type_ignores=[])
    printed, html = io.StringIO(), ""
    with contextlib.redirect_stdout(printed):
        exec(compile(body, str(page), "exec"), namespace)  # noqa: S102  # the project's own page
        if last:
            value = eval(  # noqa: S307  # as above
                compile(ast.Expression(last.value), str(page), "eval"), namespace
            )
            text, html = _shown(value)
            print(text, end="\n" if text else "")
    return printed.getvalue().strip(), html


def run_cells(
    page: Path, of_page: Iterable[Cell], transform: Transform | None = None, **given: object
) -> tuple[list[Output], Failure | None]:
    """Run cells one after the other, until the first that fails.

    Args:
        page: the file that they come from, for the tracebacks.
        of_page: the cells.
        transform: changes each parsed cell before it runs.
        given: names that the cells find, beside their own.

    Returns:
        What the cells showed, and how one of them failed, if one did.
    """
    namespace: dict[str, Any] = {"__name__": "__main__", "__file__": str(page), **given}
    outputs: list[Output] = []
    for cell in of_page:
        try:
            tree = ast.parse(cell.code)
            ast.increment_lineno(tree, cell.line - 1)
            if transform:
                tree = ast.fix_missing_locations(transform(tree))
            text, html = _run(tree, page, namespace)
        except Exception as error:  # noqa: BLE001  # whatever a page raises is its failure
            return outputs, Failure.of(error, page, cell.line)
        if text or html:
            outputs.append(Output(cell.line, text, html))
    return outputs, None


def as_data(outputs: Sequence[Output], failure: Failure | None) -> dict[str, Any]:
    """Return the outcome of a run as what JSON can hold."""
    return {
        "outputs": [asdict(output) for output in outputs],
        "failure": asdict(failure) if failure else None,
    }
