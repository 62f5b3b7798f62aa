"""A page brings the names and definitions of the terms that it links to."""

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document

from _extensions.glossary.hints import definitions, linked_terms


def test_a_name_and_a_definition_are_found_by_their_term_and_no_equivalent_is_taken_for_one() -> (
    None
):
    glossary = new_document("glossary", get_default_settings())
    definition = nodes.definition(
        "",
        nodes.paragraph("", "English: gradient", classes=["glossary-equivalent"]),
        nodes.paragraph("", "Đạo hàm theo mọi biến."),
    )
    term = nodes.term("", "gradient", ids=["term-gradient"])
    glossary += nodes.definition_list("", nodes.definition_list_item("", term, definition))
    assert definitions(glossary) == {"gradient": ("gradient", "Đạo hàm theo mọi biến.")}


def test_each_linked_term_counts_once_and_other_links_do_not() -> None:
    page = new_document("page", get_default_settings())
    for target in (
        "../../glossary.html#term-leaf-tensor",
        "plot_x.html#term-leaf",
        "../../glossary.html#glossary",
        "glossary.html#term-gradient",
        "../../glossary.html#term-leaf-tensor",
    ):
        page += nodes.paragraph("", "", nodes.reference("", "x", refuri=target))
    assert linked_terms(page) == ["leaf-tensor", "gradient"]
