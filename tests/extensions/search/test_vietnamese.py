"""Vietnamese syllables become terms; the search page makes the same of a query."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from _extensions.search.terms import terms
from _extensions.search.vietnamese import VietnameseSearch, syllable
from facts.folders import DOCS

SCRIPTS = [DOCS / "_extensions" / "search" / name for name in ("vietnamese.js", "terms.js")]
# What Sphinx's own script brings: the splitter of languages without one.
SPHINX = (
    "const stopwords = new Set();"
    "const splitQuery = (query) => query"
    ".split(/[^\\p{Letter}\\p{Number}_\\p{Emoji_Presentation}]+/gu).filter((term) => term);"
)
NODE = shutil.which("node")

TEXTS = [
    "Đạo hàm của một tích",
    "ĐẠO HÀM",
    "dao ham",
    unicodedata.normalize("NFD", "Vì sao gradient bị cộng dồn?"),
    "w.requires_grad_(False) và __init__, rồi _saved_result",
    "element 0 of tensors does not require grad and does not have a grad_fn",
    "x = [0.1, 1, 1e-4]; y = 2¹¹·x",
    "tích vector–Jacobian (VJP)",
    "“tự động” - ‘vi phân’",
    "nó không dừng. Câu khác",
    "AddBackward0 → MulBackward0, PyTorch, ResNet18",
    "ước lượng ở ướt Ơ Ư ơ ư ý Ỹ ỵ Đ",
    "",
    "   ",
    "123 456 ___",
    "İstanbul Straße ΣΑΣ",
]


@pytest.mark.parametrize(
    ("word", "term"), [("Đạo", "đao."), ("hàm", "ham`"), ("gradient", "gradient"), ("ƯỚC", "ươc'")]
)
def test_the_tone_stands_behind_the_syllable(word: str, term: str) -> None:
    assert syllable(word) == term
    assert syllable(unicodedata.normalize("NFD", word)) == term


def test_where_the_tone_is_written_does_not_matter() -> None:
    assert syllable("xóa") == syllable("xoá")
    assert syllable("tùy") == syllable("tuỳ")


def browser_terms(texts: list[str]) -> list[list[tuple[str, float]]]:
    """Return the terms that the scripts for the browser make of ``texts``, with their weights."""
    if NODE is None:
        pytest.skip("node is not installed: it runs the script that the browser runs")
    program = (
        "".join(script.read_text(encoding="utf-8") for script in SCRIPTS).replace(
            "var Stemmer", SPHINX + "var Stemmer"
        )
        + "const texts = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify(texts.map((text) => searchTerms.of(text))));"
    )
    done = subprocess.run(
        [NODE, "-e", program], input=json.dumps(texts), capture_output=True, text=True, check=True
    )
    return [[(term, weight) for term, weight in found] for found in json.loads(done.stdout)]


def page_terms(texts: list[str]) -> list[list[tuple[str, float]]]:
    """Return the terms that the index has for ``texts``, with their weights."""
    language = VietnameseSearch({})
    return [[(found.term, found.weight) for found in terms(text, language)] for text in texts]


def test_the_browser_makes_the_same_terms_as_the_index() -> None:
    assert browser_terms(TEXTS) == page_terms(TEXTS)


LETTERS = st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyABGÁẠẢÃÀẤẬĐƠƯỹ_ '-–.,()=01\u0301\u0323\n")


@settings(max_examples=5, deadline=None)  # each example starts node once for its twenty texts
@given(st.lists(st.text(LETTERS, max_size=40), min_size=20, max_size=20))
def test_no_text_tells_the_browser_and_the_index_apart(texts: list[str]) -> None:
    assert browser_terms(texts) == page_terms(texts)
