"""Catalogues follow the pages, keep what was translated, and change only when the messages do."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest
from minimal_site import MinimalSite

from facts.errors import BuildError
from sitebuild.progress import progress
from sitebuild.translations import extract, main, missing_outputs, normalized, update

PAGE = "gallery/first/plot_square"


def _update(site: MinimalSite, templates: Path, language: str = "vi") -> list[str]:
    return update(site.docs / "locale", language, templates, site.root / "scratch")


def _messages(path: Path) -> dict[str, str]:
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))}


def test_a_second_update_changes_nothing(minimal_site: MinimalSite, templates: Path) -> None:
    _update(minimal_site, templates)
    before = {path: path.read_bytes() for path in minimal_site.docs.rglob("*.po")}
    assert _update(minimal_site, templates) == []
    assert {path: path.read_bytes() for path in minimal_site.docs.rglob("*.po")} == before


def test_an_update_keeps_translations_and_their_comments(
    minimal_site: MinimalSite, templates: Path
) -> None:
    path = minimal_site.catalogue(PAGE)
    minimal_site.edit(path, 'msgid "Twice', '# glossary: leaf - no term here\nmsgid "Twice')
    before = _messages(path)
    _update(minimal_site, templates)
    assert _messages(path) == before
    assert "# glossary: leaf - no term here" in path.read_text(encoding="utf-8")


def test_catalogues_hold_no_dates_and_no_places(minimal_site: MinimalSite, templates: Path) -> None:
    _update(minimal_site, templates)
    text = minimal_site.catalogue(PAGE).read_text(encoding="utf-8")
    assert "Date" not in text
    assert "#:" not in text
    assert "Generated-By" not in text


def test_a_changed_sentence_keeps_its_old_translation_marked_fuzzy(
    minimal_site: MinimalSite,
) -> None:
    page = minimal_site.docs / f"{PAGE}.rst"
    minimal_site.edit(page, "Multiply it by two.", "Multiply it by just two.")
    templates = minimal_site.root / "templates"
    extract(minimal_site.docs, templates, minimal_site.root / "doctrees")
    _update(minimal_site, templates)
    (entry,) = [entry for entry in polib.pofile(str(minimal_site.catalogue(PAGE))) if entry.fuzzy]
    assert (entry.msgid, entry.msgstr) == ("Multiply it by just two.", "Nhân nó với hai.")
    assert entry.previous_msgid == "Multiply it by two."


def test_messages_and_catalogues_that_no_page_has_any_more_go(
    minimal_site: MinimalSite, templates: Path
) -> None:
    old = minimal_site.catalogue("gallery/old/plot_gone")
    old.parent.mkdir()
    old.write_bytes(minimal_site.catalogue("index").read_bytes())
    minimal_site.edit(
        minimal_site.catalogue("index"),
        'msgid "Read on"',
        'msgid "Entirely unlike anything"\nmsgstr "Khác hẳn"\n\nmsgid "Read on"',
    )
    done = _update(minimal_site, templates)
    assert not old.exists()
    assert any("plot_gone.po: no page has its messages" in line for line in done)
    assert "Entirely" not in minimal_site.catalogue("index").read_text(encoding="utf-8")
    assert "#~" not in minimal_site.catalogue("index").read_text(encoding="utf-8")


def test_a_new_language_gets_every_catalogue_empty(
    minimal_site: MinimalSite, templates: Path
) -> None:
    _update(minimal_site, templates, "fr")
    folder = minimal_site.docs / "locale" / "fr" / "LC_MESSAGES"
    found = progress(folder)
    assert {catalogue.catalogue for catalogue in found} == {
        "gallery/first/index.po",
        f"{PAGE}.po",
        "autograd_vi.po",
        "gallery/index.po",
        "glossary.po",
        "index.po",
        "sphinx.po",
    }
    assert all(len(catalogue.missing) == catalogue.total > 0 for catalogue in found)


def test_a_message_that_another_catalogue_translates_is_filled_in(
    minimal_site: MinimalSite, templates: Path
) -> None:
    minimal_site.edit(minimal_site.catalogue("gallery/index"), '"Chương một"', '""')
    _update(minimal_site, templates)
    assert _messages(minimal_site.catalogue("gallery/index"))["First chapter"] == "Chương một"


def test_an_extraction_that_warns_fails_before_any_catalogue_changes(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.edit(minimal_site.docs / "index.md", "gallery/first/index", "gallery/nowhere")
    with pytest.raises(BuildError, match="no catalogue was changed"):
        extract(minimal_site.docs, minimal_site.root / "t", minimal_site.root / "d")


def test_a_term_is_filled_in_from_the_glossary(minimal_site: MinimalSite, templates: Path) -> None:
    minimal_site.edit(minimal_site.catalogue("glossary"), '"đạo hàm"', '""')
    _update(minimal_site, templates)
    assert _messages(minimal_site.catalogue("glossary"))["derivative"] == "đạo hàm"


def test_a_catalogue_that_cannot_be_read_is_named_and_nothing_is_touched(
    minimal_site: MinimalSite, templates: Path
) -> None:
    minimal_site.edit(minimal_site.catalogue(PAGE), 'msgid "Twice', "msgid Twice")
    before = {path: path.read_bytes() for path in minimal_site.docs.rglob("*.po")}
    with pytest.raises(BuildError, match=r"plot_square\.po:\d+: "):
        _update(minimal_site, templates)
    assert {path: path.read_bytes() for path in minimal_site.docs.rglob("*.po")} == before


def test_decomposed_letters_are_composed_and_long_lines_wrap() -> None:
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="Word", msgstr="đạo hàm"))
    entries.append(polib.POEntry(msgid="word " * 40, msgstr=""))
    text = normalized(entries, "vi", [entry.msgid for entry in entries], interface=False)
    assert "đạo hàm" in text
    assert max(map(len, text.splitlines())) <= 100


def test_an_old_sentence_that_was_read_as_a_comment_goes() -> None:
    comment = 'glossary: leaf - no term here\n| msgid ""\n| "It leaves "\n| "the room."'
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="It leaves.", msgstr="Nó rời đi.", tcomment=comment))
    text = normalized(entries, "vi", ["It leaves."], interface=False)
    assert '# glossary: leaf - no term here\nmsgid "It leaves."' in text
    assert "the room" not in text


def test_new_words_of_the_interface_are_missing_and_not_guessed(
    minimal_site: MinimalSite, templates: Path
) -> None:
    _update(minimal_site, templates)
    path = minimal_site.catalogue("sphinx")
    path.write_text(
        'msgid "Link to this picture"\nmsgstr "Liên kết tới hình này"\n', encoding="utf-8"
    )
    _update(minimal_site, templates)
    entries = {entry.msgid: entry for entry in polib.pofile(str(path))}
    assert entries["Link to this image"].msgstr == ""
    assert not any(entry.fuzzy for entry in entries.values())


def test_pages_without_outputs_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.rst").touch()
    assert missing_outputs(tmp_path, ["a", "b"]) == ["b"]


def test_a_language_that_the_site_does_not_have_is_refused() -> None:
    with pytest.raises(
        BuildError, match=r"xx is no language to translate into; .*site\.toml has vi"
    ):
        main(["xx"])


def test_a_language_that_babel_does_not_know_has_one_form_for_every_number() -> None:
    text = normalized(polib.POFile(), "tlh-x", [], interface=False)
    assert '"Plural-Forms: nplurals=1; plural=0;\\n"' in text
    english = normalized(polib.POFile(), "en", [], interface=False)
    assert "nplurals=2" in english
