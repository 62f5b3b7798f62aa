"""Asserts become functions of their parts, and the rest of a page stays as it is."""

import ast
from collections.abc import Callable
from typing import Any

import pytest

from sitebuild.checks.claims import Claim, Kind, Rewriter


def claim(code: str) -> Claim:
    """The last claim of ``code``."""
    rewriter = Rewriter()
    rewriter(ast.parse(code))
    return rewriter.claims[-1]


def texts(code: str, kind: Kind = Kind.SAME) -> list[str]:
    return [part.text for part in claim(code).parts if part.kind is kind]


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("assert x.grad.tolist() == [1.0, y]", ["x.grad.tolist()", "1.0", "y"]),
        ("assert (a, b) == (c, None)", ["a", "b", "c", "None"]),
        ("assert a == b and c is d", ["a", "b", "c", "d"]),
        ("assert torch.equal(x.grad, 2 * v)", ["x.grad", "2", "v"]),
        ("torch.testing.assert_close(x, -(y + z), rtol=1e-3, atol=0)", ["x", "y", "z"]),
        ("torch.testing.assert_close(x, (s - y).detach() / 3)", ["x", "s", "y", "3"]),
        ("assert abs(x - 3) < 1e-6", ["x", "3"]),
        ("assert (x - y).norm() / y.norm() <= 1e-6", ["x", "y"]),
        ("error = (x - y).norm() / y.norm()\nprint(error)\nassert error < 1e-6", ["x", "y"]),
        ("assert message.startswith('in')", ["'in'"]),
        ("assert 'in' in message", ["'in'"]),
        ("assert all(torch.equal(p, q) for p, q in pairs)", ["p", "q"]),
        ("assert not torch.equal(p, q)", ["torch.equal(p, q)"]),
        ("assert a != b", ["a != b"]),
        ("assert flag or x == 2", ["x", "2"]),
        ("assert x**2 == 9", ["x ** 2", "9"]),
        ("assert w.is_leaf", ["w.is_leaf"]),
    ],
)
def test_a_claim_has_the_parts_that_it_compares(code: str, parts: list[str]) -> None:
    assert texts(code) == parts


def test_the_sides_of_a_bound_are_bounds() -> None:
    assert texts("assert loss < first / 2", Kind.BOUND) == ["loss", "first / 2"]
    assert texts("assert 0 < loss <= 1", Kind.BOUND) == ["0", "loss", "1"]
    assert texts("assert a == b > c") == ["a", "b"]
    assert texts("assert a - b < 1e-5", Kind.BOUND) == ["a - b", "1e-05"]


@pytest.mark.parametrize(
    "code",
    [
        "error = (x - y).norm() / f(y)\nassert error < 1e-6",
        "error = (x - y).norm() / y.norm()\ny = 3\nassert error < 1e-6",
    ],
)
def test_a_formula_is_not_computed_twice_where_that_could_change_something(code: str) -> None:
    assert texts(code, Kind.BOUND) == ["error", "1e-06"]


class Watching:
    """Stands in for the recorder: lets the claims hold, and keeps the values of their parts."""

    def __init__(self) -> None:
        self.seen: list[object] = []

    def _part(self, _number: int, compute: Callable[[], object]) -> object:
        self.seen.append(compute())
        return self.seen[-1]

    def holds(self, _number: int, body: Callable[[object], object]) -> object:
        return body(self._part)

    passes = holds


PROGRAM = """
class Tensors:
    testing = None
log = []
def f(x):
    log.append(x)
    assert x == x, "never"
    return x
for n in range(2):
    if n:
        with open("/dev/null"):
            assert f(n) == 1
    else:
        try:
            assert f(n) == 1
        except AssertionError:
            log.append("failed")
"""


def test_a_rewritten_program_does_what_it_did_once() -> None:
    plain: dict[str, Any] = {}
    exec(PROGRAM, plain)  # noqa: S102  # the program above
    watching, rewriter = Watching(), Rewriter()
    changed: dict[str, Any] = {"__claims__": watching}
    tree = ast.fix_missing_locations(rewriter(ast.parse(PROGRAM)))
    exec(compile(tree, "page", "exec"), changed)  # noqa: S102  # as above
    assert changed["log"] == plain["log"] == [0, "failed", 1]
    assert watching.seen == [0, 0, 0, 1, 1, 1, 1, 1]
    assert [claim.line for claim in rewriter.claims] == [7, 12, 15]


def test_a_claim_that_gives_a_name_is_left_alone() -> None:
    assert claim("assert (n := 3) == 3").parts == []
