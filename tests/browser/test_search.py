"""A reader types a query into the search page and finds the page that answers it."""

from __future__ import annotations

import time
import tomllib
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from browser.published_pages import LANGUAGES
from sphinx.testing.util import SphinxTestApp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

QUERIES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "search_queries.toml").read_text(encoding="utf-8")
)["query"]
MESSAGES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "error_messages.toml").read_text(encoding="utf-8")
)["message"]
# The title of the finished search takes the place of the dots; its words may be empty, and the pulse may go on.
FINISHED = "Boolean(Search.dots) && !Search.dots.isConnected"
FIRST = 3  # a reader looks at the first few results

PAGES = {
    "index": "Trang đầu\n=========\n\n.. toctree::\n\n   gradient\n   backward\n   khac\n   glossary\n",
    "gradient": (
        "Làm rỗng\n========\n\nGradient được cộng dồn. Gọi ``optimizer.zero_grad()`` trước đã.\n\n"
        "Vì sao\n------\n\nĐạo hàm của một tổng. Theo quy tắc dây chuyền, mỗi đường góp một phần.\n"
    ),
    "backward": (
        "Truyền ngược\n============\n\nThông báo lỗi::\n\n"
        "   RuntimeError: grad can be implicitly created only for scalar outputs\n"
    ),
    "khac": "Khác\n====\n\nĐạo đức, còn hàm số thì sau. Grad của bạn. Một <b> &amp; thẻ.\n",
    "glossary": "Thuật ngữ\n=========\n\n.. glossary::\n\n   tensor lá\n      Đầu vào.\n",
}
GLOSSARY = """
[[term]]
term = "chain rule"
definition = "How derivatives of nested functions multiply."
vi = { term = "quy tắc dây chuyền", never = ["quy tắc chuỗi"] }
"""


@pytest.fixture(scope="module")
def small_site(
    tmp_path_factory: pytest.TempPathFactory, serve_folder: Callable[[Path], str]
) -> str:
    """Build a few pages in Vietnamese and serve them."""
    source = tmp_path_factory.mktemp("search")
    (source / "conf.py").write_text(
        "extensions = ['_extensions.search']\nlanguage = 'vi'\n"
        "suppress_warnings = ['docutils']\nhtml_theme = 'furo'\n",
        encoding="utf-8",
    )
    (source / "glossary.toml").write_text(GLOSSARY, encoding="utf-8")
    for name, text in PAGES.items():
        (source / f"{name}.rst").write_text(text, encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=source / "build")
    try:
        app.build()
        return serve_folder(app.outdir)
    finally:
        app.cleanup()


