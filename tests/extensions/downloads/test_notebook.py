"""A notebook says what it is, folds its answers, and has the same bytes each time."""

import jupytext
import nbformat

from _extensions.downloads.cells import Cell
from _extensions.downloads.notebook import (
    About,
    fold_answers,
    frame,
    make_notebook,
    notebook_text,
    script_text,
    without_answers,
)

ABOUT = About(
    title="The square",
    docname="gallery/first/plot_square",
    language="vi",
    project="autograd_vi",
    address="https://example.org/vi/gallery/first/plot_square.html",
)
TITLE = Cell("# The square\n\nWhat is it?", code=False, answer=False)
CODE = Cell("x = 1\n%timeit x\nls = [\t1]   ", code=True, answer=False)
ANSWER_TEXT = Cell("It is $x^2$.", code=False, answer=True)
ANSWER_CODE = Cell("print(x)", code=True, answer=True)
END = Cell("Read on.", code=False, answer=False)


def test_the_title_is_followed_by_the_address_of_the_page() -> None:
    first = frame([TITLE, CODE], ABOUT, None)[0]
    assert first.source.split("\n\n") == [
        "# The square",
        f"[This page with its results]({ABOUT.address})",
        "What is it?",
    ]


def test_without_an_address_there_is_no_link() -> None:
    about = About("The square", "page", "vi", "autograd_vi", None)
    assert frame([TITLE], about, None)[0] == TITLE


def test_the_licence_and_the_citation_stand_at_the_end() -> None:
    last = frame([TITLE, CODE], ABOUT, None)[-1].source
    for part in ("CC BY 4.0", "BSD-3-Clause", "autograd_vi contributors", "“The square”"):
        assert part in last
    assert str(ABOUT.address) in last


def test_the_installer_is_the_first_code_cell() -> None:
    installer = Cell("import x", code=True, answer=False)
    cells = frame([TITLE, CODE], ABOUT, installer)
    assert next(cell for cell in cells if cell.code) is installer


def test_an_answer_is_folded_and_marked_once() -> None:
    cells = fold_answers([TITLE, ANSWER_TEXT, ANSWER_CODE, ANSWER_TEXT, END])
    assert [cell.source.count("try first") for cell in cells] == [0, 1, 0, 0, 0]
    for cell in (cells[1], cells[3]):
        assert cell.source.startswith("<details>\n<summary>Answer")
        assert "\n\nIt is $x^2$.\n\n</details>" in cell.source
    assert cells[2] == ANSWER_CODE


def test_an_answer_that_begins_with_code_has_its_marker_before_it() -> None:
    cells = fold_answers([TITLE, ANSWER_CODE, END])
    assert [cell.code for cell in cells] == [False, False, True, False]
    assert "Answer" in cells[1].source


def test_the_code_of_an_answer_is_hidden_and_no_other() -> None:
    notebook = make_notebook([TITLE, CODE, ANSWER_CODE], ABOUT)
    assert notebook.cells[1].metadata == {}
    assert notebook.cells[2].metadata["jupyter"] == {"source_hidden": True}
    assert "hide-input" in notebook.cells[2].metadata["tags"]


def test_the_edition_without_answers_leaves_room_for_them() -> None:
    cells = without_answers([TITLE, ANSWER_TEXT, ANSWER_CODE, END])
    assert cells == [TITLE, Cell("", code=True, answer=False), END]


def test_a_notebook_is_valid_has_no_outputs_and_names_its_language() -> None:
    notebook = nbformat.reads(notebook_text(make_notebook([TITLE, CODE], ABOUT)), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.autograd_vi.language == "vi"
    assert [(cell.outputs, cell.execution_count) for cell in notebook.cells[1:]] == [([], None)]


def test_the_same_cells_give_the_same_bytes() -> None:
    texts = {notebook_text(make_notebook([TITLE, CODE, ANSWER_CODE], ABOUT)) for _ in range(3)}
    assert len(texts) == 1


def test_a_script_holds_the_same_cells() -> None:
    notebook = make_notebook([TITLE, CODE, ANSWER_CODE, END], ABOUT)
    script = script_text(notebook)
    assert script.startswith("# %% [markdown]\n# # The square\n#\n# What is it?\n")
    assert CODE.source in script
    back = jupytext.reads(script, fmt={"extension": ".py", "format_name": "percent"})
    assert [cell.cell_type for cell in back.cells] == ["markdown", "code", "code", "markdown"]
    assert [cell.source for cell in back.cells] == [cell.source for cell in notebook.cells]
