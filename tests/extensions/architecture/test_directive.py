"""The page with the picture shows the rooms as they are now, in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from minimal_site import MinimalSite

EXTENSIONS = [
    *("myst_parser", "_extensions.gallery", "_extensions.translation", "_extensions.glossary"),
    "_extensions.architecture",
]
PURPOSE = "The ground floor, see ``site.toml``."


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minimal_site: MinimalSite) -> Path:
    """A project of two rooms, and a page that shows them; the value is the folder of the upper one."""
    root = tmp_path / "code"
    for name, text in (
        ("docs/facts/__init__.py", f'"""{PURPOSE}"""\n'),
        ("docs/sitebuild/__init__.py", '"""The build."""\n'),
    ):
        (root / name).parent.mkdir(parents=True)
        (root / name).write_text(text)
    monkeypatch.setattr("_extensions.architecture.directive.ROOT", root)
    (minimal_site.docs / "code.md").write_text(
        "---\norphan: true\n---\n\n# Code\n\n```{rooms}\n```\n"
    )
    return root / "docs" / "sitebuild"


def test_the_page_has_the_picture_and_a_sentence_for_each_room(
    minimal_site: MinimalSite, code: Path
) -> None:
    assert code.is_dir()
    built = minimal_site.build("en", extensions=EXTENSIONS)
    page = built.page("code")
    assert re.findall(r"<text [^>]*>(\w+)</text>", page) == ["facts", "sitebuild"]
    assert "The ground floor, see <code" in page
    assert "Imports from:" not in page
    assert 'role="group" aria-label="The rooms, and which imports from which"' in page
    assert "viewBox" not in (built.out / "searchindex.js").read_text(encoding="utf-8")


def test_the_sentences_are_messages(minimal_site: MinimalSite, code: Path) -> None:
    assert code.is_dir()
    template = minimal_site.build("en", "gettext", extensions=EXTENSIONS).out / "code.pot"
    found = re.findall(r'^msgid "(.+)"$', template.read_text(encoding="utf-8"), re.MULTILINE)
    assert found == ["Code", PURPOSE, "The build."]


def test_a_new_import_shows_in_the_next_build(minimal_site: MinimalSite, code: Path) -> None:
    before = minimal_site.build("en", extensions=EXTENSIONS).page("code")
    assert minimal_site.build("en", extensions=EXTENSIONS).page("code") == before
    (code / "new.py").write_text("from facts import site\n")
    page = minimal_site.build("en", extensions=EXTENSIONS).page("code")
    assert "<p>Imports from: <code" in page
    assert page.count("<path") == 2 + before.count("<path")


def test_formats_without_html_leave_the_picture_out(minimal_site: MinimalSite, code: Path) -> None:
    assert code.is_dir()
    text = (minimal_site.build("en", "text", extensions=EXTENSIONS).out / "code.txt").read_text()
    assert "The build." in text
    assert "svg" not in text
