"""A build that goes on from the last one gives the same bytes as a clean one, whatever was changed in between.

This module is long because each kind of input is an entry.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polib
import pytest
import sandbox_site
from sandbox_site import INTERFACE, Sandbox

from sitebuild.checks.same_bytes import differing

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("incremental")]

GLOSSARY = """
names = []

[[term]]
term = "slope"
definition = "How steep a line is."
[term.vi]
term = "độ dốc"
"""
GLOSSARY_PAGE = "# Glossary\n\nOne term.\n\n```{glossary-terms}\n```\n"
HOME = (
    "# Welcome\n\nA {term}`slope`.\n\n"
    "```{toctree}\n:hidden:\n\nlearn\nguide/index\nerrors\nglossary\n```\n"
)
ERRORS = "# All errors\n\n```{error-index}\n```\n"
EXHIBIT = """
# %%
# .. exhibit:: by zero
#    :name: zero
#
#    A zero.
#
#    Nobody counted.
#
#    Count first.
try:
    1 / 0
except ZeroDivisionError as error:
    print(f"{type(error).__name__}: {error}")
"""
VIETNAMESE = {
    "index": {"Welcome": "Chào bạn", "A {term}`slope`.": "Một {term}`độ dốc <slope>`."},
    "errors": {"All errors": "Mọi lỗi"},
    "glossary": {
        "Glossary": "Thuật ngữ",
        "One term.": "Một thuật ngữ.",
        "slope": "độ dốc",
        "How steep a line is.": "Đường thẳng dốc đến mức nào.",
    },
}

LINE = "gallery/first/plot_line"
SQUARE = "gallery/first/plot_square"
EXHIBITED = {
    "A zero.": "Số 0.",
    "Nobody counted.": "Chẳng ai đếm.",
    "Count first.": "Hãy đếm trước.",
}


def write_catalogue(sandbox: Sandbox, page: str, messages: Mapping[str, str]) -> None:
    catalogue = polib.POFile()
    catalogue.metadata = {"Language": "vi", "Content-Type": "text/plain; charset=UTF-8"}
    catalogue.extend(polib.POEntry(msgid=said, msgstr=meant) for said, meant in messages.items())
    sandbox.catalogue(page).parent.mkdir(parents=True, exist_ok=True)
    catalogue.save(str(sandbox.catalogue(page)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A small site with a glossary, which has been built; no test changes it."""
    sandbox = Sandbox.create(tmp_path_factory.mktemp("incremental") / "project")
    sandbox.write("docs/glossary.toml", GLOSSARY)
    sandbox.write("docs/glossary.md", GLOSSARY_PAGE)
    sandbox.write("docs/index.md", HOME)
    sandbox.write("docs/search_words.toml", '["index"]\nen = ["hello"]\nvi = ["xin chào"]\n')
    sandbox.write("docs/errors.md", ERRORS)
    append("gallery/first/plot_line.py", EXHIBIT)(sandbox)
    for page, messages in VIETNAMESE.items():
        write_catalogue(sandbox, page, messages)
    write_catalogue(sandbox, "gallery/first/plot_line", sandbox_site.VIETNAMESE[LINE] | EXHIBITED)
    done = sandbox.build()
    assert done.status == 0, done.output[-6000:]
    return sandbox


def copy(sandbox: Sandbox, target: Path, *without: str) -> Sandbox:
    made = Sandbox(Path(shutil.copytree(sandbox.root, target, symlinks=True)))
    for name in without:
        shutil.rmtree(made.root / name)
    return made


def append(path: str, text: str) -> Callable[[Sandbox], None]:
    def change(sandbox: Sandbox) -> None:
        sandbox.write(path, (sandbox.root / path).read_text(encoding="utf-8") + text)

    return change


def edit(path: str, old: str, new: str) -> Callable[[Sandbox], None]:
    return lambda sandbox: sandbox.edit(path, old, new)


def translate(catalogue: str, message: str, translation: str) -> Callable[[Sandbox], None]:
    def change(sandbox: Sandbox) -> None:
        path = sandbox.root / catalogue
        entries = polib.pofile(str(path))
        entry = entries.find(message)
        assert entry is not None
        entry.msgstr = translation
        entries.save(str(path))

    return change


def define_anew(sandbox: Sandbox) -> None:
    """Change a definition and its translation."""
    old, new = "How steep a line is.", "How fast a line rises."
    sandbox.edit("docs/glossary.toml", old, new)
    messages = {message: text for message, text in VIETNAMESE["glossary"].items() if message != old}
    messages[new] = "Đường thẳng lên nhanh đến mức nào."
    write_catalogue(sandbox, "glossary", messages)


