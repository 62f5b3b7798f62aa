"""A formula in a line of text keeps the punctuation that touches it."""

import docutils.utils
import pytest
from docutils import frontend, nodes

from _extensions.formulas.punctuation import CLASS, hold_together


@pytest.mark.parametrize(
    ("before", "after", "together"),
    [
        ("of ", ". Then", "x."),
        ("(that is, (", "), so", "(x),"),
        ("“", "”: yes", "“x”:"),
        ("±", " and", "±x"),
        ("the ", "-th row", "x-"),
    ],
)
def test_punctuation_that_touches_a_formula_stays_with_it(
    before: str, after: str, together: str
) -> None:
    page = docutils.utils.new_document("page", frontend.get_default_settings())
    page += nodes.paragraph("", "", nodes.Text(before), nodes.math("", "x"), nodes.Text(after))
    hold_together(page)
    assert page.astext() == f"{before}x{after}"
    assert [span.astext() for span in page.findall(nodes.inline)] == [together]
    assert next(page.findall(nodes.inline))["classes"] == [CLASS]


def test_a_formula_among_words_may_move_to_the_next_line() -> None:
    page = docutils.utils.new_document("page", frontend.get_default_settings())
    page += nodes.paragraph("", "", nodes.Text("of "), nodes.math("", "x"), nodes.Text(" and "))
    page += nodes.paragraph("", "", nodes.math("", "x"), nodes.strong("", "."))
    hold_together(page)
    assert not list(page.findall(nodes.inline))
