"""The rules' formulas: well-formed, without words, in letters that no page uses."""

from __future__ import annotations

import ast
import json
import re
import xml.etree.ElementTree as ET
from importlib.resources import files
from pathlib import Path

import pytest

from autograd_vi.rules.expressions import LETTERS
from autograd_vi.rules.formulas import formulas, mathml
from autograd_vi.rules.table import RULES, rules_of

ROOT = Path(__file__).resolve().parents[3]
GALLERY = ROOT / "gallery"
CURRICULUM = """
    Add Sub Mul Div Neg Pow Mean Sum Addmm Mm Mv Dot T Transpose Permute Relu Sigmoid
    BinaryCrossEntropyWithLogits MseLoss NativeBatchNorm Convolution MaxPool2DWithIndices
    AdaptiveAvgPool2D View UnsafeView Clone ToCopy Log Exp Clamp Select Index Expand Squeeze
    Unsqueeze NllLoss LogSoftmax
""".split()  # noqa: SIM905 (shorter to read than a list of strings)


@pytest.mark.parametrize("name", CURRICULUM)
def test_the_operations_of_the_curriculum_have_a_rule(name: str) -> None:
    assert rules_of(f"{name}Backward0")


def test_leaves_have_a_rule() -> None:
    assert rules_of("AccumulateGrad")


def test_names_that_scripts_of_the_gallery_mention_have_a_rule() -> None:
    named = set()
    for script in GALLERY.rglob("plot_*.py"):
        tree = ast.parse(script.read_text(encoding="utf-8"))
        texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)]
        named |= {
            w for t in texts if isinstance(t, str) for w in re.findall(r"\b[A-Z]\w+Backward\d", t)
        }
    assert not sorted(name for name in named if not rules_of(name))


def test_an_operation_without_a_rule_has_none() -> None:
    assert not rules_of("SomethingNewBackward0")
    assert not rules_of("Cube")


def test_the_file_holds_each_formula_of_the_rules_and_no_other() -> None:
    text = files("autograd_vi.rules").joinpath("formulas.json").read_text(encoding="utf-8")
    assert list(json.loads(text)) == formulas()


def test_a_formula_is_well_formed_and_has_no_word_to_translate() -> None:
    for formula in formulas():
        root = ET.fromstring(mathml(formula))
        assert root.tag == "{http://www.w3.org/1998/Math/MathML}math"
        assert not [e for e in root.iter() if e.tag.endswith(("}mtext", "}merror"))], formula


def test_every_backward_formula_says_what_leaves() -> None:
    assert all(any(leaving.latex for leaving in rule.leaving) for rule in RULES)


def test_no_page_uses_the_letters_that_stand_for_operands() -> None:
    letters = {LETTERS[letter] for letter in "abcrtmw"}
    pages = [
        *GALLERY.rglob("*.py"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "docs/guide").glob("*.md"),
    ]
    if not pages:
        pytest.skip("the package is tested alone, without its site")
    used = {
        (page.name, letter)
        for page in pages
        for letter in letters
        if re.search(re.escape(letter) + r"(?![A-Za-z])", page.read_text(encoding="utf-8"))
    }
    assert not used
