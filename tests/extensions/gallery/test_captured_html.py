"""Captured graphs come in the reader's language, without style or script in the page."""

from types import SimpleNamespace

import pytest
from docutils import nodes

from _extensions.gallery.captured_html import (
    WORDS,
    captured_html,
    extract_figure,
    visit_captured_html,
)

FIGURE = (
    '<figure class="av-figure av-graph">'
    '<title data-av-word="graph.title" data-av-args="{&quot;n&quot;: &quot;2&quot;, &quot;m&quot;: &quot;1&quot;}">'
    "Autograd graph with 2 nodes and 1 edges</title></figure>"
)
CAPTURED = (
    f'<div class="output_subarea">\n{FIGURE}\n<!-- av:assets -->\n<style>p {{}}</style>'
    "<script>x</script>\n<!-- /av:assets -->\n</div>\n<br />"
)


def test_only_the_figure_is_taken() -> None:
    assert extract_figure(CAPTURED) == FIGURE


def test_other_html_is_left_alone() -> None:
    assert extract_figure('<table class="dataframe"></table>') is None


def test_a_captured_figure_has_no_text_for_the_search_index() -> None:
    assert captured_html(html=FIGURE).astext() == ""


def test_words_are_replaced_by_key_with_their_values() -> None:
    translated = WORDS.translate_html(FIGURE, lambda _key, _english: "{m} cạnh, {n} nút")
    assert ">1 cạnh, 2 nút</title>" in translated


@pytest.mark.parametrize(("builder", "expected"), [("epub", True), ("html", False)])
def test_a_book_says_why_a_stepper_has_no_buttons(builder: str, expected: bool) -> None:
    writer = SimpleNamespace(builder=SimpleNamespace(name=builder), body=[])
    figure = '<figure class="av-figure av-stepper">steps</figure>'
    with pytest.raises(nodes.SkipNode):
        visit_captured_html(writer, captured_html(html=figure))
    assert ("A book shows all steps" in "".join(writer.body)) is expected
