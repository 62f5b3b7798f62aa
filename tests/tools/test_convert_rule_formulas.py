"""The package's formulas are made by the converter of the site."""

import runpy

import pytest

from _extensions.formulas.mathml import FormulaError
from facts.folders import ROOT

TOOL = runpy.run_path(str(ROOT / "tools" / "convert_rule_formulas.py"))
as_json, rule_mathml = TOOL["as_json"], TOOL["rule_mathml"]


def test_the_kept_mathml_is_what_the_converter_gives_today() -> None:
    advice = "run `python tools/convert_rule_formulas.py`"
    assert as_json() == TOOL["FILE"].read_text(encoding="utf-8"), advice


def test_a_formula_that_the_font_cannot_show_is_refused_with_its_latex() -> None:
    with pytest.raises(FormulaError, match=r"^\\xi ж: the fonts of the site lack ж \(U\+0436\)"):
        rule_mathml(r"\xi ж")


def test_a_formula_that_does_not_convert_is_refused_with_its_latex() -> None:
    with pytest.raises(FormulaError, match=r"^\\nonsense: at character 0"):
        rule_mathml(r"\nonsense")


def test_an_invisible_times_is_an_operator_in_which_a_dot_can_stand() -> None:
    assert "<mi>n</mi><mo>\N{INVISIBLE TIMES}</mo><mi>g</mi>" in rule_mathml(
        "n \N{INVISIBLE TIMES} g"
    )


def test_the_package_itself_converts_nothing() -> None:
    modules = sorted((ROOT / "src").rglob("*.py"))
    assert modules
    assert [path for path in modules if "math_core" in path.read_text(encoding="utf-8")] == []
