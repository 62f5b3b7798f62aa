"""The glossary page shows the glossary file, and terms link to it in both languages."""

from __future__ import annotations

import re

import pytest
from docutils import nodes
from minimal_site import MinimalSite

from _extensions.glossary.terms import alphabetical, by_letters, equivalents, letter
from facts.glossary import Equivalent, Term

NAMES = {"vi": "Tiếng Việt", "en": "English"}


def _entries(page: str) -> list[str]:
    return re.findall(r'<dt id="[^"]+">([^<]+)', page)


def test_every_language_shows_its_terms_in_the_order_of_its_letters(
    minimal_site: MinimalSite,
) -> None:
    assert _entries(minimal_site.build("en").page("glossary")) == ["derivative", "gradient", "leaf"]
    assert _entries(minimal_site.build("vi").page("glossary")) == ["đạo hàm", "gradient", "nút lá"]


def test_an_entry_shows_the_term_in_the_other_languages_and_says_which_they_are(
    minimal_site: MinimalSite,
) -> None:
    assert '<span lang="vi">đạo hàm</span>' in minimal_site.build("en").page("glossary")
    page = minimal_site.build("vi").page("glossary")
    assert '<span lang="en">derivative</span>' in page
    assert '<span lang="vi">đạo hàm</span>' not in page


@pytest.mark.parametrize(
    ("language", "page", "shown"),
    [
        ("en", "index", "derivative"),
        ("vi", "index", "Đạo hàm"),
        ("en", "gallery/first/plot_square", "derivative"),
        ("vi", "gallery/first/plot_square", "Đạo hàm"),
    ],
)
def test_a_term_links_to_its_entry_in_both_syntaxes_and_languages(
    minimal_site: MinimalSite, language: str, page: str, shown: str
) -> None:
    html = minimal_site.build(language).page(page)
    assert re.search(
        rf'href="[./]*glossary\.html#term-derivative"><span [^>]*>{shown}</span>', html
    )


def test_plurals_and_forms_link_to_the_entry(minimal_site: MinimalSite) -> None:
    minimal_site.edit(
        minimal_site.docs / "index.md",
        "Read {ref}",
        "{term}`derivatives` of {term}`leaves`. Read {ref}",
    )
    built = minimal_site.build("en", nitpicky=True)
    assert not [line for line in built.warnings if "WARNING" in line]
    assert 'glossary.html#term-leaf"' in built.page("index")


def test_a_change_of_the_glossary_file_is_seen(minimal_site: MinimalSite) -> None:
    minimal_site.build("en")
    minimal_site.edit(minimal_site.docs / "glossary.toml", "The slope of", "The steepness of")
    assert "The steepness of" in minimal_site.build("en").page("glossary")


def test_equivalents_leave_out_the_page_s_own_language_and_languages_that_lack_the_term() -> None:
    term = Term("leaf", "An end.", languages={"vi": Equivalent("nút lá")})
    assert equivalents(term, "en", "en", NAMES) == [("vi", "nút lá")]
    assert equivalents(term, "vi", "en", NAMES) == [("en", "leaf")]
    assert equivalents(term, "fr", "en", NAMES | {"fr": "Français"}) == [
        ("vi", "nút lá"),
        ("en", "leaf"),
    ]


def test_marks_do_not_change_the_place_of_a_letter_and_d_with_stroke_follows_d() -> None:
    words = ["ma trận", "gradient", "đạo hàm", "mạng", "dây", "Ánh"]
    assert sorted(words, key=alphabetical) == [
        "Ánh",
        "dây",
        "đạo hàm",
        "gradient",
        "ma trận",
        "mạng",
    ]


@pytest.mark.parametrize(
    ("term", "expected"),
    [("đạo hàm", "Đ"), ("dây", "D"), ("Ánh xạ", "A"), ("ứng dụng", "U"), ("epoch", "E")],
)
def test_a_term_stands_below_its_first_letter_without_marks(term: str, expected: str) -> None:
    assert letter(term) == expected


def test_the_index_leads_to_each_letter_that_has_terms_and_these_follow_it() -> None:
    names = ["đạo hàm", "dây", "gradient", "ma trận", "điểm"]
    items = [nodes.definition_list_item("", nodes.term("", name)) for name in names]
    index, *rest = by_letters(list(items))
    assert isinstance(index, nodes.paragraph)
    links = list(index.findall(nodes.reference))
    assert [link.astext() for link in links] == ["D", "Đ", "G", "M"]
    headings, lists = rest[::2], rest[1::2]
    assert [[link["refid"]] for link in links] == [heading["ids"] for heading in headings]  # type: ignore[index]
    terms = [[term.astext() for term in group.findall(nodes.term)] for group in lists]
    assert terms == [["dây"], ["đạo hàm", "điểm"], ["gradient"], ["ma trận"]]


def test_the_equivalent_stands_right_after_the_term(minimal_site: MinimalSite) -> None:
    page = minimal_site.build("vi").page("glossary")
    shown = re.search(r"<dt id=\"term-leaf\">nút lá.*?</dt><dd>(<p .*?</p>)", page, re.DOTALL)
    assert shown
    assert ">leaf<" in shown[1]
