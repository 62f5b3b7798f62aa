"""What we use of the theme although furo does not document it."""

import re
from pathlib import Path

import furo
import sphinx_basic_ng
from sphinx.testing.util import SphinxTestApp
from upstream_list import upstream

from _extensions.page.content_security import THEME_TEMPLATE, script_hashes

DOCS = Path(__file__).resolve().parents[2] / "docs"
FURO = Path(furo.__file__).parent
THEMES = (FURO, Path(sphinx_basic_ng.__file__).parent)
# What a label of ours stands for in the theme's template is a literal, or made by the theme's Python code.
THEME = "".join(
    path.read_text(encoding="utf-8")
    for folder in THEMES
    for path in sorted(folder.rglob("*"))
    if path.suffix in {".html", ".py"}
)
STYLES = (FURO / "theme/furo/static/styles/furo.css").read_text(encoding="utf-8")
SCRIPTS = "".join(
    path.read_text(encoding="utf-8") for path in (FURO / "theme/furo/static/scripts").glob("*.js")
)
_REPLACED = re.compile(r"\breplace\('((?:[^'\\]|\\.)*)'")
_EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


def template(name: str) -> str:
    return (DOCS / "_templates" / name).read_text(encoding="utf-8")


def plain(text: str) -> str:
    """Return a template's text with words in place of what translates them, and without other expressions."""
    words = re.sub(r"""\{\{-?\s*_\(["'](.*?)["']\)\s*-?\}\}""", r"\1", text)
    words = re.sub(r"\{%-?\s*trans\s*-?%\}(.*?)\{%-?\s*endtrans\s*-?%\}", r"\1", words)
    return _EXPRESSION.sub("", words)


@upstream("furo.get_pygments_stylesheet")
def test_the_theme_s_colours_of_code_are_a_style_sheet_for_light_and_dark(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "conf.py").write_text("html_theme = 'furo'\n", encoding="utf-8")
    (source / "index.rst").write_text("One\n===\n", encoding="utf-8")
    app = SphinxTestApp(srcdir=source, builddir=tmp_path / "build")
    try:
        text = furo.get_pygments_stylesheet()
    finally:
        app.cleanup()
    assert ".highlight" in text
    assert 'body[data-theme="dark"]' in text


@upstream("one inline script in base.html")
def test_the_theme_has_one_inline_script_which_is_the_same_on_every_page() -> None:
    text = THEME_TEMPLATE.read_text(encoding="utf-8")
    assert len(script_hashes(text)) == 1
    folder = THEME_TEMPLATE.parent
    unused = {folder / "genindex.html", folder / "domainindex.html"}
    others = [path for path in folder.rglob("*.html") if path not in {THEME_TEMPLATE, *unused}]
    assert [path.name for path in others if script_hashes(path.read_text(encoding="utf-8"))] == []
    (inline,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert not _EXPRESSION.search(inline), "its text, and so its hash, differs from page to page"


@upstream("labels in the theme's pages")
def test_every_text_that_our_templates_replace_stands_in_the_theme() -> None:
    replaced = _REPLACED.findall(template("page.html")) + _REPLACED.findall(template("search.html"))
    assert len(replaced) > 10
    theme = plain(THEME)
    gone = []
    for source in replaced:
        text = source.replace("\\'", "'").replace("\\n", "\n")
        # The name of a page's link, made in Python, begins with a quotation mark in the page only.
        if text not in theme and text.strip('"') not in theme:
            gone.append(text)
    # The address of the index is put between two texts of the theme. The link of a page to itself is written by Sphinx;
    # tests/browser/test_contents.py sees that it is marked.
    ours = ("<script", '<a class="current')
    assert [line for line in gone if not line.startswith(ours)] == []
    assert "<script src=\"{{ pathto('searchindex.js', 1) }}\">" in THEME


@upstream("blocks of the theme's templates")
def test_every_block_that_our_templates_fill_is_one_of_the_theme_s() -> None:
    blocks = re.compile(r"\{%-?\s*block (\w+)")
    filled = {*blocks.findall(template("page.html")), *blocks.findall(template("search.html"))}
    assert filled
    assert filled - set(blocks.findall(THEME)) == set()


@upstream("the theme's classes and colours")
def test_the_colours_that_our_styles_use_are_set_by_the_theme() -> None:
    ours = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "_static").glob("*.css"))
    used = set(re.findall(r"var\((--(?:color|font)[\w-]*)", ours))
    assert used
    head = (FURO / "theme/furo/partials/_head_css_variables.html").read_text(encoding="utf-8")
    assert used - set(re.findall(r"(--[\w-]+)\s*:", STYLES + head)) == set()


@upstream("the theme's classes and colours")
def test_the_classes_that_our_scripts_look_for_are_the_theme_s() -> None:
    for name in ("toc-tree", "scroll-current"):
        assert name in STYLES, name
    assert "scroll-current" in SCRIPTS
    for name in ("math-wrapper", "table-wrapper"):
        assert name in THEME, name