def until(page: Page, expression: str, seconds: float = 90) -> None:
    """Wait until ``expression`` holds; Playwright's own wait needs ``eval``, which the pages' policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"{expression} did not come true"
        page.wait_for_timeout(30)


def results(page: Page, address: str, query: str) -> list[dict[str, Any]]:
    """Return what the search page shows for a query, in order."""
    page.goto(f"{address}/search.html?q={quote(query)}")
    until(page, FINISHED)
    until(
        page,
        """() => [...document.querySelectorAll("ul.search > li")]
          .every((item) => item.querySelector(".context")?.textContent)""",
    )
    found: list[dict[str, Any]] = page.evaluate(
        """() => [...document.querySelectorAll("ul.search > li")].map((item) => ({
          page: item.querySelector("a").getAttribute("href"),
          title: item.querySelector("a").textContent,
          part: item.querySelector(".part-of")?.textContent ?? "",
          summary: item.querySelector(".context").textContent,
          marked: [...item.querySelectorAll(".highlighted")].map((mark) => mark.textContent),
          sections: [...item.querySelectorAll(".sections a")].map((link) => link.getAttribute("href")),
        }))"""
    )
    return found


@pytest.mark.parametrize(
    "query", ["đạo hàm", "dao ham", "ĐẠO HÀM", unicodedata.normalize("NFD", "Đạo hàm")]
)
def test_marks_case_and_unicode_form_do_not_matter(page: Page, small_site: str, query: str) -> None:
    found = results(page, small_site, query)
    assert found[0]["page"] == "gradient.html"  # not the page with the two syllables apart
    assert found[0]["marked"] == ["Đạo", "hàm"]


def test_a_wording_that_pages_avoid_finds_the_page_with_ours(page: Page, small_site: str) -> None:
    for query in ("quy tắc chuỗi", "chain rule"):
        found = results(page, small_site, query)
        assert found[0]["page"] == "gradient.html"
        assert "dây" in found[0]["marked"]


def test_a_pasted_error_message_finds_its_page(page: Page, small_site: str) -> None:
    query = "RuntimeError: grad can be implicitly created only for scalar outputs"
    assert results(page, small_site, query)[0]["page"] == "backward.html"


def test_a_question_finds_the_page_that_has_most_of_it(page: Page, small_site: str) -> None:
    query = "tại sao gradient lại bị cộng dồn như thế"
    assert results(page, small_site, query)[0]["page"] == "gradient.html"


def test_sections_and_definitions_are_results(page: Page, small_site: str) -> None:
    found = results(page, small_site, "vi sao")
    assert found[0]["sections"] == ["gradient.html#vi-sao"]
    assert "mỗi đường góp một phần" in found[0]["summary"]
    found = results(page, small_site, "tensor la")
    assert (found[0]["title"], found[0]["part"]) == ("tensor lá", "Thuật ngữ")
    assert found[0]["page"].startswith("glossary.html#term-")
    assert found[0]["summary"] == "Đầu vào."


def test_marks_that_are_typed_are_meant(page: Page, small_site: str) -> None:
    found = results(page, small_site, "hàm số")
    assert found[0]["page"] == "khac.html"
    found = results(page, small_site, "dao duc")
    assert found[0]["marked"] == ["Đạo", "đức"]


def test_a_part_of_a_name_finds_and_marks_the_name(page: Page, small_site: str) -> None:
    found = results(page, small_site, "zero grad")
    assert found[0]["page"] == "gradient.html"
    assert found[0]["marked"] == ["zero_grad"]


def test_a_summary_shows_the_text_as_text(page: Page, small_site: str) -> None:
    found = results(page, small_site, "<b>thẻ</b>")
    assert "<b> &amp; thẻ" in found[0]["summary"]
    assert found[0]["marked"][-1] == "thẻ"


def test_what_no_page_has_finds_nothing(page: Page, small_site: str) -> None:
    for query in ("xyzzy", "123", "…"):
        assert results(page, small_site, query) == []


def test_the_page_that_a_reader_opens_marks_the_words_with_their_marks(
    page: Page, small_site: str
) -> None:
    results(page, small_site, "dao ham")
    page.click("ul.search a")
    page.wait_for_selector(".highlighted")
    marked = page.eval_on_selector_all(".highlighted", "all => all.map(word => word.textContent)")
    assert marked == ["Đạo", "hàm"]


def test_there_are_enough_queries_of_the_right_kinds() -> None:
    assert len(QUERIES) >= 40
    own = [query for query in QUERIES if query["kind"] in {"phrase", "synonym", "error"}]
    assert 2 * len(own) >= len(QUERIES)
    assert {query["language"] for query in QUERIES} == set(LANGUAGES)


@pytest.fixture(scope="module")
def rank(chromium: Browser, site: str) -> Iterator[Callable[[str, str], list[str]]]:
    """Return the pages for a query in a language, best first: what the search page's own script says."""
    context = chromium.new_context()
    pages: dict[str, Page] = {}

    def ranked(language: str, query: str) -> list[str]:
        if language not in pages:
            pages[language] = context.new_page()
            pages[language].goto(f"{site}/{language}/search.html")
        found: list[str] = pages[language].evaluate(
            "(query) => rankPages(Search._index, query).results.map(({ page }) => Search._index.docnames[page])",
            query,
        )
        return list(dict.fromkeys(found))

    yield ranked
    context.close()


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(
            query,
            id=f"{query['language']}: {query['text']}",
            marks=[pytest.mark.xfail(reason=query["missed"], strict=True)]
            if query.get("missed")
            else [],
        )
        for query in QUERIES
    ],
)
def test_a_query_finds_its_page(
    rank: Callable[[str, str], list[str]], query: dict[str, Any]
) -> None:
    found = rank(query["language"], query["text"])
    assert query["page"] in found[:FIRST], found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MESSAGES, ids=[message["text"][:60] for message in MESSAGES])
def test_a_pasted_message_finds_its_exhibit_first(
    rank: Callable[[str, str], list[str]], message: dict[str, Any], language: str
) -> None:
    found = rank(language, message["text"])
    assert found[:1] == [message["page"]], found


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("vi", "xoa gradient truoc moi vong lap"),
        ("vi", "RuntimeError: Trying to backward through the graph a second time"),
        ("en", "does detach copy memory"),
        ("en", "print_dag"),
    ],
)
def test_every_result_of_the_site_says_why_it_is_there(
    page: Page, site: str, language: str, query: str
) -> None:
    found = results(page, f"{site}/{language}", query)
    assert found
    assert all(result["title"].strip() and len(result["summary"]) > 20 for result in found)
    assert all(result["marked"] for result in found[:FIRST])


def test_no_query_is_a_page_s_title(page: Page, site: str) -> None:
    for language in LANGUAGES:
        page.goto(f"{site}/{language}/search.html")
        titles = {title.casefold() for title in page.evaluate("Search._index.titles")}
        assert not titles & {
            query["text"].casefold() for query in QUERIES if query["language"] == language
        }
