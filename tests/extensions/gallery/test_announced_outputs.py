"""A screen reader is told what an output is, and that code is not in the language of the page."""

from doctree import page_of
from docutils import nodes

from _extensions.gallery.announced_outputs import group_outputs, mark_language, output_group


def test_the_outputs_of_scripts_and_of_notebook_cells_are_grouped() -> None:
    printed = nodes.literal_block("", "1", classes=["sphx-glr-script-out"])
    shown = nodes.container("", nodes.literal_block("", "2"), classes=["cell_output"])
    code = nodes.literal_block("", "print(1)")
    document = page_of(code, printed, shown)
    group_outputs(document)
    assert [type(child) for child in document] == [nodes.literal_block, output_group, output_group]
    assert printed.parent.children == [printed]
    assert shown.parent.children == [shown]


def test_code_and_outputs_are_marked_with_their_language() -> None:
    block = nodes.literal_block("", "print(1)", classes=["kept"])
    words = nodes.paragraph("", "Chữ")
    document = page_of(words, block)
    mark_language(document, "en")
    assert block["classes"] == ["kept", "language-en"]
    assert words["classes"] == []
