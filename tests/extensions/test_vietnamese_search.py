"""Vietnamese text and Vietnamese queries become the same search terms."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp

from _extensions.vietnamese_search import VietnameseSearch, fold, search_terms

SCRIPT = Path(__file__).parents[2] / "docs" / "_extensions" / "vietnamese_search.js"
NODE = shutil.which("node")

TEXTS = [
    "Đạo hàm của một tích",
    "ĐẠO HÀM",
    "dao ham",
    unicodedata.normalize("NFD", "Vì sao gradient bị cộng dồn?"),
    "w.requires_grad_(False) và __init__, rồi _saved_result",
    "element 0 of tensors does not require grad and does not have a grad_fn",
    "grad can be implicitly created only for scalar outputs",
    "x = [0.1, 1, 1e-4]; y = 2¹¹·x",
    "tích vector–Jacobian (VJP)",
    "“tự động” - ‘vi phân’",
    "nó không dừng. Câu khác",
    "AddBackward0 → MulBackward0",
    "ước lượng ở ướt Ơ Ư ơ ư ý Ỹ ỵ Đ",
    "",
    "   ",
    "123 456",
    "İstanbul Straße ΣΑΣ",
]


def test_case_marks_and_unicode_form_do_not_matter() -> None:
    forms = ["Đạo hàm", "ĐẠO HÀM", "dao ham", unicodedata.normalize("NFD", "đạo hàm")]
    assert [search_terms(form) for form in forms] == [["dao", "ham", "dao ham"]] * 4


def test_neighbouring_syllables_are_a_term() -> None:
    assert search_terms("quy tắc chuỗi") == ["quy", "tac", "quy tac", "chuoi", "tac chuoi"]


@pytest.mark.parametrize("text", ["dừng. Câu", "f(x)", "a = b", "x, y", "x: y"])
def test_a_pair_does_not_run_over_punctuation(text: str) -> None:
    assert not [term for term in search_terms(text) if " " in term]


@pytest.mark.parametrize("text", ["vector–Jacobian", "vector-Jacobian", "vector “Jacobian”"])
def test_a_pair_runs_over_hyphens_and_quotes(text: str) -> None:
    assert "vector jacobian" in search_terms(text)


def test_a_name_is_found_whole_and_by_its_parts() -> None:
    assert search_terms("requires_grad") == ["requires_grad", "requires", "grad", "requires grad"]
    assert search_terms("_saved_result")[0] == "_saved_result"


def test_numbers_are_no_terms() -> None:
    assert search_terms("element 0 of") == ["element", "of"]


def test_a_term_of_the_index_is_its_own_stem() -> None:
    language = VietnameseSearch({})
    for text in TEXTS:
        for term in language.split(text):
            assert language.stem(term) == term
    assert language.stem("Đạo Hàm") == "dao ham"
    assert not language.stopwords


def browser_terms(texts: list[str]) -> tuple[list[list[str]], list[str]]:
    """Return the terms and the stems that the script for the browser makes of ``texts``."""
    if NODE is None:
        pytest.skip("node is not installed: it runs the script that the browser runs")
    program = (
        SCRIPT.read_text(encoding="utf-8")
        + "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "const stemmer = new Stemmer();"
        "process.stdout.write(JSON.stringify("
        "[texts.map((text) => splitQuery(text)), texts.map((text) => stemmer.stemWord(text))]));"
    )
    done = subprocess.run(
        [NODE, "-e", program], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    terms, stems = json.loads(done.stdout)
    return terms, stems


def test_the_browser_makes_the_same_terms_as_the_index() -> None:
    terms, stems = browser_terms(TEXTS)
    assert terms == [search_terms(text) for text in TEXTS]
    assert stems == [fold(text) for text in TEXTS]


LETTERS = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyÁẠẢÃÀẤẬĐƠƯỹ_ '-–.,()=01\u0301\u0323\n")


@settings(max_examples=5, deadline=None)  # each example starts node once for its twenty texts
@given(st.lists(st.text(LETTERS, max_size=40), min_size=20, max_size=20))
def test_no_text_tells_the_browser_and_the_index_apart(texts: list[str]) -> None:
    terms, stems = browser_terms(texts)
    assert terms == [search_terms(text) for text in texts]
    assert stems == [fold(text) for text in texts]


GLOSSARY = """
[[term]]
term = "chain rule"
definition = "How derivatives of nested functions multiply."
vi = { term = "quy tắc dây chuyền", never = ["quy tắc chuỗi"] }
"""


def test_sphinx_indexes_pages_by_these_terms(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "glossary.toml").write_text(GLOSSARY, encoding="utf-8")
    (source / "conf.py").write_text(
        "extensions = ['_extensions.vietnamese_search']\nlanguage = 'vi'\n", encoding="utf-8"
    )
    (source / "index.rst").write_text(
        "Đạo hàm\n=======\n\nTheo quy tắc dây chuyền.\n", encoding="utf-8"
    )
    app = SphinxTestApp(srcdir=source, builddir=tmp_path / "build")
    try:
        app.build()
        index = (app.outdir / "searchindex.js").read_text(encoding="utf-8")
        data = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))
        script = (app.outdir / "_static" / "language_data.js").read_text(encoding="utf-8")
    finally:
        app.cleanup()
    assert set(data["titleterms"]) == {"dao", "ham", "dao ham"}
    assert {"quy tac", "day chuyen"} <= set(data["terms"])
    assert '["quy tắc chuỗi", "quy tắc dây chuyền"]' in script
    assert SCRIPT.read_text(encoding="utf-8") in script
