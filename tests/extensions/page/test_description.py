"""A page is described by its first paragraph."""

import pytest
from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

from _extensions.page.description import describe, shorten


def test_the_first_paragraph_of_the_text_counts_not_one_in_a_note() -> None:
    page = new_document("page", get_default_settings())
    page += nodes.note("", nodes.paragraph("", "A note."))
    page += nodes.section("", nodes.title("", "T"), nodes.paragraph("", "What is a\n*leaf*?"))
    assert describe(page) == "What is a *leaf*?"


def test_a_page_without_text_has_no_description() -> None:
    assert describe(new_document("page", get_default_settings())) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [("one two", "one two"), ("one two three", "one two…"), ("exactly ten", "exactly…")],
)
def test_a_long_text_is_cut_between_words(text: str, expected: str) -> None:
    assert shorten(text, 10) == expected