def link_to_a_term(sandbox: Sandbox) -> None:
    """Let a page link to a term, in both languages."""
    append("docs/guide/sums.md", "\nA {term}`slope`.\n")(sandbox)
    catalogue = polib.pofile(str(sandbox.catalogue("guide/sums")))
    catalogue.append(polib.POEntry(msgid="A {term}`slope`.", msgstr="Một {term}`độ dốc <slope>`."))
    catalogue.save()


def reword_figure(sandbox: Sandbox) -> None:
    """Change a word in a figure and its translation."""
    old, new = "side of the square", "length"
    sandbox.edit("gallery/first/plot_square.py", old, new)
    messages = {said: text for said, text in sandbox_site.VIETNAMESE[SQUARE].items() if said != old}
    write_catalogue(sandbox, SQUARE, messages | {new: "độ dài"})


@dataclass(frozen=True)
class Change:
    """What is done to the sources, and where it must show."""

    change: Callable[[Sandbox], object] = lambda _sandbox: None
    environment: Mapping[str, str] = field(default_factory=dict)
    shown: tuple[str, str] | None = None
    """A published file, and a text in it that the change brings."""
    clean: tuple[str, ...] = ("build/work", "build/html")
    """What the clean build does without; the outputs of the run have a record of their own."""


LOCALE = "docs/locale/vi/LC_MESSAGES"
CHANGES: dict[str, Change] = {
    "the name of a language": Change(
        edit("docs/site.toml", 'name = "English"', 'name = "In English"'),
        shown=("vi/learn.html", "In English"),
    ),
    "the repository": Change(
        environment={"AUTOGRAD_VI_REPOSITORY": "owner/name"},
        shown=("en/learn.html", "github.com/owner/name"),
    ),
    "the address": Change(
        environment={"AUTOGRAD_VI_SITE_URL": "https://example.org/site/"},
        shown=("en/learn.html", "https://example.org/site/en/learn.html"),
    ),
    "the notebook of a page": Change(
        edit("docs/curriculum.toml", "minutes = 2", 'minutes = 2, notebook = "Lines"'),
        shown=("en/gallery/first/plot_line.html", "“Lines”"),
    ),
    "the minutes of a page": Change(
        edit("docs/curriculum.toml", "minutes = 2", "minutes = 77771"),
        shown=("en/learn.html", "77771"),
    ),
    "the minutes of a page, at the end of the one before": Change(
        edit("docs/curriculum.toml", "minutes = 2", "minutes = 88881"),
        shown=("en/gallery/first/plot_square.html", "88881"),
    ),
    "the translation of a title": Change(
        translate(f"{LOCALE}/{LINE}.po", "The line", "Đường kẻ"),
        shown=("vi/gallery/first/plot_square.html", "<strong>Đường kẻ</strong>"),
    ),
    "the translation of a part's title": Change(
        translate(f"{LOCALE}/gallery/first/index.po", "First", "Chương một"),
        shown=("vi/gallery/first/plot_square.html", "· Chương một</a>"),
    ),
    "the translation of a question": Change(
        translate(f"{LOCALE}/{LINE}.po", "**Does a line grow?** Yes.", "**Thẳng thì sao?** Tăng."),
        shown=("vi/learn.html", "Thẳng thì sao?"),
    ),
    "a definition": Change(
        define_anew,
        shown=("en/index.html", "How fast a line rises."),
    ),
    "the translation of a definition": Change(
        translate(f"{LOCALE}/glossary.po", "How steep a line is.", "Đường thẳng dốc thế nào."),
        shown=("vi/index.html", "Đường thẳng dốc thế nào."),
    ),
    "a page that links to another term": Change(
        link_to_a_term,
        shown=(
            "vi/glossary.html",
            '<a class="reference internal" href="guide/sums.html"><span class="doc">',
        ),
    ),
    "a translation": Change(
        translate(f"{LOCALE}/guide/sums.po", "Python adds.", "Python cộng."),
        shown=("vi/guide/sums.html", "Python cộng."),
    ),
    "the translation of a word in a figure": Change(
        translate(f"{LOCALE}/{SQUARE}.po", "side of the square", "độ dài cạnh"),
        shown=("vi/_images/sphx_glr_plot_square_001.svg", ">độ dài cạnh<"),
    ),
    "a word in a figure": Change(
        reword_figure,
        shown=("vi/_images/sphx_glr_plot_square_001_dark.svg", ">độ dài<"),
        clean=("build", "docs/gallery"),
    ),
    "a word of the interface": Change(
        translate(f"docs/{INTERFACE}", "%d min", "%d phút đọc"),
        shown=("vi/learn.html", "phút\N{NO-BREAK SPACE}đọc"),
    ),
    "a template": Change(
        append("docs/_templates/provenance.html", "<!-- changed -->\n"),
        shown=("vi/gallery/first/plot_line.html", "<!-- changed -->"),
    ),
    "a style": Change(
        append("docs/_static/site.css", "\n.changed { color: red; }\n"),
        shown=("en/_static/page.css", ".changed"),
    ),
    "a script of the pages": Change(
        append("docs/_static/keep_place.js", "\nvar changed = 1;\n"),
        shown=("en/_static/page.js", "var changed"),
    ),
    "the front door": Change(
        append("docs/front_door/index.html", "<!-- changed -->\n"),
        shown=("index.html", "<!-- changed -->"),
    ),
    "a gallery script": Change(
        edit("gallery/first/plot_line.py", "2 + 3", "2 + 4"),
        shown=("vi/gallery/first/plot_line.html", "2 + 4 = 6"),
        clean=("build", "docs/gallery"),
    ),
    "the package": Change(
        append("src/autograd_vi/seed.py", "\n# changed\n"), clean=("build", "docs/gallery")
    ),
    "the package's style": Change(
        append("src/autograd_vi/render/graph.css", "\n.changed { color: red; }\n"),
        shown=("en/_static/graph.css", ".changed"),
        clean=("build", "docs/gallery"),
    ),
    "a page of the guide": Change(
        append("docs/guide/index.md", "\n```{toctree}\n:hidden:\n```\n"),
    ),
    "an inventory": Change(
        edit("docs/inventories/torch.toml", "docs/stable/", "docs/2.99/"),
        shown=("en/gallery/first/plot_square.html", "docs/2.99/"),
    ),
    "the translation of an exhibit": Change(
        translate(f"{LOCALE}/{LINE}.po", "Count first.", "Đếm đi đã."),
        shown=("vi/errors.html", "Đếm đi đã."),
    ),
    "a message that a script shows": Change(
        edit("gallery/first/plot_line.py", "1 / 0", "1 % 0"),
        shown=("vi/errors.html", ">modulo<"),
        clean=("build", "docs/gallery"),
    ),
    "search words": Change(
        edit("docs/search_words.toml", "hello", "good morning"),
        shown=("en/searchindex.js", '"morn"'),  # the search keeps stems
    ),
}


