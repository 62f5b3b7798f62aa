"""The last words of a page lead to the next one of the path, or the part says that it ends."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from facts.curriculum import Page, read_curriculum
from facts.folders import GALLERY

PARTS = read_curriculum()
NEIGHBOURS = [pair for part in PARTS for pair in pairwise(part.pages)]
BETWEEN = [(part.pages[-1], following.pages[0]) for part, following in pairwise(PARTS)]


def label(page: Page) -> str:
    return page.name.replace("plot_", "page-", 1).replace("_", "-")


def last_paragraph(page: Page) -> str:
    """Return what stands behind the answer of the exercise."""
    _, blocks = split_code_and_text_blocks(str(GALLERY / page.script))
    return str(blocks[-1].content).strip().split("\n\n")[-1]


@pytest.mark.parametrize(("page", "following"), NEIGHBOURS, ids=lambda page: page.name)
def test_a_page_ends_with_the_way_to_the_next_one(page: Page, following: Page) -> None:
    links = re.findall(r":ref:`(page-[\w-]+)`", last_paragraph(page))
    assert links
    assert links[-1] == label(following)


@pytest.mark.parametrize(("last", "first"), BETWEEN, ids=lambda page: page.name)
def test_the_last_page_of_a_part_says_so(last: Page, first: Page) -> None:
    text = " ".join(last_paragraph(last).split())
    assert "part" in text
    assert f":ref:`{label(first)}`" in text or "closes the part" in text
