"""Captured graphs come in the reader's language, without style or script in the page."""

import re
from types import SimpleNamespace

import pytest
from docutils import nodes
from minimal_site import Built, MinimalSite

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


LEGEND = '<details class="av-legend">'
OPEN = '<details class="av-legend" open="open">'


def test_a_book_unfolds_every_key() -> None:
    writer = SimpleNamespace(builder=SimpleNamespace(name="epub"), body=[])
    with pytest.raises(nodes.SkipNode):
        visit_captured_html(writer, captured_html(html=LEGEND))
    assert writer.body == [OPEN]


EXTENSIONS = ["myst_parser", "_extensions.gallery", "_extensions.translation"]
STEPPER = CAPTURED.replace("av-graph", "av-stepper")
PARTS = '<a class="av-opens" href="#av-part-1">1</a><p id="av-part-1">av-part-1</p>'
OPENING = CAPTURED.replace("</figure>", f"{PARTS}</figure>")


def built_with(site: MinimalSite, html: str, builder: str = "html") -> Built:
    page = site.docs / "graph.md"
    page.write_text(f"---\norphan: true\n---\n\n# Graph\n\n```{{raw}} html\n{html}\n```\n")
    return site.build("en", builder, extensions=EXTENSIONS)


@pytest.mark.parametrize(
    ("html", "style", "script", "opening"),
    [
        (CAPTURED, True, False, False),
        (STEPPER, True, True, False),
        (OPENING, True, False, True),
        ("<table><tr><td>1</td></tr></table>", False, False, False),
    ],
)
def test_a_page_loads_the_style_and_the_script_that_its_figures_need(
    minimal_site: MinimalSite, html: str, style: bool, script: bool, opening: bool
) -> None:
    built = built_with(minimal_site, html)
    page = built.page("graph")
    assert ("_static/graph.css" in page) is style
    assert ("_static/stepper.js" in page) is script
    assert ("_static/opening.js" in page) is opening
    assert (built.out / "_static" / "graph.css").is_file()
    assert (built.out / "_static" / "stepper.js").is_file()
    assert (built.out / "_static" / "opening.js").is_file()
    assert "<style>p {}" not in page
    assert ("Autograd graph with 2 nodes and 1 edges</title>" in page) is style


def test_the_parts_of_each_figure_have_identifiers_of_their_own(minimal_site: MinimalSite) -> None:
    page = built_with(minimal_site, f"{OPENING}\n```\n\n```{{raw}} html\n{OPENING}").page("graph")
    assert re.findall(r'(?:id="|href="#)(av-\d-part-1)"', page) == [
        *["av-1-part-1"] * 2,
        *["av-2-part-1"] * 2,
    ]
    assert page.count(">av-part-1<") == 2  # text stays


def test_the_words_of_a_figure_are_no_text_to_search(minimal_site: MinimalSite) -> None:
    index = (built_with(minimal_site, CAPTURED).out / "searchindex.js").read_text(encoding="utf-8")
    assert '"graph"' in index
    assert "autograd graph with" not in index.lower()


def test_a_format_without_html_leaves_the_figure_out(minimal_site: MinimalSite) -> None:
    text = (built_with(minimal_site, CAPTURED, "text").out / "graph.txt").read_text("utf-8")
    assert text.startswith("Graph")
    assert "nodes" not in text


def test_the_key_is_open_in_the_first_figure_of_a_page_alone(minimal_site: MinimalSite) -> None:
    figure = f'<figure class="av-figure av-graph">{LEGEND}</details></figure>'
    page = built_with(minimal_site, f"{figure}\n```\n\n```{{raw}} html\n{figure}").page("graph")
    assert (page.count(OPEN), page.count(LEGEND)) == (1, 1)
    assert page.index(OPEN) < page.index(LEGEND)
