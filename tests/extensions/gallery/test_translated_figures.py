"""A figure says its words in the language of the page, and nothing else in it changes."""

import pytest

from _extensions.gallery.translated_figures import translate

SVG = (
    '<svg><text class="word" style="fill: #1b1c1d" x="1">loss</text><text x="2">loss</text>'
    '<text class="word" x="3">R &amp; D, a &lt; b</text><path d="M 0 0"/></svg>'
)


def test_each_word_is_said_in_the_other_language() -> None:
    said = translate(SVG, {"loss": "mất mát", "R & D, a < b": "A & B < C"})
    assert said == SVG.replace(">loss</text><text x", ">mất mát</text><text x").replace(
        "R &amp; D, a &lt; b", "A &amp; B &lt; C"
    )


def test_a_figure_without_words_stays_as_it_is() -> None:
    assert translate("<svg><text>1</text></svg>", {}) == "<svg><text>1</text></svg>"


def test_a_word_that_nobody_translates_is_an_error_and_not_english_on_the_page() -> None:
    with pytest.raises(KeyError, match="loss"):
        translate(SVG, {})
