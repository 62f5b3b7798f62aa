"""The site's index takes the place of Sphinx's, also when only some pages are read anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sphinx.errors import ConfigError
from sphinx.search import js_index
from sphinx.testing.util import SphinxTestApp

CONF = "extensions = ['_extensions.search']\nlanguage = 'vi'\nsuppress_warnings = ['docutils']\n"
GLOSSARY = """
[[term]]
term = "chain rule"
definition = "How derivatives of nested functions multiply."
page = "index"
vi = { term = "quy tắc dây chuyền" }
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name, text in {
        "conf.py": CONF,
        "glossary.toml": GLOSSARY,
        "search_words.toml": '[other]\nvi = ["con số", "zero_grad"]\n',
        "index.rst": "Đạo hàm\n=======\n\n.. toctree::\n\n   other\n",
        "other.rst": "Khác\n====\n\nLần đầu.\n",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def build(source: Path) -> dict[str, Any]:
    """Build the site, or what has changed of it, and return its index."""
    app = SphinxTestApp(srcdir=source, builddir=source.parent / "build")
    try:
        app.build()
        assert app.warning.getvalue() == ""
        text = (app.outdir / "searchindex.js").read_text(encoding="utf-8")
    finally:
        app.cleanup()
    data: dict[str, Any] = js_index.loads(text)
    return data


def test_the_index_holds_sections_and_terms_in_the_place_of_sphinx_s(source: Path) -> None:
    data = build(source)
    questions = (["quy tắc dây chuyền"], ["con số"])
    assert data["sections"] == [
        [0, "", "Đạo hàm", 0, questions[0]],
        [1, "", "Khác", 0, questions[1]],
    ]
    assert {"đao.", "ham`", "đao. ham`"} <= set(data["postings"])
    assert data["terms"] == data["titleterms"] == data["alltitles"] == {}


def test_pages_have_the_words_of_their_readers_and_the_terms_that_they_explain(
    source: Path,
) -> None:
    postings = build(source)["postings"]
    assert "con sô'" in postings
    assert "dây chuyên`" in postings


def test_a_later_build_keeps_the_pages_that_it_does_not_read(source: Path) -> None:
    before = build(source)["postings"]
    (source / "other.rst").write_text("Khác\n====\n\nMới.\n", encoding="utf-8")
    after = build(source)["postings"]
    assert before["ham`"] == after["ham`"]
    assert "mơi'" in after
    assert "đâu`" not in after


def test_a_build_with_nothing_to_do_leaves_the_index(source: Path) -> None:
    assert build(source) == build(source)


def test_words_for_a_page_that_does_not_exist_stop_the_build(source: Path) -> None:
    (source / "search_words.toml").write_text('[gone]\nvi = ["x"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"search_words\.toml .* names gone: no such page"):
        build(source)
