"""No page of a translation shows the source language and passes."""

from __future__ import annotations

import polib
import pytest
from minimal_site import Built, MinimalSite

PAGE = "gallery/first/plot_square"


def _found(built: Built) -> list[str]:
    return [line for line in built.warnings if "WARNING" in line]


def test_a_translated_site_builds_without_a_warning(minimal_site: MinimalSite) -> None:
    built = minimal_site.build("vi")
    assert _found(built) == []
    assert "Nhân nó với hai." in built.page(PAGE)


def test_the_source_language_is_not_asked_for_translations(minimal_site: MinimalSite) -> None:
    (minimal_site.docs / "locale" / "vi").rename(minimal_site.docs / "locale" / "moved")
    assert _found(minimal_site.build("en")) == []


def test_a_sentence_that_changed_after_the_extraction_fails_with_its_place_and_catalogue(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(
        minimal_site.docs / f"{PAGE}.rst", "Multiply it by two.", "Multiply the number by 2."
    )
    (warning,) = _found(minimal_site.build("vi"))
    assert "plot_square.rst:" in warning
    assert "“Multiply the number by 2.”" in warning
    assert f"{PAGE}.po" in warning
    assert "[translation.untranslated]" in warning


@pytest.mark.parametrize("translation", ["", "Multiply it by two."])
def test_an_empty_translation_and_one_that_equals_the_source_fail(
    minimal_site: MinimalSite, translation: str
) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), "Nhân nó với hai.", translation)
    (warning,) = _found(minimal_site.build("vi"))
    assert "“Multiply it by two.”" in warning


def test_a_translation_that_is_no_plain_paragraph_fails(minimal_site: MinimalSite) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), "Nhân nó với hai.", "- Nhân nó với hai.")
    assert any("“Multiply it by two.”" in warning for warning in _found(minimal_site.build("vi")))


@pytest.mark.parametrize(
    ("catalogue", "source", "old"),
    [
        ("index", "Read on", "Đọc tiếp"),
        ("index", "Minimal", "Tối giản"),
        ("glossary", "derivative", "đạo hàm"),
        ("glossary", "The slope of a function at a point.", "Độ dốc của hàm số tại một điểm."),
        (PAGE, "A parabola", "Một parabol"),
    ],
)
def test_captions_titles_terms_definitions_and_pictures_are_all_checked(
    minimal_site: MinimalSite, catalogue: str, source: str, old: str
) -> None:
    minimal_site.edit(minimal_site.catalogue(catalogue), f'msgstr "{old}"', 'msgstr ""')
    assert any(f"“{source}”" in warning for warning in _found(minimal_site.build("vi")))


def test_a_second_build_of_an_untranslated_page_fails_like_the_first(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), "Nhân nó với hai.", "")
    first, second = minimal_site.build("vi"), minimal_site.build("vi")
    assert _found(first) == _found(second) != []
    minimal_site.edit(
        minimal_site.catalogue(PAGE),
        'msgid "Multiply it by two."\nmsgstr ""',
        'msgid "Multiply it by two."\nmsgstr "Nhân nó với hai."',
    )
    assert _found(minimal_site.build("vi")) == []


def test_formulas_and_messages_without_words_are_neither_extracted_nor_asked_for(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(
        minimal_site.docs / "index.md",
        "{ref}`page-square`.",
        "{ref}`page-square`.\n\n$a$ = `b`, {ref}`page-square`",
    )
    assert _found(minimal_site.build("vi")) == []
    template = (minimal_site.build("en", "gettext").out / "index.pot").read_text(encoding="utf-8")
    assert "$a$" not in template
    assert "f'(x)" not in template


def test_restructured_text_on_a_myst_page_cannot_be_translated_and_says_so(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(
        minimal_site.docs / "index.md",
        "{ref}`page-square`.",
        "{ref}`page-square`.\n\n```{eval-rst}\nSee :ref:`page-square` too.\n```",
    )
    assert _found(minimal_site.build("en")) == []
    warnings = "\n".join(_found(minimal_site.build("vi")))
    assert "“See :ref:`page-square` too.” is reST on a MyST page" in warnings
    assert "[translation.mixed_markup]" in warnings


def test_headings_and_types_of_the_reference_are_no_messages_of_a_page(
    minimal_site: MinimalSite,
) -> None:
    (minimal_site.docs / "reference.rst").write_text(
        ":orphan:\n\nMinimal\n=======\n\n.. py:function:: square(x)\n\n"
        "   :param x: One.\n   :raises TypeError: Two.\n\n"
        "   .. py:attribute:: side\n\n      :type: tuple[int]\n",
        encoding="utf-8",
    )
    built = minimal_site.build("en", "gettext")
    messages = [entry.msgid for entry in polib.pofile(str(built.out / "reference.pot"))]
    assert messages == ["Minimal", "One.", "Two.", "type"]
    catalogue = polib.POFile()
    for source, translation in (
        ("Minimal", "Tối giản"),
        ("One.", "Một."),
        ("Two.", "Hai."),
        ("type", "Kiểu"),
    ):
        catalogue.append(polib.POEntry(msgid=source, msgstr=translation))
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.save(str(minimal_site.catalogue("reference")))
    assert _found(minimal_site.build("vi")) == []
