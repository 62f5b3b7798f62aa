"""Checks and drawing code fold; the copy button and downloads keep cells whole."""

import pytest
from doctree import page_of
from docutils import nodes

from _extensions.gallery.quiet_cells import (
    checked_code,
    code_blocks,
    fold_below,
    fold_checks,
    fold_drawing,
    folded_checks,
    folded_drawing,
    makes_a_figure,
    split_checks,
)
from facts.folders import GALLERY

DRAWING = "fig, ax = plt.subplots()\nax.plot([1, 2])\n"


@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("x = 1\n\nassert x == 1\nassert x", ("x = 1", "assert x == 1\nassert x", 2)),
        (
            "y = f(x)\ntorch.testing.assert_close(\n    y,\n    2,\n)\n",
            ("y = f(x)", "torch.testing.assert_close(\n    y,\n    2,\n)", 1),
        ),
        ("for x in y:\n    assert x", None),
        ("assert x\nprint(x)", None),
        ("assert x\nassert y", None),
        ("print(x)", None),
        ("%time x\nassert x", None),
        ("", None),
    ],
)
def test_the_checks_that_end_a_cell_are_cut_off(
    code: str, parts: tuple[str, str, int] | None
) -> None:
    assert split_checks(code) == (parts or (code, "", 0))


@pytest.mark.parametrize(
    ("code", "makes"),
    [
        (DRAWING, True),
        (DRAWING + "print(ax)", False),
        ("fig = plt.figure()", True),
        ("ax.plot(x)", False),
        ("print('plt.subplots()')", False),
    ],
)
def test_code_that_only_draws_is_known_by_the_figure_that_it_makes(code: str, makes: bool) -> None:
    assert makes_a_figure(code) is makes


def block(code: str, language: str = "Python") -> nodes.literal_block:
    return nodes.literal_block(code, code, language=language)


def test_code_and_checks_stay_in_one_box_in_their_order() -> None:
    document = page_of(block("x = 1\nassert x"))
    for code in code_blocks(document):
        fold_checks(code)
    (box,) = document.children
    assert isinstance(box, checked_code)
    shown, checks = box.children
    assert (shown.astext(), checks.astext()) == ("x = 1", "assert x")
    assert isinstance(checks, folded_checks)
    assert checks["count"] == 1
    # Sphinx's writer colours a block only while its source is its text.
    assert all(part.rawsource == part.astext() for part in box.findall(nodes.literal_block))


def test_code_that_only_draws_stands_below_all_versions_of_its_figure() -> None:
    light, dark, text = nodes.image(uri="1"), nodes.image(uri="2"), nodes.paragraph("", "Seen.")
    document = page_of(block(DRAWING), light, dark, text)
    (code,) = code_blocks(document)
    assert fold_drawing(code)
    assert document.children[:2] == [light, dark]
    assert isinstance(document.children[2], folded_drawing)
    assert document.children[3] is text


def test_a_figure_that_is_made_and_shown_later_folds_nothing() -> None:
    document = page_of(block(DRAWING), nodes.paragraph("", "Later."), nodes.image(uri="1"))
    (code,) = code_blocks(document)
    assert not fold_drawing(code)


def test_only_executed_cells_are_looked_at() -> None:
    cell = nodes.container("", block("x", "ipython3"), classes=["cell_input"])
    document = page_of(block("a"), block("b", "python"), block("1", "none"), cell)
    assert [code.astext() for code in code_blocks(document)] == ["a", "x"]


def test_most_cells_of_the_real_pages_lose_their_checks() -> None:
    found = sum(
        bool(split_checks(cell)[2])
        for script in GALLERY.rglob("plot_*.py")
        for cell in script.read_text(encoding="utf-8").split("# %%")
    )
    assert found > 100


def notebook_cell(*classes: str) -> tuple[nodes.container, nodes.literal_block]:
    """Return a cell as MyST-NB makes it, with an output, and its block of code."""
    code = block("1 + 1")
    shown = nodes.container("", nodes.paragraph("", "2"), classes=["cell_output"])
    inside = nodes.container("", code, classes=["cell_input"])
    return nodes.container("", inside, shown, classes=["cell", *classes]), code


def test_a_cell_with_the_tag_shows_its_output_before_its_folded_code() -> None:
    cell, code = notebook_cell("tag_code-below")
    page_of(cell)
    assert fold_below(code)
    shown, folded = cell.children
    assert shown.astext() == "2"
    assert isinstance(folded, folded_drawing)
    assert folded.astext() == "1 + 1"


def test_a_cell_without_the_tag_stays_as_it_is() -> None:
    cell, code = notebook_cell()
    page_of(cell)
    assert not fold_below(code)
    assert [child.astext() for child in cell.children] == ["1 + 1", "2"]
