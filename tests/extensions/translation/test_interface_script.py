"""The search page's script gets the words of the catalogue, and no others."""

from __future__ import annotations

import json
from pathlib import Path

import polib
from minimal_site import MinimalSite

from _extensions.translation.interface_script import interface_script, write_interface_script

CATALOGUE = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

#: sphinx/themes/basic/static/searchtools.js
msgid "Searching"
msgstr "Đang tìm"

#: sphinx/themes/basic/static/searchtools.js
msgid "one page"
msgid_plural "many pages"
msgstr[0] "${resultCount} trang"

#: furo/page.html
msgid "Next"
msgstr "Tiếp"

#: sphinx/themes/basic/static/searchtools.js
msgid "Search Results"
msgstr ""
"""


def _data(script: str) -> tuple[dict[str, object], str]:
    start, end = "Object.assign(Documentation, ", ");"
    first, second = script.splitlines()
    assert first.startswith(start)
    assert first.endswith(end)
    return json.loads(first[len(start) : -len(end)]), second


def test_a_script_has_the_translated_messages_of_scripts_only(tmp_path: Path) -> None:
    path = tmp_path / "sphinx.po"
    path.write_text(CATALOGUE, encoding="utf-8")
    data, plural = _data(interface_script(polib.pofile(str(path)), "vi"))
    assert data == {
        "LOCALE": "vi",
        "TRANSLATIONS": {"Searching": "Đang tìm", "one page": ["${resultCount} trang"]},
    }
    assert plural == "Documentation.PLURAL_EXPR = (n) => Number(0);"


def test_the_script_is_written_once_and_only_for_a_catalogue(tmp_path: Path) -> None:
    write_interface_script(tmp_path, "vi")
    assert not (tmp_path / "sphinx.js").exists()
    (tmp_path / "sphinx.po").write_text(CATALOGUE, encoding="utf-8")
    write_interface_script(tmp_path, "vi")
    first = (tmp_path / "sphinx.js").stat().st_mtime_ns
    write_interface_script(tmp_path, "vi")
    assert (tmp_path / "sphinx.js").stat().st_mtime_ns == first


def test_a_site_s_pages_load_the_words_of_its_own_catalogue(minimal_site: MinimalSite) -> None:
    minimal_site.catalogue("sphinx").write_text(CATALOGUE, encoding="utf-8")
    built = minimal_site.build("vi")
    assert "Đang tìm" in (built.out / "_static" / "translations.js").read_text(encoding="utf-8")
    assert "translations.js" in built.page("search")
