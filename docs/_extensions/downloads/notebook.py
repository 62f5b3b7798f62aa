"""Make a notebook and a percent-format script of a page's cells, in the reader's language and without outputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import jupytext
import nbformat as untyped_nbformat
from sphinx.locale import _

from _extensions.downloads.cells import Cell
from _extensions.downloads.installer_cell import PACKAGE

TEXT_LICENCE = "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/)"
CODE_LICENCE = "[BSD-3-Clause](https://opensource.org/license/bsd-3-clause)"
nbformat: Any = untyped_nbformat  # ships annotations for some of its functions only


@dataclass(frozen=True)
class About:
    """What a notebook says of itself."""

    title: str
    docname: str
    language: str
    project: str
    address: str | None
    """Where the page is published."""


def without_answers(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with one empty code cell in the place of each answer: room for the reader's own."""
    kept: list[Cell] = []
    for folded, group in groupby(cells, key=lambda cell: cell.answer):
        kept += [Cell("", code=True, answer=False)] if folded else group
    return kept


def fold_answers(cells: Sequence[Cell]) -> list[Cell]:
    """Return the cells with the text of answers folded, a marker at the start of each answer.

    Every notebook interface folds ``<details>``; code cells are folded by their metadata (:func:`make_notebook`).
    """
    marker = _("Answer (try first, then open what is folded here)")
    folded: list[Cell] = []
    for is_answer, group in groupby(cells, key=lambda cell: cell.answer):
        if not is_answer:
            folded += group
            continue
        summary = marker
        for cell in group:
            if not cell.code:
                text = f"<details>\n<summary>{summary}</summary>\n\n{cell.source}\n\n</details>"
                folded.append(replace(cell, source=text))
            else:
                if summary == marker:
                    folded.append(Cell(f"**{marker}**", code=False, answer=False))
                folded.append(cell)
            summary = _("Answer")
    return folded


def frame(cells: Sequence[Cell], about: About, installer: Cell | None) -> list[Cell]:
    """Return the cells with the page's address below its title, the installer, and the licence at the end."""
    title, *rest = cells
    if about.address:
        heading, _newline, text = title.source.partition("\n")
        link = _("This page with its results")
        title = replace(title, source=f"{heading}\n\n[{link}]({about.address})\n{text}")
    licence = _("Text: %(text)s. Code: %(code)s.") % {"text": TEXT_LICENCE, "code": CODE_LICENCE}
    cite = _("To cite this page: %(project)s contributors, “%(title)s”, %(place)s.") % {
        "project": about.project,
        "title": about.title,
        "place": about.address or about.project,
    }
    end = Cell(f"---\n\n{licence}\n\n{cite}", code=False, answer=False)
    return [title, *([installer] if installer else []), *rest, end]


def make_notebook(cells: Sequence[Cell], about: About) -> Any:
    """Return a notebook (nbformat 4.5) of the cells, the same for the same cells."""
    notebook = nbformat.v4.new_notebook(
        metadata={
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
            "language_info": {"name": "python"},
            "title": about.title,
            "authors": [{"name": f"{about.project} contributors"}],
            PACKAGE: {"page": about.docname, "language": about.language},
        }
    )
    for number, cell in enumerate(cells):
        name = f"cell-{number}"
        if not cell.code:
            made = nbformat.v4.new_markdown_cell(cell.source, id=name)
        else:
            # JupyterLab and VS Code read the first, Jupyter Book the second, Colab the third.
            folded = {
                "jupyter": {"source_hidden": True},
                "tags": ["hide-input"],
                "cellView": "form",
            }
            made = nbformat.v4.new_code_cell(
                cell.source, id=name, metadata=folded if cell.answer else {}
            )
        notebook.cells.append(made)
    nbformat.validate(notebook)
    return notebook


def notebook_text(notebook: Any) -> str:
    """Return the notebook as it is written to a file."""
    return str(nbformat.writes(notebook)) + "\n"


def script_text(notebook: Any) -> str:
    """Return the notebook as a percent-format script: cells that VS Code, PyCharm and Jupyter show."""
    plain = nbformat.from_dict(notebook)
    plain.metadata = {
        # The file's own format, no header, and code as it is, also where it looks like a magic.
        "jupytext": {
            "notebook_metadata_filter": "-all",
            "cell_metadata_filter": "jupyter,tags,-all",
            "comment_magics": False,
        }
    }
    return str(jupytext.writes(plain, fmt={"extension": ".py", "format_name": "percent"}))
