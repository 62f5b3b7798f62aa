"""Build the site as a book in every language: ``build/epub/autograd_vi-<language>.epub``.

Sphinx's builder writes chapters and lists. What it leaves out is added here: which chapters hold formulas and drawings
(a reading program may show neither where the list does not say so), a date that is that of the sources, and a zip whose
bytes depend on nothing but the book. A chapter that is no well-formed XML ends the build.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from facts.addresses import book_name
from facts.digests import file_digests, joint_digest
from facts.errors import BuildError
from facts.folders import BUILD, DOCS, NOTEBOOK_CACHE, PACKAGE, ROOT
from facts.run_record import CELLS
from facts.zip_file import DATE, entry
from sitebuild import languages, wheel

BOOKS = BUILD / "epub"
WORK = BUILD / "work" / "epub"
MIMETYPE = "mimetype"
_STAMP = "sources.sha256"
_SOURCES = frozenset({".json", ".md", ".po", ".py", ".rst", ".svg", ".toml", ".css", ".html"})

OPF = "http://www.idpf.org/2007/opf"
DC = "http://purl.org/dc/elements/1.1/"
PROPERTIES = {
    "mathml": "{http://www.w3.org/1998/Math/MathML}math",
    "svg": "{http://www.w3.org/2000/svg}svg",
}


def properties(chapter: ET.Element) -> list[str]:
    """Return what the list of the book's files must say of a chapter: whether it holds formulas and drawings."""
    return [name for name, tag in PROPERTIES.items() if chapter.find(f".//{tag}") is not None]


def complete_package(package: str, folder: Path, date: str) -> str:
    """Return the book's list of files with the properties of its chapters and its date.

    Args:
        package: the text of ``content.opf``.
        folder: where the chapters lie.
        date: such as ``2024-05-01T00:00:00Z``.

    Raises:
        BuildError: a chapter is no well-formed XML.
    """
    for prefix, name in (("", OPF), ("dc", DC), ("opf", f"{OPF}/")):
        ET.register_namespace(prefix, name)
    root = ET.fromstring(package)  # noqa: S314  # Sphinx has just written it
    for item in root.iter(f"{{{OPF}}}item"):
        if item.get("media-type") != "application/xhtml+xml" or item.get("properties"):
            continue
        path = folder / item.get("href", "")
        try:
            chapter = ET.parse(path).getroot()  # noqa: S314  # as above
        except ET.ParseError as error:
            raise BuildError(
                f"{path} is no well-formed XML, so no book can hold it: {error}"
            ) from None
        if found := properties(chapter):
            item.set("properties", " ".join(found))
    for element in root.iter():
        if element.tag == f"{{{DC}}}date" or element.get("property") == "dcterms:modified":
            element.text = date
    return ET.tostring(root, encoding="unicode", xml_declaration=True)


def source_date() -> str:
    """Return the date of the sources: that of the last commit, or the earliest that a zip knows."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not seconds:
        command = ["git", "-C", str(ROOT), "log", "-1", "--format=%ct"]
        try:
            seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            seconds = ""
    moment = (
        datetime.fromtimestamp(int(seconds), UTC)
        if seconds.strip()
        else datetime(*DATE, tzinfo=UTC)
    )
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def pack(folder: Path, target: Path) -> None:
    """Write the book: its type first and not compressed, then the listed files in the order of their names."""
    package = ET.parse(folder / "content.opf").getroot()  # noqa: S314  # as above
    listed = {item.get("href", "") for item in package.iter(f"{{{OPF}}}item")}
    names = sorted({"META-INF/container.xml", "content.opf", *listed})
    partial = target.with_suffix(".new")
    with zipfile.ZipFile(partial, "w") as book:
        kind = entry(MIMETYPE)
        kind.compress_type = zipfile.ZIP_STORED
        book.writestr(kind, (folder / MIMETYPE).read_bytes())
        for name in names:
            book.writestr(entry(name), (folder / name).read_bytes(), compresslevel=9)
    partial.replace(target)


def sources_digest() -> str:
    """Return the digest of all that the books are made from: pages, outputs, catalogues and the package."""
    paths = [*DOCS.rglob("*"), *PACKAGE.rglob("*"), NOTEBOOK_CACHE / CELLS]
    return joint_digest(file_digests((path for path in paths if path.suffix in _SOURCES), ROOT))


def build(codes: Sequence[str]) -> list[Path]:
    """Build the books of the languages and return where they lie.

    Raises:
        BuildError: a language failed, or a chapter is no well-formed XML.
    """
    BOOKS.mkdir(parents=True, exist_ok=True)
    (BOOKS / _STAMP).unlink(missing_ok=True)
    for code in codes:
        shutil.rmtree(WORK / code / "epub", ignore_errors=True)  # the builder packs what it finds
    # Not the version of the installed package, which may be older than the newest tag.
    settings = {"version": wheel.version()}
    folders = languages.build(codes, WORK, "epub", settings, tags=("book",))
    books = []
    for code, folder in folders.items():
        package = folder / "content.opf"
        text = complete_package(package.read_text(encoding="utf-8"), folder, source_date())
        package.write_text(text, encoding="utf-8")
        books.append(BOOKS / book_name(code))
        pack(folder, books[-1])
    (BOOKS / _STAMP).write_text(sources_digest(), encoding="utf-8")
    return books


def finished(codes: Sequence[str]) -> dict[str, Path]:
    """Return the books of the languages by their codes, if they are those of the present sources; else none."""
    stamp = BOOKS / _STAMP
    books = {code: BOOKS / book_name(code) for code in codes}
    if not all(book.is_file() for book in books.values()) or not stamp.is_file():
        return {}
    return books if stamp.read_bytes() == sources_digest().encode() else {}
