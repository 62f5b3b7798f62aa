"""Functions and modules stay small enough to be read at one go."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from facts.folders import DOCS, ROOT

FUNCTION_LINES = 60
MODULE_LINES = 300
REASON = "long because"  # what a docstring says where more lines are needed

# Not gallery/: its scripts are pages, and most of their lines are text.
FOLDERS = ("benchmarks", "docs", "src", "tests", "tools")
GENERATED = DOCS / "gallery"


def modules(root: Path = ROOT) -> list[Path]:
    found = (path for folder in FOLDERS for path in sorted((root / folder).rglob("*.py")))
    return [path for path in found if not path.is_relative_to(GENERATED)]


def too_long(source: str) -> Iterator[str]:
    """Name what is longer than allowed in a module and gives no reason."""
    module = ast.parse(source)
    lines = len(source.splitlines())
    if lines > MODULE_LINES and REASON not in (ast.get_docstring(module) or ""):
        yield f"the module has {lines} lines, allowed are {MODULE_LINES}"
    for node in ast.walk(module):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES and REASON not in (ast.get_docstring(node) or ""):
                yield f"{node.name} has {lines} lines, allowed are {FUNCTION_LINES}"


def function(lines: int, docstring: str) -> str:
    return f'def f():\n    """{docstring}"""\n' + "    f()\n" * (lines - 2)


def test_one_line_too_many_is_found_unless_a_reason_is_given() -> None:
    assert list(too_long(function(60, "Call."))) == []
    assert list(too_long(function(61, "Call."))) == ["f has 61 lines, allowed are 60"]
    assert list(too_long(function(61, "Call. It is long because it is a table."))) == []
    assert list(too_long('"""A module."""\n' + "x = 1\n" * 299)) == []
    assert len(list(too_long('"""A module."""\n' + "x = 1\n" * 300))) == 1
    assert list(too_long('"""It is long because it is a table."""\n' + "x = 1\n" * 300)) == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_is_longer_than_allowed(path: Path) -> None:
    advice = f"split it, or say in its docstring that it is {REASON} …"
    assert [f"{what}: {advice}" for what in too_long(path.read_text(encoding="utf-8"))] == []
