"""In a language that is all marks, every word of every page carries one: no string misses a catalogue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import polib
import pytest
from minimal_site import MinimalSite
from pseudo_language import (
    LANGUAGE,
    marked,
    unmarked_css_content,
    unmarked_text,
    write_pseudo_catalogues,
)
from pseudo_site import unmarked_in_book, unmarked_in_download, unmarked_on
from sphinx.testing.util import SphinxTestApp

from _extensions.downloads.files import write_downloads
from _extensions.run.figure_words import words_of
from facts.curriculum import read_curriculum
from facts.folders import DOCS
from facts.site import read_site
from sitebuild.interface_messages import interface_messages
from sitebuild.translations import update


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Read on", "⟦Read on⟧"),
        (", in ", "⟦, in⟧ "),
        (":term:`leaf` or ``x``", "⟦:term:`leaf` or ``x``⟧"),
        ("\n   Furo\n", "\n   ⟦Furo⟧\n"),
    ],
)
def test_a_message_is_marked_inside_its_spaces(message: str, expected: str) -> None:
    assert marked(message) == expected


@pytest.mark.parametrize(
    "page",
    [
        "<p>⟦A <b>bold</b> word⟧ 3.14</p>",
        "<pre>x = 1</pre><code>y</code><script>var a</script><math><mi>x</mi></math>",
        '<img alt="⟦A curve⟧"><input placeholder="⟦Search⟧">',
        '<a hreflang="vi">Tiếng Việt</a><p translate="no">autograd_vi</p>',
        '<p class="raw">kept</p>',
        '<img alt="">',
        '<meta name="viewport" content="width=device-width">',
    ],
)
def test_marked_and_exempt_words_pass(page: str) -> None:
    assert unmarked_text(page, exempt_classes=frozenset({"raw"})) == []


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>⟦A⟧ word</p>", "word"),
        ("<title>Home</title>", "Home"),
        ('<img alt="A curve">', "A curve"),
        ('<input placeholder="Search">', "Search"),
        ('<input type="submit" value="Go">', "Go"),
        ('<button aria-label="Close">⟦x⟧</button>', "Close"),
        ('<a title="More">⟦x⟧</a>', "More"),
        ('<meta name="description" content="A site">', "A site"),
        ("<svg><title>Menu</title></svg>", "Menu"),
        ("<noscript>Turn it on</noscript>", "Turn it on"),
    ],
)
def test_an_unmarked_word_is_found_in_text_and_in_attributes(page: str, text: str) -> None:
    assert [found for _, found in unmarked_text(page)] == [text]


def test_words_in_style_sheets_are_found() -> None:
    sheet = (
        '.a::before{content:"Out:"}.b{content:"\\2192"}.c{content:"" / "Copied"}.d{content:attr(x)}'
    )
    assert list(unmarked_css_content(sheet)) == ['"Out:"', '"" / "Copied"']


TEXT, CODE = "# %% [markdown]\n", "# %%\n"


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (TEXT + "# # ⟦Title⟧\n#\n# ⟦It *is* $x$.⟧", []),
        (TEXT + "# # ⟦Title⟧\n#\n# See *it*", ["See", "it"]),
        (TEXT + "# > **Note**\n# >\n# > ⟦So it is.⟧", ["Note"]),
        (TEXT + "# ![A curve](x.png)", ["A curve"]),
        (TEXT + "# $xy$ and `code`\n#\n# $$\n# xy\n# $$", ["and"]),
        (CODE + "x = f(1)  # (3, n)", []),
        (CODE + "x = f(1)  # ⟦a word⟧", []),
        (CODE + "x = f(1)  # a word", ["# a word"]),
        (CODE + "x = 'to be or not'", []),
        (CODE + "raise ValueError('⟦to be or not⟧')", []),
        (CODE + "raise ValueError('to be or not')", ["to be or not"]),
    ],
)
def test_an_unmarked_word_is_found_in_the_text_and_in_the_code_of_a_download(
    tmp_path: Path, cell: str, found: list[str]
) -> None:
    path = tmp_path / "plot_x.py"
    path.write_text(f"{cell}\n", encoding="utf-8")
    assert [text for _, text in unmarked_in_download(path)] == found


@pytest.fixture
def pseudo_site(minimal_site: MinimalSite, templates: Path) -> MinimalSite:
    """The smallest site with the catalogues of its own messages and of the interface's, all in marks."""
    locale = minimal_site.root / "pseudo"
    words = polib.POFile()
    words.extend(interface_messages(DOCS))
    words.save(str(templates / "sphinx.pot"))
    write_pseudo_catalogues(templates, locale)
    return minimal_site


def test_roles_and_placeholders_work_between_the_marks(pseudo_site: MinimalSite) -> None:
    built = pseudo_site.build(LANGUAGE, locale_dirs=[str(pseudo_site.root / "pseudo")])
    assert [line for line in built.warnings if "WARNING" in line] == []
    page = built.page("gallery/first/plot_square")
    assert 'glossary.html#term-derivative">' in page
    assert "⟦Multiply it by two.⟧" in page


