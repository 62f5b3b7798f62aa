"""A hostile catalogue ends the build with its place, or is shown as the text that it is; it never runs."""

from __future__ import annotations

import os
from pathlib import Path

import polib
import pytest
from minimal_site import Built, MinimalSite
from sphinx.errors import ConfigError, ExtensionError

PAGE = "gallery/first/plot_square"
SENTENCE = "Nhân nó với hai."
READ_ON = "{ref}`page-square`."


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the words of a secret file\n", encoding="utf-8")
    return path


def _set(site: MinimalSite, name: str, old: str, new: str) -> None:
    """Replace ``old`` in the one translation that holds it."""
    entries = polib.pofile(str(site.catalogue(name)))
    (entry,) = (entry for entry in entries if old in entry.msgstr)
    entry.msgstr = entry.msgstr.replace(old, new)
    entries.save()


def _warned(built: Built, part: str) -> bool:
    return any(part in line and "WARNING" in line for line in built.warnings)


def _written(built: Built) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in built.out.rglob("*")
        if path.is_file()
    )


def test_no_page_is_read_where_a_translation_would_do_something(
    minimal_site: MinimalSite, secret: Path
) -> None:
    _set(minimal_site, PAGE, SENTENCE, f".. include:: {secret}")
    _set(minimal_site, PAGE, "Hai lần số đó", f"Hai :download:`{secret}`")
    _set(minimal_site, "index", READ_ON, f"{READ_ON}\n\n```{{include}} {secret}\n```")
    _set(minimal_site, "glossary", "Nơi đồ thị kết thúc.", "---\nfile_format: mystnb\n---\n")
    with pytest.raises(ExtensionError) as caught:
        minimal_site.build("vi")
    message = str(caught.value)
    assert message.count("holds a directive") == 2
    assert "calls the role “download”" in message
    assert "holds a block of settings" in message
    assert f"{minimal_site.catalogue(PAGE)}:" in message
    assert not list((minimal_site.root / "out").rglob("*.html"))


def test_scripts_and_foreign_links_fail_the_build_and_are_escaped(
    minimal_site: MinimalSite,
) -> None:
    script = "<script>alert(1)</script>"
    image = "<img src=x onerror=alert(1)>"
    _set(minimal_site, PAGE, SENTENCE, f"Nhân {script} `x <javascript:alert(2)>`_.")
    _set(minimal_site, PAGE, "Hai lần số đó", f"Hai {image}")
    _set(minimal_site, PAGE, "Một parabol", f'Một " onerror="alert(1) {script}')
    _set(minimal_site, PAGE, "Bình phương", f"Bình </title>{script}")
    _set(minimal_site, "index", "Tối giản", f"Tối {image}")
    _set(minimal_site, "index", READ_ON, f"{READ_ON} <b onclick=alert(1)>x</b>")
    _set(minimal_site, "index", "Đọc tiếp", f"Đọc {script}")
    _set(minimal_site, "glossary", "nút lá", f"nút lá {image}")
    _set(minimal_site, "glossary", "Nơi đồ thị kết thúc.", f"Nơi {script}")
    built = minimal_site.build("vi")
    assert _warned(built, "adds the link “javascript:alert(2)”")
    assert _warned(built, "adds the raw text “<img src=x onerror=alert(1)>”")
    assert _warned(built, "adds the raw text “<b onclick=alert(1)>”")
    for name in ("gallery/first/plot_square", "gallery/first/index", "index", "glossary"):
        page = built.page(name)
        assert script not in page, name
        assert "<img src=x" not in page, name
        assert "<b onclick" not in page, name
        assert '" onerror="' not in page, name
    assert "Hai &lt;img src=x" in built.page(PAGE)


def test_a_link_that_is_written_without_markup_is_found(minimal_site: MinimalSite) -> None:
    _set(minimal_site, PAGE, SENTENCE, "Nhân javascript:alert(1) và data:text/html,x.")
    built = minimal_site.build("vi")
    assert _warned(built, "adds the link “javascript:alert(1")
    assert _warned(built, "adds the link “data:text/html,x")


def test_a_compiled_catalogue_that_says_something_else_is_not_believed(
    minimal_site: MinimalSite, secret: Path
) -> None:
    """Sphinx takes a newer .mo as it is; a hostile one would pass by every check of the .po."""
    path = minimal_site.catalogue(PAGE)
    hostile = polib.pofile(str(path))
    entry = hostile.find("Multiply it by two.")
    assert entry is not None
    entry.msgstr = f".. include:: {secret}"
    compiled = path.with_suffix(".mo")
    hostile.save_as_mofile(str(compiled))
    minimal_site.catalogue("index").with_suffix(".mo").write_bytes(b"\xde\x12\x04\x95 cut off")
    for path in compiled, minimal_site.catalogue("index").with_suffix(".mo"):
        os.utime(path, (4e9, 4e9))
    built = minimal_site.build("vi")
    assert not _warned(built, "")
    assert SENTENCE in built.page(PAGE)
    assert "secret file" not in _written(built)


def test_catalogues_of_the_source_language_are_refused(minimal_site: MinimalSite) -> None:
    """They would change the pages' own words, and no check looks at them."""
    path = minimal_site.catalogue("index", "en")
    path.parent.mkdir(parents=True)
    path.write_text('msgid "Minimal"\nmsgstr "<script>alert(1)</script>"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="the pages are written in 'en'"):
        minimal_site.build("en")


def test_a_page_s_own_raw_text_and_links_stay(minimal_site: MinimalSite) -> None:
    own = "See <kbd>Tab</kbd> and <https://example.org/>."
    minimal_site.edit(minimal_site.docs / "index.md", READ_ON, f"{READ_ON}\n\n{own}")
    entries = polib.pofile(str(minimal_site.catalogue("index")))
    entries.append(polib.POEntry(msgid=own, msgstr=own.replace("See", "Xem").replace("and", "và")))
    entries.save()
    built = minimal_site.build("vi")
    assert not _warned(built, "")
    assert "<kbd>Tab</kbd>" in built.page("index")
