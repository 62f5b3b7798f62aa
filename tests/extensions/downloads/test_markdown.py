"""Text cells read well in Jupyter, Colab and VS Code."""

import docutils.utils
import pytest
from docutils import frontend, nodes
from docutils.core import publish_doctree

from _extensions.downloads.markdown import escape, inline_code, render
from _extensions.gallery.notebook_notes import fold_notes


def markdown(rst: str, address: str | None = "https://example.org/page.html") -> str:
    return render(publish_doctree(rst).children, lambda _reference: address)


@pytest.mark.parametrize(
    ("rst", "expected"),
    [
        ("A *leaf* is **marked**.", "A *leaf* is **marked**."),
        ("“*đạo hàm*”", "“*đạo hàm*”"),
        ("``x.grad`` and ``a\nb``", "`x.grad` and `a b`"),
        (":math:`x_i^2`", "$x_i^2$"),
        ("2\\ :sup:`11`, a\\ :sub:`i`", "2<sup>11</sup>, a<sub>i</sub>"),
        ("- one\n- two", "- one\n- two"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("::\n\n  x = 1\n  y = 2", "```\nx = 1\ny = 2\n```"),
        ("> not a quotation", "\\> not a quotation"),
    ],
)
def test_markup_becomes_markdown(rst: str, expected: str) -> None:
    assert markdown(rst) == expected


def test_a_displayed_formula_stands_between_two_dollar_signs() -> None:
    assert markdown("So\n\n.. math::\n\n   a &= b \\\\\n   c &= d\n\nfor all.") == (
        "So\n\n$$\n\\begin{aligned}a &= b \\\\\nc &= d\\end{aligned}\n$$\n\nfor all."
    )


def test_a_numbered_formula_keeps_its_number() -> None:
    document = docutils.utils.new_document("page", frontend.get_default_settings())
    document += nodes.math_block("", "x = 1", number=3)
    assert render(document.children, lambda _: None) == "$$\nx = 1 \\tag{3}\n$$"


@pytest.mark.parametrize("kind", ["note", "warning", "tip"])
def test_a_note_is_one_quotation_with_its_label(kind: str) -> None:
    text = markdown(f".. {kind}::\n\n   One.\n\n   Two.")
    assert text == f"> **{kind.capitalize()}**\n>\n> One.\n>\n> Two."


def test_a_note_with_a_title_of_its_own_shows_it() -> None:
    text = markdown(".. admonition:: From *the* notebook\n\n   One ``x``.\n\n   .. math:: y")
    assert text == "> **From *the* notebook**\n>\n> One `x`.\n>\n> $$\n> y\n> $$"


def test_a_note_that_the_page_folds_is_open_in_a_notebook() -> None:
    document = publish_doctree(
        ".. admonition:: From *the* notebook\n   :class: notebook\n\n   One."
    )
    fold_notes(document)
    assert render(document.children, lambda _: None) == "> **From *the* notebook**\n>\n> One."


def test_a_link_leads_where_it_is_told() -> None:
    rst = "See `this page <other.html>`_."
    assert (
        markdown(rst, "https://example.org/o.html")
        == "See [this page](https://example.org/o.html)."
    )


def test_a_link_without_an_address_keeps_its_text() -> None:
    assert markdown("See `this page <other.html>`_.", None) == "See this page."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("it costs $5 or $6", "it costs \\$5 or \\$6"),
        ("y[0](x)", "y[0]\\(x)"),
        ("a <b> c", "a &lt;b> c"),
        ("1 < 2", "1 < 2"),
        ("&lt;", "&amp;lt;"),
        ("3. tháng", "3. tháng"),
    ],
)
def test_marks_in_the_text_stay_marks(text: str, expected: str) -> None:
    assert escape(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("2. x", "2\\. x"), ("- x", "\\- x"), ("-5 x", "-5 x"), ("# x", "\\# x")]
)
def test_a_paragraph_does_not_become_a_list_or_a_title(text: str, expected: str) -> None:
    assert escape(text, starts_block=True) == expected


@pytest.mark.parametrize(("text", "expected"), [("a`b", "``a`b``"), ("`a", "`` `a ``")])
def test_code_with_backticks_gets_more_of_them(text: str, expected: str) -> None:
    assert inline_code(text) == expected
