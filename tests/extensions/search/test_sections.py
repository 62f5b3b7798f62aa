"""How much a section is about a term."""

from __future__ import annotations

import pytest
from docutils import nodes
from docutils.core import publish_doctree

from _extensions.search.sections import STEPS, Section, impacts, index, sections
from _extensions.search.vietnamese import VietnameseSearch

LANGUAGE = VietnameseSearch({})
PAGE = """
Page
====

First words, with ``code_name`` and a **bold** one.

Part
----

More words::

   printed

.. comment

.. raw:: html

   <p>drawn</p>
"""


def page(text: str = PAGE) -> nodes.document:
    return publish_doctree(text, settings_overrides={"doctitle_xform": False, "raw_enabled": True})


def section(text: str, weight: float = 1) -> Section:
    made = Section("a", "T")
    made.add(text, weight, LANGUAGE)
    return made


def test_each_section_has_its_own_words() -> None:
    first, part = sections(page(), LANGUAGE)
    assert (first.anchor, first.title) == ("", "Page")
    assert (part.anchor, part.title) == ("part", "Part")
    assert "first" in first.counts
    assert "printed" not in first.counts
    assert "first" not in part.counts


def test_a_place_counts_more_than_another() -> None:
    first, part = sections(page(), LANGUAGE)
    assert first.counts["page"] > first.counts["code_name"] == first.counts["bold"]
    assert first.counts["bold"] > first.counts["words"] > part.counts["printed"] > 0


def test_comments_and_captured_html_are_not_searched() -> None:
    _, part = sections(page(), LANGUAGE)
    assert not {"comment", "drawn"} & set(part.counts)


def test_what_docutils_tells_the_author_is_not_searched() -> None:
    document = page()
    document += nodes.system_message("", nodes.paragraph(text="fallback"), type="INFO", level=1)
    assert all("fallback" not in section.counts for section in sections(document, LANGUAGE))


def test_what_is_marked_so_is_not_searched() -> None:
    hidden = page("Page\n====\n\n.. container:: no-search\n\n   secret\n")
    (only,) = sections(hidden, LANGUAGE)
    assert "secret" not in only.counts


def test_what_a_feature_marks_stands_for_itself_by_each_of_its_wordings() -> None:
    document = page("Page\n====\n\n.. note:: One cause.\n")
    (note,) = document.findall(nodes.note)
    note["ids"], note["search_words"] = ["exhibit"], ["out of memory", "no room left"]
    _, entry = sections(document, LANGUAGE)
    assert (entry.anchor, entry.title, entry.entry) == ("exhibit", "out of memory", True)
    assert entry.counts["room"] == entry.counts["memory"] > entry.counts["cause"] > 0
    assert {"no room", "room left", "of memory"} <= entry.headed
    assert index({"a": [entry]}, ["a"])["sections"] == [
        [0, "exhibit", "out of memory", 1, ["no room left"]]
    ]


def test_a_definition_stands_for_itself() -> None:
    document = page("Page\n====\n\nleaf tensor\n   An input.\n")
    (term,) = document.findall(nodes.term)
    term["ids"] = ["term-leaf"]
    _, entry = sections(document, LANGUAGE)
    assert (entry.anchor, entry.title, entry.entry) == ("term-leaf", "leaf tensor", True)
    assert {"leaf", "input"} <= set(entry.counts)


def test_often_says_more_than_once_and_a_short_section_more_than_a_long_one() -> None:
    once, often, long = impacts(
        [section("leaf x"), section("leaf leaf leaf x"), section("leaf" + " other" * 60)]
    )
    assert 0 < long["leaf"] < once["leaf"] < often["leaf"] <= STEPS


def test_rare_phrases_are_left_out_but_those_of_headings() -> None:
    many = [section("other words") for _ in range(300)]
    steps = impacts([section("rare phrase"), section("headed phrase", 5), *many])
    assert "rare phrase" not in steps[0]
    assert "rare" in steps[0]
    assert steps[1]["headed phrase"]
    assert steps[2]["other words"]


def test_postings_hold_distances_and_steps() -> None:
    pages = {"a": [section("leaf"), section("x")], "b": [section("leaf leaf leaf leaf")]}
    made = index(pages, ["a", "b", "c"])
    assert made["sections"] == [[0, "a", "T", 0], [0, "a", "T", 0], [1, "a", "T", 0]]
    first, second = made["postings"]["leaf"]
    assert (first // (STEPS + 1), second // (STEPS + 1)) == (0, 2)
    assert 0 < first % (STEPS + 1) < second % (STEPS + 1)


def test_a_site_without_text_has_an_empty_index() -> None:
    assert index({}, ["a"]) == {"sections": [], "postings": {}}
    assert impacts([Section("", "")]) == [{}]


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
def test_the_order_of_reading_does_not_show(order: list[str]) -> None:
    texts = {"a": "leaf node", "b": "node edge"}
    pages = {name: [section(texts[name])] for name in order}
    assert list(index(pages, ["a", "b"])["postings"]) == [
        "edge",
        "leaf",
        "leaf node",
        "node",
        "node edge",
    ]
