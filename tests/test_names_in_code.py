"""A name says what the thing is: names that said nothing, or something else, do not come back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_sizes import modules

from facts.folders import ROOT

SAYS_NOTHING = frozenset(
    {"Say", "aside", "forget_untrue", "is_true", "one", "settled", "tidy", "turn"}
)


def given_names(node: ast.AST) -> Iterator[str]:
    """Yield the names that a piece of code gives or asks for: variables, parameters, attributes, definitions."""
    match node:
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name):
            yield name
        case ast.arg(arg=name) | ast.keyword(arg=str(name)):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
            yield name
        case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
            yield name
        case ast.MatchClass(kwd_attrs=names) | ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from names


def refused(source: str) -> list[str]:
    """Return the names of a module that say nothing, each with its line."""
    found = {
        (getattr(node, "lineno", 0), name)
        for node in ast.walk(ast.parse(source))
        for name in given_names(node)
        if name in SAYS_NOTHING
    }
    return [f"line {line}: {name}" for line, name in sorted(found)]


@pytest.mark.parametrize(
    "source",
    [
        "one = 1",
        "[one.name for one in pages]",
        "def f(one): pass",
        "def turn(): pass",
        "class Say: pass",
        "value.settled",
        "f(tidy=True)",
        "from pages import first as one",
        "try:\n    f()\nexcept OSError as one:\n    pass",
        "match x:\n    case [one, *_]:\n        pass",
        "match x:\n    case [*one]:\n        pass",
        "match x:\n    case {'a': 1, **one}:\n        pass",
        "match x:\n    case Page(one=1):\n        pass",
        "if one := f(): pass",
        "lambda one: 1",
    ],
)
def test_a_name_that_says_nothing_is_found_wherever_it_is_given(source: str) -> None:
    assert refused(source)


def test_texts_and_longer_names_are_free() -> None:
    assert refused('"one"\none_line("turn", 1)  # one\n"""aside"""') == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_name_says_what_the_thing_is(path: Path) -> None:
    advice = "call it what it is: finding, page, machine, tensor …"
    assert [f"{what}: {advice}" for what in refused(path.read_text(encoding="utf-8"))] == []
