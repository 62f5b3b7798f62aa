"""What lies between the two markers is folded; a marker without its partner is told."""

import docutils.utils
import pytest
from docutils import frontend, nodes

from _extensions.gallery.answers import answer, answer_begin, answer_end, fold


def document(*children: nodes.Node) -> nodes.document:
    new = docutils.utils.new_document("page", frontend.get_default_settings())
    section = nodes.section()
    section += list(children)
    new += section
    return new


def paragraph(text: str) -> nodes.paragraph:
    return nodes.paragraph(text, text)


def test_the_cells_between_the_markers_are_folded_in_place() -> None:
    page = document(
        paragraph("before"),
        answer_begin(),
        paragraph("a"),
        paragraph("b"),
        answer_end(),
        paragraph("after"),
    )
    assert fold(page) == []
    section = next(page.findall(nodes.section))
    assert [type(child).__name__ for child in section] == ["paragraph", "answer", "paragraph"]
    assert section[1].astext() == "a\n\nb"
    assert section[2].astext() == "after"


def test_two_answers_stay_two() -> None:
    page = document(
        answer_begin(), paragraph("a"), answer_end(), answer_begin(), paragraph("b"), answer_end()
    )
    fold(page)
    assert [folded.astext() for folded in page.findall(answer)] == ["a", "b"]


@pytest.mark.parametrize(
    "children", [(answer_begin(), paragraph("a")), (paragraph("a"), answer_end())]
)
def test_a_marker_without_its_partner_is_returned(children: tuple[nodes.Node, ...]) -> None:
    assert len(fold(document(*children))) == 1
