"""The synonyms and weights that the search page gets; what it does with them is tested in a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from sphinx.testing.util import SphinxTestApp

from _extensions.search.ranking import synonyms, wordings
from facts.glossary import Equivalent, Glossary, Term
from facts.site import read_site

GLOSSARY = Glossary(
    (
        Term(
            "chain rule",
            "How derivatives multiply.",
            languages={"vi": Equivalent("quy tắc dây chuyền", never=("quy tắc chuỗi",))},
        ),
        Term(
            "gradient descent",
            "Steps against the gradient.",
            languages={"vi": Equivalent("hạ gradient (gradient descent)", also=("xuống dốc",))},
        ),
        Term("gradient", "A vector.", languages={"vi": Equivalent("gradient")}),
    )
)


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("tensor lá", ["tensor lá"]),
        ("hạ gradient (gradient descent)", ["hạ gradient", "gradient descent"]),
    ],
)
def test_brackets_hold_another_wording(term: str, expected: list[str]) -> None:
    assert wordings(term) == expected


def test_vietnamese_pages_are_found_by_english_and_by_avoided_wordings() -> None:
    pairs = synonyms(GLOSSARY, "vi")
    assert ("quy tắc chuỗi", "quy tắc dây chuyền") in pairs
    assert ("chain rules", "quy tắc dây chuyền") in pairs
    assert ("gradient descent", "hạ gradient") in pairs
    assert ("xuống dốc", "hạ gradient") in pairs


def test_english_pages_are_found_by_vietnamese_wordings() -> None:
    pairs = synonyms(GLOSSARY, "en")
    assert ("quy tắc dây chuyền", "chain rule") in pairs
    assert ("quy tắc chuỗi", "chain rule") in pairs
    assert ("chain rules", "chain rule") not in pairs


def test_a_wording_is_no_synonym_of_itself_and_the_order_is_fixed() -> None:
    site = read_site()
    for language in (site.source_language, *site.translations):
        pairs = synonyms(GLOSSARY, language)
        assert all(wording != ours for wording, ours in pairs)
        assert pairs == sorted(set(pairs))


def test_the_search_page_gets_synonyms_weights_and_ranking(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "glossary.toml").write_text(
        '[[term]]\nterm = "leaf"\ndefinition = "An input."\nvi = { term = "nút lá" }\n',
        encoding="utf-8",
    )
    (source / "conf.py").write_text(
        "extensions = ['_extensions.search']\nsearch_page_weights = {'api/': 0.5}\n",
        encoding="utf-8",
    )
    (source / "index.rst").write_text("Title\n=====\n", encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        script = (app.outdir / "_static" / "language_data.js").read_text(encoding="utf-8")
        assert app.warning.getvalue() == ""
    finally:
        app.cleanup()
    found = re.search(r"^const searchSynonyms = (.*);$", script, re.M)
    assert found
    assert json.loads(found[1]) == [["nút lá", "leaf"]]
    assert 'const searchWeights = [["api/", 0.5]];' in script
    assert "rankPages" in script
    assert "Search.query" in script
