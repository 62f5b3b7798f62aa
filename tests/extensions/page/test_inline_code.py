"""Code in a line of text may break only where it is too long for a phone."""

from doctree import page_of
from docutils import nodes

from _extensions.page.inline_code import LONGEST, mark_long


def test_only_long_code_is_marked() -> None:
    short, long = nodes.literal("", "x" * LONGEST), nodes.literal("", "x" * (LONGEST + 1))
    mark_long(page_of(nodes.paragraph("", "", short, long)))
    assert short["classes"] == []
    assert long["classes"] == ["long"]
