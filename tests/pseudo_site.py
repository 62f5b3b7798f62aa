"""The real site in a language that is all marks, and what a page, a download or a book shows without one."""

from __future__ import annotations

import ast
import io
import os
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jupytext
import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from pseudo_language import LANGUAGE, OPEN, unmarked_text, write_pseudo_catalogues

from facts.curriculum import read_pages
from facts.environment import run_environment
from facts.folders import DOCS
from facts.site import read_site
from sitebuild.translations import extract, missing_outputs

# Signatures in the reference, and the glossary's equivalents: each in its own language.
EXEMPT_CLASSES = frozenset({"sig", "glossary-equivalent"})


_MARKDOWN = MarkdownIt("commonmark", {"html": True}).use(dollarmath_plugin)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[^\W\d_]+ [^\W\d_]+ [^\W\d_]+")


def _sphinx(folder: Path, builder: str, *options: str) -> Path:
    """Build the site from its outputs, in the language of marks whose catalogues lie in ``folder``."""
    out = folder / builder
    command = [sys.executable, "-m", "sphinx", "-b", builder, "-q", *options]
    command += ["-d", str(folder / f"{builder}-doctrees"), "-D", f"language={LANGUAGE}"]
    command += ["-D", f"locale_dirs={folder / 'locale'}", str(DOCS), str(out)]
    subprocess.run(command, cwd=DOCS, env=run_environment(), check=True)
    return out


def build_pseudo_site(folder: Path) -> Path:
    """Write the catalogues into ``folder``, build the site, and return where the pages lie."""
    pages = [page.docname for page in read_pages()]
    if missing := missing_outputs(DOCS, pages):
        reason = f"`make html` has not run {', '.join(missing)} yet"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    extract(DOCS, folder / "templates", folder / "extraction", ["nb_execution_mode=off"])
    write_pseudo_catalogues(folder / "templates", folder / "locale")
    return _sphinx(folder, "html")


def build_pseudo_book(site: Path) -> Path:
    """Build the book with the catalogues of the built ``site`` and return where its chapters lie."""
    return _sphinx(site.parent, "epub", "-t", "book", "-D", "version=1")


def unmarked_on(page: str, exempt: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """Return (where, text) for what a page of the real site shows without a mark.

    Elements of the classes ``exempt`` are left out, too.
    """
    return unmarked_text(page, exempt_classes=EXEMPT_CLASSES | exempt, site=read_site().title)


def unmarked_in_code(source: str) -> Iterator[tuple[str, str]]:
    """Yield (where, text) for each comment with a word in it, and for what an error says, without a mark."""
    for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
        comment = token.string if token.type == tokenize.COMMENT else ""
        if _WORD.search(comment) and OPEN not in comment:
            yield "comment", comment
    for node in ast.walk(ast.parse(source)):  # what an error says to the reader
        if isinstance(node, ast.Raise) and node.exc is not None:
            for text in ast.walk(node.exc):
                said = str(text.value) if isinstance(text, ast.Constant) else ""
                if _SENTENCE.search(said) and OPEN not in said:
                    yield "error", said


def unmarked_in_download(path: Path) -> list[tuple[str, str]]:
    """Return (where, text) for what a notebook or a percent script shows without a mark.

    That is its text, the comments in its code, what its errors say, and a notebook's title. What stands in a page's own
    strings and names is code, and the same in all languages.
    """
    notebook: Any = jupytext.read(path)
    found: list[tuple[str, str]] = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            found += unmarked_in_code(cell.source)
        else:
            page = _MARKDOWN.render(cell.source)
            found += unmarked_text(page, exempt_classes=frozenset({"math"}))
    title = notebook.metadata.get("title", OPEN)
    return found if OPEN in title else [*found, ("title", title)]


def unmarked_in_book(folder: Path, site: str) -> list[tuple[str, str, str]]:
    """Return (file, where, text) for what the chapters and the lists of a book show without a mark.

    Args:
        folder: what Sphinx's epub builder left.
        site: the name of the site, which the book has as its title.
    """
    found = [
        (path.relative_to(folder).as_posix(), where, text)
        for path in folder.rglob("*.xhtml")
        for where, text in unmarked_text(
            path.read_text(encoding="utf-8"), exempt_classes=EXEMPT_CLASSES, site=site
        )
    ]
    shown = [*ET.parse(folder / "toc.ncx").iter("{*}text")]  # Sphinx has just written both
    shown += ET.parse(folder / "content.opf").iter("{*}description")
    found += [
        ("lists", element.tag, element.text or "")
        for element in shown
        if OPEN not in (element.text or "")
    ]
    return [element for element in found if element[2] != site]
