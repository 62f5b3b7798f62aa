"""Words, phrases and names from code become the terms of the search."""

from __future__ import annotations

import pytest
from sphinx.search.en import SearchEnglish

from _extensions.search.terms import PART, parts, terms
from _extensions.search.vietnamese import VietnameseSearch

ENGLISH = SearchEnglish({})
VIETNAMESE = VietnameseSearch({})


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("requires_grad_", ["requires", "grad"]),
        ("AddBackward0", ["Add", "Backward"]),
        ("BCEWithLogits", ["BCE", "With", "Logits"]),
        ("gradient", []),
        ("GPU", []),
        ("___", []),
    ],
)
def test_a_name_from_code_has_parts(word: str, expected: list[str]) -> None:
    assert parts(word) == expected


def test_a_name_counts_whole_and_by_its_parts_less() -> None:
    found = {term.term: term.weight for term in terms("call zero_grad", ENGLISH)}
    assert found == {"call": 1, "zero_grad": 1, "call zero_grad": 1, "zero": PART, "grad": PART}


def test_words_are_stemmed_and_stop_words_left_out() -> None:
    assert [term.term for term in terms("the leaves of gradients", ENGLISH)] == [
        "leav",
        "gradient",
    ]


def test_neighbours_are_a_phrase() -> None:
    found = list(terms("quy tắc chuỗi", VIETNAMESE))
    assert [term.term for term in found if term.phrase] == [
        "quy tăc'",
        "tăc' chuôi~",
    ]
    assert [term.term for term in found if not term.phrase] == [
        "quy",
        "tăc'",
        "chuôi~",
    ]


@pytest.mark.parametrize("text", ["dừng. Câu", "f(x)", "a = b", "x, y", "x: y", "a 1 b"])
def test_a_phrase_does_not_run_over_punctuation_or_numbers(text: str) -> None:
    assert not [term for term in terms(text, VIETNAMESE) if term.phrase]


@pytest.mark.parametrize("text", ["vector–Jacobian", "vector-Jacobian", "vector “Jacobian”"])
def test_a_phrase_runs_over_hyphens_and_quotes(text: str) -> None:
    assert "vector jacobian" in [term.term for term in terms(text, VIETNAMESE)]


def test_numbers_are_no_terms() -> None:
    assert [term.term for term in terms("element 0", VIETNAMESE)] == ["element"]
