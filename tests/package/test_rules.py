"""The rules' formulas, and that every operation of our pages has one."""

from __future__ import annotations

import ast
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from autograd_vi.rules import RULES, convert, formulas, mathml, rule

GALLERY = Path(__file__).resolve().parents[2] / "gallery"
CAPTURED = GALLERY.parent / "docs" / "gallery"
CURRICULUM = """
    Add Sub Mul Div Neg Pow Mean Sum Addmm Mm Mv Dot T Transpose Permute Relu Sigmoid
    BinaryCrossEntropyWithLogits MseLoss NativeBatchNorm Convolution MaxPool2DWithIndices
    AdaptiveAvgPool2D View UnsafeView Reshape Clone ToCopy Log Exp Clamp Select Index Expand Squeeze
    Unsqueeze NllLoss LogSoftmax
""".split()  # noqa: SIM905 (shorter to read than a list of strings)


@pytest.mark.parametrize("name", CURRICULUM)
def test_the_operations_of_the_curriculum_have_a_rule(name: str) -> None:
    assert rule(f"{name}Backward0") is not None


def test_leaves_have_a_rule() -> None:
    assert rule("AccumulateGrad") is not None


def test_names_that_scripts_of_the_gallery_mention_have_a_rule() -> None:
    named = set()
    for script in GALLERY.rglob("plot_*.py"):
        tree = ast.parse(script.read_text(encoding="utf-8"))
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        named |= {
            w for t in texts if isinstance(t, str) for w in re.findall(r"\b[A-Z]\w+Backward\d", t)
        }
    assert not sorted(name for name in named if rule(name) is None)


def test_operations_that_the_pages_step_through_have_a_rule() -> None:
    pages = [page for page in CAPTURED.rglob("*.rst") if "av-stepper" in page.read_text("utf-8")]
    if not pages:
        pytest.skip("no page with a stepper has run yet: make html runs the gallery")
    told = re.compile(r'<p class="av-op"><code>(\w+Backward\w*|AccumulateGrad)</code>')
    named = {name for page in pages for name in told.findall(page.read_text("utf-8"))}
    assert named
    assert not sorted(name for name in named if rule(name) is None)


def test_overloads_share_a_rule_unless_they_differ() -> None:
    assert rule("MeanBackward0") == rule("MeanBackward1")
    assert rule("PowBackward0") != rule("PowBackward1")


def test_an_operation_without_a_rule_has_none() -> None:
    assert rule("SomethingNewBackward0") is None
    assert rule("Cube") is None


def test_the_kept_mathml_is_what_the_converter_gives_today() -> None:
    pytest.importorskip("math_core")
    assert {formula: mathml(formula) for formula in formulas()} == convert()


@pytest.mark.parametrize("formula", formulas())
def test_a_formula_is_well_formed_and_has_no_word_to_translate(formula: str) -> None:
    root = ET.fromstring(mathml(formula))
    assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert not [e for e in root.iter() if e.tag.endswith(("}mtext", "}merror"))]


def test_every_backward_formula_says_what_leaves() -> None:
    assert all(r.backward for r in RULES.values())
