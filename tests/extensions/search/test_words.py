"""Words by which readers look for a page reach the search, and mistakes in their files stop the build."""

from __future__ import annotations

from pathlib import Path

import pytest

from _extensions.search.words import explained_terms, read_words, unknown_pages
from facts.glossary import Equivalent, Glossary, Term

CODES = ["vi", "en"]


def write(folder: Path, text: str) -> Path:
    path = folder / "search_words.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_each_language_has_its_own_words(tmp_path: Path) -> None:
    path = write(tmp_path, '["guide/a"]\nen = ["loss"]\nvi = ["mất mát"]\n[b]\nen = ["x"]\n')
    assert read_words(path, "vi", CODES) == {"guide/a": ["mất mát"], "b": []}
    assert read_words(path, "en", CODES) == {"guide/a": ["loss"], "b": ["x"]}


def test_a_site_may_have_none(tmp_path: Path) -> None:
    assert read_words(tmp_path / "search_words.toml", "en", CODES) == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a", "is not valid TOML"),
        ('[a]\nen = "loss"\n', "page 'a': write one list of words a language"),
        ("[a]\nen = [1]\n", "page 'a': write one list"),
        ('a = ["loss"]\n', "page 'a': write one list"),
        ('[a]\nven = ["x"]\n', "the page 'a' has the unknown key 'ven'; did you mean 'en'?"),
    ],
)
def test_a_mistake_is_named_with_its_file(tmp_path: Path, text: str, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ValueError, match=message) as error:
        read_words(path, "en", CODES)
    assert str(path) in str(error.value)


def test_a_page_is_found_by_the_terms_that_it_explains() -> None:
    leaf = Term("leaf", "An end.", page="graph", languages={"vi": Equivalent("nút lá")})
    edge = Term("edge", "A link.", languages={"vi": Equivalent("cạnh")})
    glossary = Glossary((leaf, edge))
    assert explained_terms(glossary, "vi") == {"graph": ["nút lá"]}
    assert explained_terms(glossary, "en") == {"graph": ["leaf"]}


def test_pages_that_do_not_exist_are_found_out() -> None:
    assert unknown_pages({"a": [], "gone": []}, {"a", "b"}) == ["gone"]
