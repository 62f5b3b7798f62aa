"""What a page says about its notebook is folded; other notes are not."""

from doctree import page_of
from docutils import nodes

from _extensions.gallery.notebook_notes import fold_notes, folded_note


def note(kind: str) -> nodes.admonition:
    title, text = nodes.title("", "From the notebook"), nodes.paragraph("", "It said so.")
    return nodes.admonition("", title, text, classes=[kind])


def test_notes_on_the_notebook_fold_and_keep_their_title_and_text() -> None:
    document = page_of(note("notebook"), note("tip"))
    fold_notes(document)
    folded, other = document.children
    assert isinstance(folded, folded_note)
    assert [type(child) for child in folded] == [nodes.title, nodes.paragraph]
    assert isinstance(other, nodes.admonition)
