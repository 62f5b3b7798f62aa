"""Show what pages printed on machines that a reader may not have.

The directive ``recorded-numbers`` takes no arguments. It makes a table of ``docs/recorded_numbers.toml``; a changed
file makes its page anew.
"""

from __future__ import annotations

from collections.abc import Iterable

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from facts.folders import RECORDED_NUMBERS_FILE
from facts.recorded_numbers import Number, read

_ = get_translation("sphinx")


def _cell(*children: nodes.Node) -> nodes.entry:
    # Names and numbers, or words already in the reader's language: no message of the page's catalogue.
    return nodes.entry("", nodes.paragraph("", "", *children, translatable=False))


def _row(*cells: nodes.entry) -> nodes.row:
    return nodes.row("", *cells)


def _page_link(page: str, docname: str) -> pending_xref:
    link = pending_xref(
        "", nodes.inline(), refdomain="std", reftype="doc", reftarget=f"/{page}", refexplicit=False
    )
    link["refdoc"], link["refwarn"] = docname, True
    return link


def table(numbers: Iterable[Number], docname: str) -> nodes.table:
    """Return the table: a row for each machine that printed a number.

    Args:
        numbers: what was recorded.
        docname: the page that the table stands on.
    """
    names = (_("Page"), _("Output"), _("Machine"), _("Version of torch"), _("Shown there"))
    rows = [
        _row(
            _cell(_page_link(number.page, docname)),
            *(
                _cell(nodes.literal("", text))
                for text in (number.what, seen.machine, seen.torch, seen.shows)
            ),
        )
        for number in numbers
        for seen in number.seen
    ]
    group = nodes.tgroup("", *(nodes.colspec(colwidth=1) for _name in names), cols=len(names))
    group += nodes.thead("", _row(*(_cell(nodes.Text(name)) for name in names)))
    group += nodes.tbody("", *rows)
    return nodes.table("", group)


class RecordedNumbers(SphinxDirective):
    """``{recorded-numbers}``."""

    def run(self) -> list[nodes.Node]:
        """Return the table."""
        self.env.note_dependency(str(RECORDED_NUMBERS_FILE))
        return [table(read(), self.env.docname)]
