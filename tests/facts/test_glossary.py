"""The glossary is data, and a mistake in it is said with the file and the entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from facts.folders import GLOSSARY_FILE
from facts.glossary import GlossaryError, plurals, read_glossary


@pytest.mark.parametrize(
    ("word", "plural"),
    [
        ("leaf tensor", "leaf tensors"),
        ("forward pass", "forward passes"),
        ("matrix", "matrixes"),
        ("category", "categories"),
        ("array", "arrays"),
        ("chain rule", "chain rules"),
    ],
)
def test_the_regular_plural_is_formed_from_the_last_word(word: str, plural: str) -> None:
    assert plurals(word) == (plural,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[term]\n", "is not valid TOML"),
        ('[[term]]\nterm = "a"\n', "the term 'a' lacks the key 'definition'"),
        (
            '[[term]]\nterm = "a"\ndefinition = "b"\nforms = "c"\n',
            "forms is 'c'; it has to be a list",
        ),
        (
            '[[term]]\nterm = "a"\ndefinition = "b"\n[term.vi]\nalso = ["c"]\n',
            "the language 'vi' of the term 'a' lacks the key 'term'",
        ),
        (
            '[[term]]\nterm = "a"\ndefinition = "b"\n[[term]]\nterm = "c"\ndefinition = "d"\nforms = ["A"]\n',
            "'a' stands there twice",
        ),
        ("term = 3\n", "term is 3; it has to be a list of tables"),
        ('term = ["a"]\n', "term is ['a']; it has to be a list of tables"),
        ('[[term]]\nterm = 3\ndefinition = "b"\n', "term is 3; it has to be a string"),
        ('[[term]]\nterm = "<b onclick=f()>"\ndefinition = "b"\n', "HTML is no part of a term"),
        ('[[term]]\nterm = "a"\ndefinition = "b </p>"\n', "HTML is no part of a term"),
        (
            '[[term]]\nterm = "a"\ndefinition = "b"\n[term.vi]\nterm = "<script>"\n',
            "language 'vi': term is '<script>'",
        ),
        ('[[term]]\nterm = "a"\ndefinition = "b"\nchecked = "no"\n', "checked is 'no'"),
        ('names = "PyTorch"\n', "names is 'PyTorch'; it has to be a list of strings"),
        ("spelling = 3\n", "spelling is 3"),
        ('[[spelling.vi]]\nhint = "h"\n', "a spelling of 'vi' lacks the key 'pattern'"),
        ('[[spelling.vi]]\npattern = "("\nhint = "h"\n', "the pattern '(' is no regular"),
        ('[[spelling.vi]]\npattern = "a"\n', "lacks the key 'hint'"),
    ],
)
def test_a_mistake_names_the_file_and_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"glossary\.toml") as caught:
        read_glossary(path)
    assert said in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GlossaryError, match=r"nowhere\.toml is missing"):
        read_glossary(tmp_path / "nowhere.toml")


def test_words_that_a_language_takes_over_may_stay() -> None:
    unchanged = read_glossary(GLOSSARY_FILE).unchanged("vi")
    assert {"gradient", "gradients", "PyTorch"} <= set(unchanged)
    assert "derivative" not in unchanged


def test_every_term_of_the_site_has_its_vietnamese_and_a_definition_that_ends() -> None:
    terms = read_glossary(GLOSSARY_FILE).terms
    assert len(terms) > 50
    for term in terms:
        assert term.definition.endswith("."), term.term
        assert term.languages["vi"].term, term.term
