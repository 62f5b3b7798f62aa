"""Each page, and each part, opens with its question in bold: the learning path repeats it."""

from __future__ import annotations

import re
from pathlib import Path

import polib
import pytest

from facts.curriculum import read_curriculum
from facts.folders import GALLERY, LOCALE

PARTS = read_curriculum()
SOURCES = [GALLERY / page.script for part in PARTS for page in part.pages] + [
    GALLERY / part.folder / "GALLERY_HEADER.rst" for part in PARTS
]
HEADING = re.compile(r"^(.+)\n=+\n\n", re.MULTILINE)
BOLD = re.compile(r"\*\*.+?\*\*", re.DOTALL)


def opening(source: Path) -> str:
    """Return the first paragraph of a page."""
    text = source.read_text(encoding="utf-8")
    heading = HEADING.search(text)
    assert heading is not None
    return text[heading.end() :].partition('"""')[0].partition("\n\n")[0].strip()


def is_question(paragraph: str) -> bool:
    """Tell whether a paragraph begins in bold, and whether its last bold words end a question."""
    bold = BOLD.findall(paragraph)
    return paragraph.startswith("**") and bool(bold) and bold[-1].endswith("?**")


def test_a_question_in_bold_is_told_from_other_openings() -> None:
    assert is_question("**Why?** So.")
    assert is_question("**Why does** ``x`` **fail?** So.")
    assert not is_question("Why? **So.**")
    assert not is_question("**Why?** Because it is **bold.**")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.relative_to(GALLERY).as_posix())
def test_a_page_opens_with_its_question_in_each_language(source: Path) -> None:
    said = opening(source)
    assert is_question(said)
    name = "index" if source.suffix == ".rst" else source.stem
    words = " ".join(said.split())
    for catalogue in LOCALE.glob(f"*/LC_MESSAGES/gallery/{source.parent.name}/{name}.po"):
        messages = {entry.msgid: entry.msgstr for entry in polib.pofile(str(catalogue))}
        (translated,) = [text for message, text in messages.items() if message == words]
        assert is_question(translated)
