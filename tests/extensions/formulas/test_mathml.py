"""Formulas become MathML when the site is built."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sphinx.errors import ConfigError
from sphinx.testing.util import SphinxTestApp

from _extensions.formulas.font import (
    FONTS,
    STYLE_SHEET,
    font_characters,
    missing_characters,
    parse_characters,
    unicode_range,
)
from _extensions.formulas.mathml import (
    MATHML,
    FormulaError,
    breaks_lines,
    display_latex,
    for_book,
    side_by_side,
    to_mathml,
)
from facts.folders import DOCS, PACKAGE

# What stands between two spaces as wide as a letter or two, and where such a space separates nothing.
BESIDE = {
    r"a = b, \qquad c = d": ["a = b,", "c = d"],
    r"a \quad\Rightarrow\quad b": ["a", r"\Rightarrow", "b"],
    r"\text{so \quad long} + \begin{cases} 1 \quad & 2 \end{cases}": [
        r"\text{so \quad long} + \begin{cases} 1 \quad & 2 \end{cases}"
    ],
    r"a \quadratic b": [r"a \quadratic b"],
    r"\{ a \quad b \}": [r"\{ a", r"b \}"],
    r"a \quad": ["a"],
}

# What the pages of this site write, kind by kind.
FORMULAS = r"""
x^2
y = 2^{11} x
o = \tfrac13 \sum_i z_i
\frac{\partial y}{\partial x}
(J^{\top} v)_i = \sum_j \frac{\partial y_j}{\partial x_i} \frac{\partial \ell}{\partial y_j}
J = \begin{pmatrix} \frac{\partial y_1}{\partial x_1} & \cdots \\ \vdots & \ddots \end{pmatrix}
\nabla_{\theta} \ell(\mathbf{1})
\hat{y} = \sigma(W x + b), \quad \bar{x}, \tilde{x}, \dot{x}, \vec{v}
\operatorname{ReLU}(x) = \max(0, x)
\begin{cases} 1 & \text{nếu } x > 0 \\ 0 & \text{ngược lại} \end{cases}
\frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}\,\gamma + \beta
w \leftarrow w - \eta \, \nabla_w L
f: \mathbb{R}^n \to \mathbb{R}^m
f'(x)\,\mathrm{d}x + \mathbb{R}x
\left.\frac{\partial f}{\partial x}\right|_{x=2}
\overline{a + b}_{\text{tổng}}
\lim_{h \to 0} \frac{f(x+h) - f(x-h)}{2h} = f'(x) + O(h^2)
\bigl\lVert g \bigr\rVert_2 \leq 10^{-6} \approx 0
\operatorname*{arg\,min}_{\theta} \prod_{k=1}^{n} \frac{\partial h_k}{\partial h_{k-1}}
a \odot b \times c \pm d \neq e \in [0, 1) \mapsto g \circ f
\texttt{w.grad} = \{1, 2, \dots, n\}
""".strip().splitlines()


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("latex", FORMULAS)
def test_a_formula_becomes_wellformed_mathml_that_keeps_its_latex(
    latex: str, display: bool
) -> None:
    tree = ET.fromstring(to_mathml(latex, display=display, namespace=True))  # our own text
    assert tree.tag == "{http://www.w3.org/1998/Math/MathML}math"
    assert tree.get("alttext") == latex
    assert (tree.get("display") == "block") is display


def test_a_bracket_of_a_given_size_that_carries_a_power_stands_in_a_row_of_its_own() -> None:
    mathml = to_mathml(r"\bigl( x \bigr)^2", display=False)
    assert re.search(r"<msup><mrow><mo [^>]*>\)</mo></mrow><mn>2</mn></msup>", mathml)


def test_the_same_formula_gives_the_same_mathml() -> None:
    first = [to_mathml(latex, display=True) for latex in FORMULAS]
    assert first == [to_mathml(latex, display=True) for latex in FORMULAS]


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\foo{x}", r"\foo"),
        (r"\frac{1}{", "end of input"),
        ("a & b", "&"),
        (r"x \label{eq}", "option :label:"),
        (r"\begin{align} a &= b \end{align}", r"\begin{aligned}"),
        (r"\mathfrak{g}", "U+1D524"),
        ("v_{đi}", "đ (U+0111)"),
    ],
)
def test_a_formula_that_cannot_be_shown_says_why(latex: str, message: str) -> None:
    with pytest.raises(FormulaError, match=re.escape(message)):
        to_mathml(latex, display=False)


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"a \\ b", True),
        ("a &= b", True),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix}", False),
        (r"\begin{pmatrix} 1 \\ 2 \end{pmatrix} \\ c", True),
        (r"\{ a \& b \}", False),
        (r"\{ a \\ b \}", True),
        (r"\sqrt{a}", False),
    ],
)
def test_a_line_break_counts_outside_of_tables_only(latex: str, expected: bool) -> None:
    assert breaks_lines(latex) is expected


def test_lines_and_equations_are_aligned() -> None:
    two_lines = display_latex("a &= b \\\\\n &= c")
    two_equations = display_latex("a &= b\n\n  c &= d\n")
    for latex in (two_lines, two_equations):
        assert to_mathml(latex, display=True).count("<mtr>") == 2
    assert display_latex(" a = b ") == "a = b"


def test_a_prime_is_not_shrunk() -> None:
    assert "msup" not in to_mathml("f'(x)", display=False)
    assert "msup" in to_mathml("f'(x)^2", display=False)


def test_in_a_book_styles_stand_on_elements_of_their_own() -> None:
    mathml = to_mathml(
        r"\tfrac12 + \begin{pmatrix} a \\ b \end{pmatrix}", display=True, namespace=True
    )
    assert '<mstyle displaystyle="false"><mfrac><mn>1</mn><mn>2</mn></mfrac></mstyle>' in mathml
    assert '<mstyle scriptlevel="0"><mtable displaystyle="false"><mtr>' in mathml
    assert ET.fromstring(mathml).tag == f"{{{MATHML}}}math"  # our own text
    assert for_book(mathml) == mathml


def test_characters_are_listed_one_by_one_or_as_ranges() -> None:
    assert parse_characters("# Greek\nα β\nU+0041..U+0043 U+2061\n#\n") == frozenset("αβABC\u2061")
    with pytest.raises(ConfigError, match=r"U\+0043\.\.U\+0041"):
        parse_characters("U+0043..U+0041")


def test_words_in_a_formula_need_no_glyph_of_the_font() -> None:
    mathml = "<math><mtext>nếu</mtext><mi>𝔤</mi><mo>&lt;</mo></math>"
    assert missing_characters(mathml, frozenset("<")) == ["𝔤"]


@pytest.mark.parametrize(("name", "most_bytes"), [("usual", 13_000), ("rare", 20_000)])
def test_a_committed_font_has_the_listed_characters_and_lays_out_formulas(
    name: str, most_bytes: int
) -> None:
    pytest.importorskip("brotli", reason="reading WOFF2 needs brotli")
    font_tools = pytest.importorskip("fontTools.ttLib", reason="reading a font needs fonttools")
    file = DOCS / "_static" / FONTS[name]
    font = font_tools.TTFont(file)
    selectors = {"\ufe00"}
    assert font_characters(name) - selectors == set(map(chr, font.getBestCmap())), (
        "make the fonts anew as docs/math_characters/rare.txt says"
    )
    assert "MATH" in font
    assert file.stat().st_size < most_bytes


def test_the_usual_font_has_the_space_by_which_a_browser_takes_the_measures_of_formulas() -> None:
    assert " " in font_characters("usual")


def test_the_upright_form_of_a_usual_letter_is_usual_too_since_a_browser_looks_for_it_first() -> (
    None
):
    usual = font_characters("usual")
    letters = {unicodedata.normalize("NFKC", character) for character in usual}
    assert letters - {" "} <= usual


def test_a_browser_is_told_which_characters_the_rare_font_serves() -> None:
    style = (DOCS / "_static" / STYLE_SHEET).read_text(encoding="utf-8")
    assert f"unicode-range: {unicode_range(font_characters('rare'))};" in style
    assert not font_characters("rare") & font_characters("usual")


def test_a_range_of_characters_is_written_as_css_wants_it() -> None:
    assert unicode_range("CAB\u2061") == "U+41-43, U+2061"


def test_the_font_can_show_every_rule_of_the_stepper() -> None:
    rules = json.loads((PACKAGE / "rules" / "formulas.json").read_text(encoding="utf-8"))
    assert len(rules) > 100
    lacking = {character for rule in rules.values() for character in missing_characters(rule)}
    assert lacking == set()


def test_the_licence_of_the_font_is_published_beside_it() -> None:
    licence = (DOCS / "_static" / FONTS["usual"]).with_name("OFL.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def build(tmp_path: Path, page: str, builder: str = "html") -> tuple[dict[str, str], str]:
    """Build one page with formulas and one without; return the pages and the warnings."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("extensions = ['_extensions.formulas']\n", encoding="utf-8")
    (source / "index.rst").write_text(
        f"Title\n=====\n\n.. toctree::\n\n   plain\n\n{page}\n", encoding="utf-8"
    )
    (source / "plain.rst").write_text("Plain\n=====\n\nNo formula.\n", encoding="utf-8")
    app = SphinxTestApp(builder, srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        suffix = "xhtml" if builder == "epub" else "html"
        pages = {
            name: (app.outdir / f"{name}.{suffix}").read_text(encoding="utf-8")
            for name in ("index", "plain")
        }
        return pages, app.warning.getvalue()
    finally:
        app.cleanup()


NUMBERED = (
    ".. math::\n   :label: chain\n\n   \\ell = x^2\n\nSee :eq:`chain`. Inline: :math:`a < b`.\n"
)


def test_a_page_shows_formulas_without_javascript(tmp_path: Path) -> None:
    pages, warnings = build(tmp_path, NUMBERED)
    assert warnings == ""
    assert '<div class="math-block" id="equation-chain">' in pages["index"]
    assert '<span class="eqno">(1)' in pages["index"]
    assert re.search(r'href="#equation-chain"[^>]*>\(1\)<', pages["index"])
    assert '<math alttext="a &lt; b"><mi>a</mi><mo>&lt;</mo><mi>b</mi></math>' in pages["index"]
    assert "mathjax" not in pages["index"].lower()


def test_only_pages_with_formulas_load_the_font(tmp_path: Path) -> None:
    pages, _ = build(tmp_path, NUMBERED)
    preload = '<link rel="preload" href="_static/fonts/stix-two-math.woff2" as="font"'
    assert preload in pages["index"]
    assert "maths.css" in pages["index"]
    assert "stix-two-math" not in pages["plain"]
    assert "maths.css" not in pages["plain"]


def test_a_formula_that_does_not_convert_is_a_warning_at_its_place(tmp_path: Path) -> None:
    pages, warnings = build(tmp_path, "Text.\n\n.. math::\n\n   \\foo x\n\nInline :math:`\\bar`.\n")
    assert "index.rst:10: WARNING: formula cannot be shown: \\foo x" in warnings
    assert "index.rst:14: WARNING: formula cannot be shown: \\bar" in warnings
    assert '<code class="math-error">\\foo x</code>' in pages["index"]


def test_a_chapter_of_an_epub_is_xml_with_mathml(tmp_path: Path) -> None:
    pages, _ = build(tmp_path, NUMBERED, "epub")
    tree = ET.fromstring(pages["index"])  # our own text
    assert len(tree.findall(f".//{{{MATHML}}}math")) == 2
    assert 'href="_static/maths.css"' in pages["index"]
    assert "preload" not in pages["index"]


@pytest.mark.parametrize("latex", BESIDE)
def test_formulas_that_a_wide_space_separates_are_formulas_of_their_own(latex: str) -> None:
    assert side_by_side(latex) == BESIDE[latex]
