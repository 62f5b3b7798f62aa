"""`make epub`: one well-formed book a language, with formulas and figures, whose list of files says what they hold."""

from __future__ import annotations

import posixpath
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import pytest
from sandbox_site import Sandbox

from _extensions.run.figure_words import words_of
from facts.addresses import book_path
from facts.errors import BuildError
from sitebuild import epub

pytestmark = pytest.mark.xdist_group("sandbox")

HTML = "{http://www.w3.org/1999/xhtml}"
XHTML = "application/xhtml+xml"
CHAPTER = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
PACKAGE = f"""<package xmlns="{epub.OPF}"><metadata xmlns:dc="{epub.DC}"><dc:date>2001</dc:date>
<meta property="dcterms:modified">2001</meta></metadata><manifest>
<item id="a" href="a.xhtml" media-type="{XHTML}"/>
<item id="nav" href="nav.xhtml" media-type="{XHTML}" properties="nav"/>
</manifest></package>"""


def _items(package: str) -> dict[str, str]:
    items = ET.fromstring(package).iter(f"{{{epub.OPF}}}item")  # ours
    return {item.get("href", ""): item.get("properties", "") for item in items}


@pytest.mark.parametrize(
    ("body", "properties"),
    [("<p>x</p>", ""), (MATH, "mathml"), (SVG, "svg"), (f"<p>{SVG}</p>{MATH}", "mathml svg")],
)
def test_the_list_says_which_chapters_hold_formulas_and_drawings(
    tmp_path: Path, body: str, properties: str
) -> None:
    (tmp_path / "a.xhtml").write_text(CHAPTER.format(body))
    completed = epub.complete_package(PACKAGE, tmp_path, "2024-05-01T00:00:00Z")
    assert _items(completed) == {"a.xhtml": properties, "nav.xhtml": "nav"}
    assert completed.count("2024-05-01T00:00:00Z") == 2
    assert "2001" not in completed


def test_a_chapter_that_is_no_xml_ends_the_build(tmp_path: Path) -> None:
    (tmp_path / "a.xhtml").write_text(CHAPTER.format("<p>x<br></p>"))
    with pytest.raises(BuildError, match=r"a\.xhtml is no well-formed XML"):
        epub.complete_package(PACKAGE, tmp_path, "2024-05-01T00:00:00Z")


def test_the_type_comes_first_and_the_same_book_has_the_same_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    (folder / "META-INF").mkdir(parents=True)
    (folder / "mimetype").write_text("application/epub+zip")
    (folder / "META-INF" / "container.xml").write_text("<container/>")
    (folder / "content.opf").write_text(PACKAGE)
    for name in ("a.xhtml", "nav.xhtml", "not-listed.js"):
        (folder / name).write_text(CHAPTER.format(name))
    for name in ("one.epub", "two.epub"):
        epub.pack(folder, tmp_path / name)
        (folder / "a.xhtml").touch()
    assert (tmp_path / "one.epub").read_bytes() == (tmp_path / "two.epub").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.epub") as book:
        first, *others = book.infolist()
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        names = [entry.filename for entry in others]
    assert names == ["META-INF/container.xml", "a.xhtml", "content.opf", "nav.xhtml"]


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A small site whose books have been built."""
    made = Sandbox.create(tmp_path_factory.mktemp("books") / "project")
    built = made.build("epub")
    assert built.status == 0, built.output[-6000:]
    return made


@pytest.mark.parametrize(
    ("language", "title", "shown", "axis"),
    [
        ("vi", "Bình phương", "Một parabol đi lên.", "cạnh hình vuông"),
        ("en", "The square", "A parabola that rises.", "side of the square"),
    ],
)
def test_every_chapter_of_a_book_is_xml_and_listed_for_what_it_holds(
    sandbox: Sandbox, language: str, title: str, shown: str, axis: str
) -> None:
    with zipfile.ZipFile(
        sandbox.root / "build" / "epub" / f"autograd_vi-{language}.epub"
    ) as archive:
        book = {name: archive.read(name) for name in archive.namelist()}
    items = _items(book["content.opf"].decode())
    assert set(items) <= set(book)
    texts = {name: text for name, text in book.items() if name.endswith(".xhtml")}
    chapters = {name: ET.fromstring(text) for name, text in texts.items()}  # ours
    for name, chapter in chapters.items():
        assert chapter.get("lang") == language, name
        assert chapter.find(".//{*}script") is None, name
        folder = PurePosixPath(name).parent
        styles = [str(folder / link.get("href", "")) for link in chapter.iter(f"{HTML}link")]
        assert {posixpath.normpath(style) for style in styles} <= set(items)
        if name != "nav.xhtml":
            assert items[name].split() == epub.properties(chapter)
    square = chapters["gallery/first/plot_square.xhtml"]
    assert items["gallery/first/plot_square.xhtml"] == "mathml"
    assert "".join(square.find(".//{*}h1").itertext()).startswith(title)  # type: ignore[union-attr]  # a page has a title
    assert "_static/fonts/stix-two-math.woff2" in items
    (picture,) = square.iter(f"{HTML}img")
    (caption,) = square.iter(f"{HTML}figcaption")
    assert (picture.get("alt"), "".join(caption.itertext()).strip()) == ("", shown)
    drawn = book[f"_images/{picture.get('src', '').rpartition('/')[2]}"].decode()
    assert words_of(drawn) == [axis]
    assert not [name for name in book if "_dark" in name]


def test_the_site_publishes_books_of_its_own_sources_and_no_others(sandbox: Sandbox) -> None:
    assert sandbox.build().status == 0
    assert (sandbox.published / "vi" / book_path("vi")).is_file()
    sandbox.edit("docs/locale/vi/LC_MESSAGES/index.po", "Chào bạn", "Xin chào bạn")
    assert sandbox.build().status == 0
    assert not (sandbox.published / "vi" / book_path("vi")).exists()
