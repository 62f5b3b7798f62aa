"""A variable in code is plain text; a function is a link."""

from doctree import page_of
from docutils import nodes

from _extensions.reference.quiet_links import unlink_variables
from facts.generated import VARIABLE_LINK_CLASS


def link(name: str, *classes: str) -> nodes.reference:
    return nodes.reference(
        "", "", nodes.inline("", name, classes=["n"]), refuri="https://x.org", classes=[*classes]
    )


def test_variables_lose_their_link_and_keep_their_colours() -> None:
    document = page_of(nodes.paragraph("", "", link("x", VARIABLE_LINK_CLASS), link("torch.exp")))
    unlink_variables(document)
    variable, function = document[0].children
    assert isinstance(variable, nodes.inline)
    assert "n" in variable["classes"]
    assert isinstance(function, nodes.reference)
    assert document.astext() == "xtorch.exp"
