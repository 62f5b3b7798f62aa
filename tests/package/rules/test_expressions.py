"""One expression gives a formula and its value."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.rules.expressions import TIMES, latex, names, value


@pytest.mark.parametrize(
    ("expression", "formula"),
    [
        ("g * b", r"g \odot \psi"),
        ("-g * a / b**2", r"-g \odot \xi / \psi^{2}"),
        ("g * (1 - r)", r"g \odot (1 - \rho)"),
        ("(a - b) * g", r"(\xi - \psi) \odot g"),
        ("a - (b - g)", r"\xi - (\psi - g)"),
        ("2 * a", f"2 {TIMES} \\xi"),
        ("sin(a) * b", r"(\sin \xi) \odot \psi"),
        ("b * sin(a)", r"\psi \odot \sin \xi"),
        ("ln(1 + a)", r"\ln(1 + \xi)"),
        ("g * (0 < a <= b)", r"g \odot [0 < \xi \le \psi]"),
        ("g @ T(b)", r"g\, \psi^\top"),
        ("1 / 2 * g", rf"\tfrac{{1}}{{2}} {TIMES} g"),
        ("(a + b)**2", r"(\xi + \psi)^{2}"),
    ],
)
def test_a_formula_has_brackets_where_it_needs_them(expression: str, formula: str) -> None:
    assert latex(expression) == formula


def test_numbers_stand_beside_what_they_multiply() -> None:
    assert latex("n * a", frozenset("n")) == f"n {TIMES} \\xi"
    assert latex("g / n * ones", frozenset("gn")) == rf"\tfrac{{g}}{{n}} {TIMES} \mathbf{{1}}"


def test_names_are_those_of_operands_and_numbers() -> None:
    assert names("n * sigma(a) + max(b, 0)") == {"n", "a", "b"}


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_values_are_those_of_python(x: float, y: float) -> None:
    a, b = (torch.tensor(v, dtype=torch.float64) for v in (x, y))
    computed = value("-a * (b - 2)**2 + (a < b)", {"a": a, "b": b, "g": a})
    assert float(computed) == pytest.approx(-x * (y - 2) ** 2 + (x < y))


@pytest.mark.parametrize("expression", ["a[0]", "a if b else g", "a.b", "lambda: a", "not a"])
def test_other_forms_of_python_are_refused(expression: str) -> None:
    with pytest.raises(SyntaxError, match="none of the forms"):
        latex(expression)
    with pytest.raises(SyntaxError, match="none of the forms"):
        value(expression, {"a": 1, "b": 1, "g": 1})


def test_a_missing_value_is_named() -> None:
    with pytest.raises(KeyError, match="b"):
        value("g * b", {"g": torch.ones(())})
