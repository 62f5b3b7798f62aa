"""Our own words come from their own catalogue, wherever Sphinx's translator is asked for one."""

from __future__ import annotations

from pathlib import Path

from minimal_site import MinimalSite

from _extensions.translation.own_words import read_words

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Answer"
msgstr "Lời giải"
"""


def test_words_are_read_from_the_catalogue_itself(tmp_path: Path) -> None:
    assert read_words(tmp_path) is None
    (tmp_path / "autograd_vi.po").write_text(CATALOGUE, encoding="utf-8")
    words = read_words(tmp_path)
    assert words is not None
    assert words.gettext("Answer") == "Lời giải"
    (tmp_path / "autograd_vi.po").write_text('msgid "broken', encoding="utf-8")
    assert read_words(tmp_path) is None


def test_extensions_and_templates_say_them_in_the_language_of_the_page(
    minimal_site: MinimalSite,
) -> None:
    minimal_site.catalogue("autograd_vi").write_text(CATALOGUE, encoding="utf-8")
    templates = minimal_site.docs / "_templates"
    templates.mkdir()
    (templates / "page.html").write_text(
        '{% extends "!page.html" %}{% block extrahead %}<meta name="{{ _("Answer") }}">{% endblock %}'
    )
    (minimal_site.docs / "answer.rst").write_text(
        ":orphan:\n\n.. answer-begin::\n\n.. answer-end::\n"
    )
    said = {
        language: minimal_site.build(language, templates_path=["_templates"]).page("answer")
        for language in ("en", "vi")
    }
    assert "<summary>Answer</summary>" in said["en"]
    assert '<meta name="Answer">' in said["en"]
    assert "<summary>Lời giải</summary>" in said["vi"]
    assert '<meta name="Lời giải">' in said["vi"]
