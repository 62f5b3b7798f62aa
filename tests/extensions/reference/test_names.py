"""Names in the reference are marked: no browser translates a parameter or a type."""

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from sphinx import addnodes

from _extensions.reference.names import mark_names


def _field(name: str, *body: nodes.Node) -> nodes.field:
    paragraph = nodes.paragraph("", "", *body)
    return nodes.field("", nodes.field_name("", name), nodes.field_body("", paragraph))


def _body(field: nodes.field) -> nodes.paragraph:
    return next(field.findall(nodes.paragraph))


def test_names_and_types_are_marked_and_their_text_is_not() -> None:
    document = new_document("page", get_default_settings())
    words = nodes.Text("a word")
    name = addnodes.literal_strong("", "seed")
    parameters = _field("Parameters", name, words)
    kind = _field("type", nodes.Text("Literal['leaf']"))
    fields = nodes.field_list("", parameters, kind)
    document += addnodes.desc("", addnodes.desc_content("", fields))
    mark_names(document)
    mark_names(document)
    assert name["classes"] == ["notranslate"]
    assert _body(kind)["classes"] == ["notranslate"]
    assert _body(parameters)["classes"] == []


def test_bold_words_elsewhere_are_words() -> None:
    document = new_document("page", get_default_settings())
    name = addnodes.literal_strong("", "seed")
    document += nodes.paragraph("", "", name)
    mark_names(document)
    assert name["classes"] == []
