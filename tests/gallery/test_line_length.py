"""A reader need not scroll code sideways."""

from __future__ import annotations

import tomllib

import pytest
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from facts.curriculum import read_pages
from facts.folders import GALLERY

SCRIPTS = [page.script for page in read_pages()]
LONGEST = tomllib.loads((GALLERY / "ruff.toml").read_text(encoding="utf-8"))["line-length"]


def test_the_longest_line_fits_a_narrow_screen() -> None:
    assert LONGEST == 72


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_line_of_code_is_longer_than_the_formatter_makes_it(script: str) -> None:
    _, blocks = split_code_and_text_blocks(str(GALLERY / script))
    code = [line for block in blocks if block.type == "code" for line in block.content.splitlines()]
    assert code
    assert [line for line in code if len(line) > LONGEST] == []
