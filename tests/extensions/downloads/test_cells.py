"""A page comes apart into the cells of its script: the text as shown, the code as written."""

from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import directives
from sphinx_gallery.py_source_parser import split_code_and_text_blocks

from _extensions.downloads.cells import Cell, MismatchError, imports, page_cells
from _extensions.gallery.answers import AnswerBegin, AnswerEnd, fold

SCRIPT = '''\
r"""
Title
=====

The question.
"""

# %%
# Set up.
import math


def f(x):
\treturn x   \n

# %%
# Ends the first section.
#
# A section
# ---------
#
# Begins the second.
f(1)
# a comment, no text cell

f(2)

# %%
# Exercise
# --------
#
# Do it.

# %%
# .. answer-begin::

# %%
# So.
f(3)

# %%
# .. answer-end::
#
# The end.
'''


@pytest.fixture(autouse=True)
def _markers() -> None:
    directives.register_directive("answer-begin", AnswerBegin)
    directives.register_directive("answer-end", AnswerEnd)


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "plot_x.py"
    path.write_text(SCRIPT, encoding="utf-8")
    return path


def page(script: Path) -> nodes.document:
    """Return the page as sphinx-gallery would write it, with an output after every code cell."""
    rst = ""
    for number, block in enumerate(split_code_and_text_blocks(script)[1]):
        if number:
            last = block.lineno + block.content.count("\n")
            rst += f"\n\n.. GENERATED FROM PYTHON SOURCE LINES {block.lineno}-{last}\n\n"
        if block.type == "text":
            rst += block.content
        else:
            code = block.content.strip("\n").expandtabs().replace("\n", "\n   ")
            rst += f".. code:: python\n\n   {code}\n\n.. container:: out\n\n   An output.\n"
    document = publish_doctree(rst, settings_overrides={"doctitle_xform": False})
    assert fold(document) == []
    return document


def cells(script: Path) -> list[Cell]:
    return page_cells(page(script), script, lambda _reference: None)


def test_text_and_code_stand_in_the_order_of_the_script(script: Path) -> None:
    shown = [cell.source.splitlines()[0] for cell in cells(script)]
    assert shown == [
        *("# Title", "Set up.", "import math", "Ends the first section."),
        *("f(1)", "## Exercise", "So.", "f(3)", "The end."),
    ]


def test_code_has_the_bytes_of_the_script(script: Path) -> None:
    code = [cell.source for cell in cells(script) if cell.code]
    assert code[0] == "import math\n\n\ndef f(x):\n\treturn x   "
    assert code[1] == "f(1)\n# a comment, no text cell\n\nf(2)"
    assert all(source in SCRIPT for source in code)


def test_a_cell_that_begins_a_section_keeps_both_parts(script: Path) -> None:
    assert (
        cells(script)[3].source == "Ends the first section.\n\n## A section\n\nBegins the second."
    )


def test_outputs_are_left_out(script: Path) -> None:
    assert not [cell for cell in cells(script) if "An output" in cell.source]


def test_an_answer_is_what_lies_between_the_markers(script: Path) -> None:
    assert [cell.source for cell in cells(script) if cell.answer] == ["So.", "f(3)"]


def test_the_text_is_that_of_the_page_not_of_the_script(script: Path) -> None:
    document = page(script)
    for text in document.findall(nodes.Text):
        if text.astext() == "Set up.":
            text.parent.replace(text, nodes.Text("Chuẩn bị."))
            break
    assert page_cells(document, script, lambda _: None)[1].source == "Chuẩn bị."


def test_a_page_of_another_version_of_the_script_is_refused(script: Path) -> None:
    document = page(script)
    script.write_text(SCRIPT.replace("import math", "import math\nimport os"), encoding="utf-8")
    with pytest.raises(MismatchError, match=r"plot_x\.py.*make html"):
        page_cells(document, script, lambda _: None)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import autograd_vi as av", True),
        ("from autograd_vi.graph import trace", True),
        ("import torch, autograd_vi.graph", True),
        ("import torch", False),
        ("# import autograd_vi", False),
        ("import autograd_view", False),
        ("from . import autograd_vi", False),
    ],
)
def test_imports_of_the_package_are_found(tmp_path: Path, code: str, expected: bool) -> None:
    path = tmp_path / "x.py"
    path.write_text(code)
    assert imports(path, "autograd_vi") is expected
