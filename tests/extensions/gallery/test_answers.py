"""What lies between the two markers is folded; a marker without its partner is told."""

import re

import docutils.utils
import pytest
from docutils import frontend, nodes
from minimal_site import MinimalSite

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


EXTENSIONS = ["myst_parser", "_extensions.gallery", "_extensions.translation"]
ANSWER = "```{answer-begin}\n```\n\nIt is *four*.\n\n```{answer-end}\n```\n"


def with_page(site: MinimalSite, text: str) -> MinimalSite:
    page = site.docs / "exercise.md"
    page.write_text(f"---\norphan: true\n---\n\n# Exercise\n\nTwo and two?\n\n{text}")
    return site


def test_a_page_shows_the_answer_when_it_is_opened(minimal_site: MinimalSite) -> None:
    built = with_page(minimal_site, ANSWER).build("en", extensions=EXTENSIONS)
    assert not [warning for warning in built.warnings if "exercise.md" in warning]
    assert (
        '<details class="answer"><summary>Answer</summary>\n<p>It is <em>four</em>.</p>\n</details>'
        in built.page("exercise")
    )


def test_a_format_that_cannot_fold_shows_the_answer(minimal_site: MinimalSite) -> None:
    built = with_page(minimal_site, ANSWER).build("en", "text", extensions=EXTENSIONS)
    text = (built.out / "exercise.txt").read_text(encoding="utf-8")
    assert "Two and two?\n\nIt is *four*." in text


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("```{answer-begin}\n```\n\nIt is four.\n", [9]),
        ("It is four.\n\n```{answer-end}\n```\n", [11]),
        ("```{answer-begin}\n```\n\n## More\n\n```{answer-end}\n```\n", [9, 14]),
    ],
)
def test_a_marker_without_its_partner_is_a_warning_at_its_place(
    minimal_site: MinimalSite, text: str, lines: list[int]
) -> None:
    built = with_page(minimal_site, text).build("en", extensions=EXTENSIONS)
    told = re.findall(r"exercise\.md:(\d+): WARNING: answer-begin and", "\n".join(built.warnings))
    assert [int(line) for line in told] == lines
    assert "<details" not in built.page("exercise")
