"""The page with the picture shows the rooms as they are now, in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from minimal_site import MinimalSite
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from _extensions.architecture.directive import (
    on_env_get_outdated,
    on_env_merge_info,
    on_env_purge_doc,
    shown_rooms,
)
from _extensions.architecture.rooms import Room

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


def test_what_another_reader_showed_is_taken_over_and_a_gone_page_is_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("_extensions.architecture.directive.ROOT", tmp_path)
    env, other = (cast(BuildEnvironment, SimpleNamespace(found_docs={"a", "b"})) for _ in range(2))
    app = cast(Sphinx, SimpleNamespace())
    shown_rooms(env)["a"] = ()
    shown_rooms(other)["b"] = (Room("facts", "docs/facts", "The ground floor.", ()),)
    on_env_merge_info(app, env, ["b"], other)
    assert on_env_get_outdated(app, env, set(), set(), set()) == ["b"]
    on_env_purge_doc(app, env, "b")
    assert shown_rooms(env) == {"a": ()}
