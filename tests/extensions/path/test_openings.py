"""A page's question is what its first paragraph says in bold; what others show of it makes them anew."""

from types import SimpleNamespace

from doctree import page_of
from docutils import nodes
from sphinx import addnodes

from _extensions.gallery.captured_html import captured_html
from _extensions.path.openings import Opening, on_env_updated, opening_of, question_of


def paragraph(*children: nodes.Node) -> nodes.document:
    """Return a page that begins with a paragraph."""
    title = nodes.title("", "Title")
    return page_of(nodes.section("", title, nodes.paragraph("", "", *children), ids=["title"]))


def said(page: nodes.document) -> str:
    return "".join(part.astext() for part in question_of(page))


def test_the_question_ends_with_the_last_bold_word() -> None:
    page = paragraph(
        nodes.strong("", "Why does"),
        nodes.Text(" "),
        nodes.literal("", "step()"),
        nodes.Text(" "),
        nodes.strong("", "fail?"),
        nodes.Text(" Because it has nothing to do."),
    )
    assert said(page) == "Why does step() fail?"


def test_a_question_elsewhere_is_neither_bold_nor_a_link_but_keeps_code_and_formulas() -> None:
    term = addnodes.pending_xref("", nodes.inline("", "gradient"), reftype="term")
    page = paragraph(
        nodes.strong("", "", nodes.Text("What is the "), term, nodes.Text(" of")),
        nodes.math("", "x^2"),
        nodes.literal("", "x"),
        nodes.strong("", "?"),
    )
    question = question_of(page)
    assert said(page) == "What is the gradient ofx^2x?"
    kinds = {type(part) for part in question}
    assert kinds == {nodes.Text, nodes.math, nodes.literal}
    assert all(part.document is None for part in question)


def test_a_page_that_begins_with_other_words_has_no_question() -> None:
    assert question_of(paragraph(nodes.Text("It is "), nodes.strong("", "bold."))) == ()
    assert question_of(page_of()) == ()


def test_a_paragraph_in_a_note_is_not_the_first_one() -> None:
    note = nodes.note("", nodes.paragraph("", "", nodes.strong("", "Not this?")))
    body = nodes.paragraph("", "", nodes.strong("", "This?"))
    page = page_of(nodes.section("", note, body, ids=["a"]))
    assert said(page) == "This?"


def test_an_opening_has_no_picture_where_the_page_shows_no_graph() -> None:
    page = paragraph(nodes.strong("", "Why?"))
    assert opening_of(page).picture == ""
    page += captured_html(html="<figure>no picture</figure>")
    assert opening_of(page).picture == ""


def environment(title: str, question: str) -> SimpleNamespace:
    return SimpleNamespace(
        titles={"gallery/a": nodes.title("", title), "learn": nodes.title("", "Path")},
        found_docs={"learn", "gallery/a"},
        metadata={"gallery/a": {"opening": Opening((nodes.Text(question),))}},
    )


def test_all_pages_are_written_anew_when_a_title_or_a_question_has_changed_and_not_otherwise() -> (
    None
):
    env = environment("A", "Why?")
    assert on_env_updated(None, env) == ["gallery/a", "learn"]  # type: ignore[arg-type]  # it needs no more
    assert on_env_updated(None, env) == []  # type: ignore[arg-type]
    env.titles["gallery/a"] = nodes.title("", "B")
    assert on_env_updated(None, env) == ["gallery/a", "learn"]  # type: ignore[arg-type]
    env.metadata["gallery/a"]["opening"] = Opening((nodes.Text("How?"),))
    assert on_env_updated(None, env) == ["gallery/a", "learn"]  # type: ignore[arg-type]
    assert on_env_updated(None, env) == []  # type: ignore[arg-type]
