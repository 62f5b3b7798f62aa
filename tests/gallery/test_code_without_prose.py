"""Code is the same in all languages: what a reader must understand stands in the text, which can be translated."""

from __future__ import annotations

import pytest
from pseudo_site import unmarked_in_code
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from facts.curriculum import read_pages
from facts.folders import GALLERY

SCRIPTS = [page.script for page in read_pages()]


@pytest.mark.parametrize("script", SCRIPTS)
def test_comments_and_errors_in_code_say_nothing_in_words(script: str) -> None:
    _, blocks = split_code_and_text_blocks(GALLERY / script)
    code = [block.content for block in blocks if block.type == "code"]
    assert [found for cell in code for found in unmarked_in_code(cell)] == []
