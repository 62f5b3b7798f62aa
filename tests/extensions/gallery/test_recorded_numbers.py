"""Readers see what was printed on machines that they do not have, and where."""

from docutils import nodes
from sphinx.addnodes import pending_xref

from _extensions.gallery.recorded_numbers import table
from facts.recorded_numbers import Number, Seen

NUMBERS = [
    Number("gallery/a/plot_b", "loss", (Seen("CPU", "2.14", "0.1"), Seen("GPU", "2.11", "0.2"))),
    Number("gallery/a/plot_c", "<Add>", (Seen("GPU", "2.11", "3"),)),
]


def rows() -> list[nodes.row]:
    (body,) = table(NUMBERS, "guide/x").findall(nodes.tbody)
    return list(body.findall(nodes.row))


def test_each_machine_of_each_number_is_a_row() -> None:
    cells = [[cell.astext() for cell in row.findall(nodes.entry)] for row in rows()]
    assert [row[1:] for row in cells] == [
        ["loss", "CPU", "2.14", "0.1"],
        ["loss", "GPU", "2.11", "0.2"],
        ["<Add>", "GPU", "2.11", "3"],
    ]


def test_a_row_links_to_its_page() -> None:
    targets = [link["reftarget"] for row in rows() for link in row.findall(pending_xref)]
    assert targets == ["/gallery/a/plot_b", "/gallery/a/plot_b", "/gallery/a/plot_c"]


def test_what_a_machine_printed_is_no_message_for_translators() -> None:
    for paragraph in table(NUMBERS, "guide/x").findall(nodes.paragraph):
        assert paragraph["translatable"] is False
