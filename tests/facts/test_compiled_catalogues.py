"""A compiled catalogue stays only as long as it says what its source says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polib
import pytest
from babel.messages import mofile, pofile

from facts.compiled_catalogues import remove_wrong_compiled

SOURCE = r"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"

msgid "One."
msgstr "Một."

msgctxt "count"
msgid "%s page"
msgid_plural "%s pages"
msgstr[0] "%s trang"

#, fuzzy
msgid "Two."
msgstr "Hai?"

msgid "Three."
msgstr ""
"""


@pytest.fixture
def compiled(tmp_path: Path) -> Path:
    """A catalogue, compiled in the way that Sphinx does it."""
    source = tmp_path / "guide" / "page.po"
    source.parent.mkdir()
    source.write_text(SOURCE, encoding="utf-8")
    target = source.with_suffix(".mo")
    with source.open(encoding="utf-8") as read, target.open("wb") as write:
        mofile.write_mo(write, pofile.read_po(read, "vi"))
    return target


def test_what_sphinx_has_compiled_stays(compiled: Path, tmp_path: Path) -> None:
    assert remove_wrong_compiled(tmp_path) == []
    assert compiled.is_file()


def _hostile(path: Path) -> None:
    catalogue = polib.pofile(str(path.with_suffix(".po")))
    entry = catalogue.find("One.")
    assert entry is not None
    entry.msgstr = ".. include:: /etc/passwd"
    catalogue.save_as_mofile(str(path))


DAMAGES: dict[str, Callable[[Path], object]] = {
    "other words": _hostile,
    "broken off": lambda path: path.write_bytes(path.read_bytes()[:40]),
    "empty": lambda path: path.write_bytes(b""),
    "no source": lambda path: path.with_suffix(".po").unlink(),
    "a source that cannot be read": lambda path: path.with_suffix(".po").write_text("msgid"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_any_other_goes(compiled: Path, tmp_path: Path, name: str) -> None:
    DAMAGES[name](compiled)
    assert remove_wrong_compiled(tmp_path) == [compiled]
    assert not compiled.exists()


def test_only_the_named_ones_are_looked_at(compiled: Path, tmp_path: Path) -> None:
    compiled.write_bytes(b"")
    assert remove_wrong_compiled(tmp_path, "sphinx.mo") == []
    assert compiled.exists()