# What the pages of the real site add to these.
REAL_PAGE: dict[str, Any] = {
    "templates_path": [str(DOCS / "_templates")],
    "extensions": [
        *("myst_parser", "_extensions.translation", "_extensions.glossary"),
        *("_extensions.formulas", "_extensions.gallery", "_extensions.page"),
    ],
}


def take_along(app: SphinxTestApp) -> None:
    """Write the downloads of the small site's page."""
    scripts = Path(app.srcdir).parent / "scripts"
    write_downloads(app, ["gallery/first/plot_square"], scripts, replace(read_site(), url=""), "")


def test_every_visible_string_of_every_page_and_download_is_marked(
    pseudo_site: MinimalSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "AUTOGRAD_VI_REPOSITORY", "owner/name"
    )  # so that there are links to mend a page
    for path in (pseudo_site.root / "scripts", pseudo_site.docs / "gallery"):
        suffix = {"scripts": "py", "gallery": "rst"}[path.name]
        pseudo_site.edit(path / f"first/plot_square.{suffix}", "x = 3.0", "import autograd_vi")
    locale = [str(pseudo_site.root / "pseudo")]
    built = pseudo_site.build(LANGUAGE, finish=take_along, locale_dirs=locale, **REAL_PAGE)
    pages = {page: page.read_text(encoding="utf-8") for page in built.out.rglob("*.html")}
    assert len(pages) >= 5
    found = {
        (page.name, where, text)
        for page, html in pages.items()
        for where, text in unmarked_text(
            html, exempt_classes=frozenset({"glossary-equivalent"}), site="Minimal"
        )
    }
    assert found == set()
    downloads = [path for path in built.out.rglob("plot_*") if path.suffix in {".py", ".ipynb"}]
    assert len(downloads) == 3
    assert [word for path in downloads for word in unmarked_in_download(path)] == []


def test_every_visible_string_of_a_book_is_marked(pseudo_site: MinimalSite) -> None:
    settings = REAL_PAGE | {"extensions": [*REAL_PAGE["extensions"], "_extensions.book"]}
    locale = [str(pseudo_site.root / "pseudo")]
    built = pseudo_site.build(LANGUAGE, "epub", tags=["book"], locale_dirs=locale, **settings)
    assert len(list(built.out.rglob("*.xhtml"))) >= 5
    assert unmarked_in_book(built.out, read_site().title) == []


@pytest.mark.slow
@pytest.mark.xdist_group("pseudo")
def test_the_catalogues_are_as_make_translations_leaves_them(
    pseudo_real_site: Path, tmp_path: Path
) -> None:
    """Whoever translates sees only the changes of their own."""
    shutil.copytree(DOCS / "locale", tmp_path / "locale")
    shutil.copy(DOCS / "glossary.toml", tmp_path)
    templates = pseudo_real_site.parent / "templates"
    for language in read_site().translations:
        assert update(tmp_path / "locale", language, templates, tmp_path / "scratch") == []


# furo says this to authors who put a second table of contents on a page; none of ours has the box that shows it.
AUTHORS_BOX = "contents"
FOR_AUTHORS = "ERROR: Adding a table of contents in Furo-based documentation"


@pytest.mark.slow
@pytest.mark.xdist_group("pseudo")
def test_every_visible_string_of_the_real_site_is_marked(pseudo_real_site: Path) -> None:
    pages = {
        page.relative_to(pseudo_real_site).as_posix(): page.read_text(encoding="utf-8")
        for page in pseudo_real_site.rglob("*.html")
    }
    found = {
        (name, where, text) for name, page in pages.items() for where, text in unmarked_on(page)
    }
    found |= {
        (sheet.name, "content", text)
        for sheet in pseudo_real_site.rglob("*.css")
        for text in unmarked_css_content(sheet.read_text(encoding="utf-8"))
        if FOR_AUTHORS not in text
    }
    figures = [
        path.read_text(encoding="utf-8") for path in pseudo_real_site.rglob("sphx_glr_*.svg")
    ]
    words = [word for figure in figures for word in words_of(figure)]
    assert len(words) > 40
    found |= {("a figure", "text", word) for word in words if word != marked(word.strip("⟦⟧"))}
    assert found == set()
    assert not [name for name, page in pages.items() if f'class="{AUTHORS_BOX}' in page]


@pytest.mark.slow
@pytest.mark.xdist_group("pseudo")
def test_every_visible_string_of_the_real_downloads_is_marked(pseudo_real_site: Path) -> None:
    downloads = [*pseudo_real_site.rglob("plot_*.ipynb"), *pseudo_real_site.rglob("plot_*.py")]
    pages = sum(len(part.pages) for part in read_curriculum())
    assert len(downloads) == 3 * pages
    found = {(path.name, *word) for path in downloads for word in unmarked_in_download(path)}
    assert found == set()


@pytest.mark.slow
@pytest.mark.xdist_group("pseudo")
def test_every_visible_string_of_the_real_book_is_marked(pseudo_real_book: Path) -> None:
    assert len(list(pseudo_real_book.rglob("plot_*.xhtml"))) > 20
    assert unmarked_in_book(pseudo_real_book, read_site().title) == []
