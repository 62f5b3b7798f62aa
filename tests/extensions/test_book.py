"""A chapter of a book names its language and nothing that is not in the book."""

from types import SimpleNamespace
from typing import Any

import pytest

from _extensions.book import is_for_books, mark_language, on_config_inited
from facts.site import read_site


def test_a_chapter_names_its_language() -> None:
    tag = '<html xmlns="http://www.w3.org/1999/xhtml">'
    marked = '<html lang="vi" xml:lang="vi" xmlns="http://www.w3.org/1999/xhtml">'
    assert mark_language(tag, "vi") == marked
    assert mark_language(tag, "pt_BR") == marked.replace("vi", "pt-BR")


def test_the_list_of_a_book_s_files_names_the_language_too() -> None:
    config: Any = SimpleNamespace(language="pt_BR", author="", site=read_site())
    app: Any = None
    on_config_inited(app, config)
    assert config.epub_language == "pt-BR"


@pytest.mark.parametrize(
    ("style_sheet", "expected"),
    [
        ("_static/epub.css", True),
        ("_static/maths.css", True),
        ("_static/mystnb.11b39860.css", False),
        ("_static/copybutton.css", False),
    ],
)
def test_a_chapter_loads_what_the_book_holds(style_sheet: str, expected: bool) -> None:
    assert is_for_books(style_sheet) is expected
