"""Cells run as the gallery and Jupyter run them, and a failure names the page's line."""

import ast
from pathlib import Path

import pytest

from sitebuild.checks.cells import Cell, cells, run_cells

SCRIPT = '''"""
A page
======
"""

# %%
# Text.
x = 2
print(x)

# %%
# More.
y = x + 1
y
'''

MYST = """\
# A page

```{code-cell}
x = 2
print(x)
```

```{code-cell}
:tags: [hide-input]

x + 1
```

```python
not_run
```
"""


class Picture:
    def _repr_html_(self) -> str:
        return "<svg/>"


def page(tmp_path: Path, text: str, name: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("text", "name"), [(SCRIPT, "plot_a.py"), (MYST, "a.md")])
def test_what_cells_print_and_their_last_values_are_their_outputs(
    tmp_path: Path, text: str, name: str
) -> None:
    path = page(tmp_path, text, name)
    outputs, failure = run_cells(path, cells(path))
    assert failure is None
    assert [output.text for output in outputs] == ["2", "3"]


@pytest.mark.parametrize(("text", "name"), [(SCRIPT, "plot_a.py"), (MYST, "a.md")])
def test_a_cell_begins_where_it_stands_in_the_file(tmp_path: Path, text: str, name: str) -> None:
    path = page(tmp_path, text, name)
    lines = text.splitlines()
    for cell in cells(path):
        first = next(line for line in cell.code.splitlines() if line)
        assert first in lines[cell.line - 1 : cell.line + 1]


def test_a_value_with_html_is_shown_as_html_and_a_plot_not_at_all() -> None:
    code = [Cell(1, "picture"), Cell(2, "import matplotlib.pyplot as plt\nplt.figure()")]
    outputs, failure = run_cells(Path("plot_a.py"), code, picture=Picture())
    assert failure is None
    assert [(output.text, output.html) for output in outputs] == [("", "<svg/>")]


def test_a_failure_names_the_line_of_the_page_and_keeps_the_outputs_before_it() -> None:
    code = [Cell(3, "def f():\n    assert 1 == 2, 'no'\n"), Cell(7, "print(1)"), Cell(8, "f()")]
    outputs, failure = run_cells(Path("plot_a.py"), code)
    assert [output.text for output in outputs] == ["1"]
    assert failure is not None
    assert (failure.line, failure.error) == (4, "AssertionError: no")


def test_a_cell_that_cannot_be_read_is_a_failure() -> None:
    _, failure = run_cells(Path("plot_a.py"), [Cell(5, "x = = 1")])
    assert failure is not None
    assert failure.line == 5


def test_a_transform_changes_the_code_before_it_runs() -> None:
    def doubled(tree: ast.Module) -> ast.Module:
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, int):
                node.value *= 2
        return tree

    outputs, _ = run_cells(Path("plot_a.py"), [Cell(1, "21")], doubled)
    assert [output.text for output in outputs] == ["42"]