def wheels(sandbox: Sandbox) -> set[str]:
    """Return the published wheels."""
    return {name for name in sandbox.digests() if name.startswith("wheels/")}


@pytest.mark.parametrize("kind", CHANGES)
def test_a_change_gives_the_same_bytes_as_a_clean_build(
    kind: str, built: Sandbox, tmp_path: Path
) -> None:
    change = CHANGES[kind]
    incremental = copy(built, tmp_path / "incremental")
    clean = copy(built, tmp_path / "clean", *change.clean)
    for sandbox in (incremental, clean):
        change.change(sandbox)
        done = sandbox.build(environment=sandbox.environment() | dict(change.environment))
        assert done.status == 0, done.output[-4000:]
    different = differing(incremental.digests(), clean.digests())
    # Notebooks saved earlier name the wheel of that time, which therefore stays.
    assert [name for name in different if name not in wheels(built)] == []
    if change.shown:
        path, text = change.shown
        assert text in (incremental.published / path).read_text(encoding="utf-8")
        assert text not in (built.published / path).read_text(encoding="utf-8")


def test_a_removed_catalogue_fails_the_next_build_as_it_fails_a_clean_one(
    built: Sandbox, tmp_path: Path
) -> None:
    for sandbox in (
        copy(built, tmp_path / "incremental"),
        copy(built, tmp_path / "clean", "build/work"),
    ):
        sandbox.catalogue("guide/sums").unlink()
        done = sandbox.build()
        assert done.status != 0
        assert "not translated" in done.output
        assert "guide/sums" in done.output


def test_a_removed_page_is_gone_from_the_site(built: Sandbox, tmp_path: Path) -> None:
    sandboxes = [
        copy(built, tmp_path / "incremental"),
        copy(built, tmp_path / "clean", "build/work"),
    ]
    for sandbox in sandboxes:
        sandbox.write("docs/guide/index.md", "# Advice\n")
        (sandbox.root / "docs/guide/sums.md").unlink()
        sandbox.catalogue("guide/sums").unlink()
        done = sandbox.build()
        assert done.status == 0, done.output[-4000:]
        assert not (sandbox.published / "vi/guide/sums.html").exists()
    assert differing(*(sandbox.digests() for sandbox in sandboxes)) == []


def test_a_build_with_nothing_to_do_starts_no_language(built: Sandbox, tmp_path: Path) -> None:
    sandbox = copy(built, tmp_path / "again")
    before = sandbox.digests()
    done = sandbox.build()
    assert done.status == 0
    assert "nothing has changed since the last build" in done.output
    assert "[vi]" not in done.output
    assert sandbox.digests() == before


def test_a_published_file_that_something_else_changed_is_made_again(
    built: Sandbox, tmp_path: Path
) -> None:
    sandbox = copy(built, tmp_path / "damaged")
    (sandbox.published / "vi/learn.html").write_text("damaged")
    assert sandbox.build().status == 0
    assert differing(sandbox.digests(), built.digests()) == []
