"""Show the lesson's code first: a cell's checks, and code that only draws, are folded but one click away.

The asserts that end a cell are for whoever doubts. They become a line below the code that counts them and unfolds; the
copy button takes both parts. The code of a figure stands folded below the figure; so does that of a notebook's cell
with the tag ``code-below``. Only pages on the site change: downloads and books show every cell whole.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.stages import PostStage
from facts.generated import CODE_LANGUAGE

if TYPE_CHECKING:
    from collections.abc import Iterator

_ = get_translation("sphinx")

NOTEBOOK_INPUT = "cell_input"
"""The class that MyST-NB gives to what holds the code of a cell."""
CODE_BELOW = "tag_code-below"
"""The class that it gives to a cell with the tag ``code-below``."""
_FIGURE_MAKERS = frozenset({"figure", "subplots", "subplot_mosaic"})


class checked_code(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """A cell's code and, in its last child, the checks that end it."""


class folded_checks(nodes.General, nodes.Element):  # noqa: N801
    """The checks of a cell; ``count`` says how many there are."""


class folded_drawing(nodes.General, nodes.Element):  # noqa: N801
    """The code that draws a figure."""


def _called(call: ast.Call) -> str:
    """Return the last name of the function that is called; it is empty where a call's result is."""
    function = call.func
    name: str = getattr(function, "attr", getattr(function, "id", ""))
    return name


def _is_check(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assert():
            return True
        case ast.Expr(value=ast.Call() as call):
            return _called(call).startswith("assert_")
    return False


def _parsed(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except SyntaxError:  # a notebook's own command, such as %time
        return []


def split_checks(code: str) -> tuple[str, str, int]:
    """Cut off the checks that end a cell; return what comes before them, the checks, and how many there are.

    A cell that ends in no check, or that holds nothing else, stays whole: then the checks are empty.
    """
    statements = _parsed(code)
    first = len(statements)
    while first and _is_check(statements[first - 1]):
        first -= 1
    if first in {0, len(statements)}:
        return code, "", 0
    lines = code.splitlines()
    start = statements[first].lineno - 1
    return (
        "\n".join(lines[:start]).rstrip(),
        "\n".join(lines[start:]).strip("\n"),
        len(statements) - first,
    )


def makes_a_figure(code: str) -> bool:
    """Tell whether a cell makes a figure with Matplotlib, and neither prints nor ends in a value to show."""
    statements = _parsed(code)
    called = {
        _called(node)
        for statement in statements
        for node in ast.walk(statement)
        if isinstance(node, ast.Call)
    }
    return bool(called & _FIGURE_MAKERS) and "print" not in called


def code_blocks(document: nodes.document) -> Iterator[nodes.literal_block]:
    """Yield the code of every executed cell of a page, of scripts and of notebooks."""
    for block in list(document.findall(nodes.literal_block)):
        in_notebook = NOTEBOOK_INPUT in block.parent.get("classes", ())
        if block.get("language") == CODE_LANGUAGE or in_notebook:
            yield block


def _with_text(block: nodes.literal_block, text: str) -> nodes.literal_block:
    """Return a block like ``block`` with another text. Sphinx's writer colours blocks whose source is their text."""
    other = nodes.literal_block(text, text, **block.attributes)
    other.source, other.line = block.source, block.line
    return other


def fold_checks(block: nodes.literal_block) -> None:
    """Fold the checks that end a cell's code."""
    code, checks, count = split_checks(block.astext())
    if not count:
        return
    folded = folded_checks("", _with_text(block, checks), count=count)
    block.replace_self(checked_code("", _with_text(block, code), folded))


def fold_drawing(block: nodes.literal_block) -> bool:
    """Put the code of a cell that only draws below its figures, folded; return whether it does."""
    parent = block.parent
    place = parent.index(block)
    end = place + 1
    while end < len(parent) and isinstance(parent[end], nodes.image):
        end += 1
    if end == place + 1 or not makes_a_figure(block.astext()):
        return False
    parent.remove(block)
    parent.insert(end - 1, folded_drawing("", block))
    return True


def fold_below(block: nodes.literal_block) -> bool:
    """Put the code of a notebook's cell below what it shows, folded, where the cell's tag asks for it."""
    code: nodes.Element = block.parent
    cell: nodes.Element | None = code.parent
    if cell is None or CODE_BELOW not in cell.get("classes", ()):
        return False
    cell.remove(code)
    cell.append(folded_drawing("", code))
    return True


class FoldCells(SphinxPostTransform):
    """Fold before sphinx-gallery links the names in the blocks."""

    formats = ("html",)
    default_priority = PostStage.FOLD_CELLS

    def run(self, **kwargs: Any) -> None:
        """Change one page of the site."""
        del kwargs
        for block in code_blocks(self.document):
            if not (fold_drawing(block) or fold_below(block)):
                fold_checks(block)


def visit_checked_code_html(self: Any, _node: checked_code) -> None:
    """Open the box from which the copy button copies; it stands in a ``highlight``, as those of other cells do."""
    self.body.append('<div class="highlight"><div class="checked-code">')


def depart_checked_code_html(self: Any, _node: checked_code) -> None:
    """Close both boxes."""
    self.body.append("</div></div>\n")


def visit_folded_checks_html(self: Any, node: folded_checks) -> None:
    """Open the checks, with their number in the reader's language."""
    count = node["count"]
    label = (
        _("1 check, passed") if count == 1 else _("%(count)d checks, all passed") % {"count": count}
    )
    self.body.append(f'<details class="checks"><summary>{label}</summary>')


def visit_folded_drawing_html(self: Any, _node: folded_drawing) -> None:
    """Open the code of a figure, with its label."""
    label = _("The code of this figure")  # Babel finds no message inside an f-string
    self.body.append(f'<details class="drawing"><summary>{label}</summary>\n')


def depart_details_html(self: Any, _node: nodes.Element) -> None:
    """Close what folds."""
    self.body.append("</details>\n")
