"""A parameter's name and text are separated by a dash, and code keeps its hyphens."""

import docutils.utils
from docutils import frontend, nodes

from _extensions.reference.field_dashes import draw_dashes


def test_only_hyphens_that_stand_alone_become_a_dash() -> None:
    page = docutils.utils.new_document("page", frontend.get_default_settings())
    page += nodes.paragraph(
        "", "", nodes.strong("", "seed"), nodes.Text(" -- "), nodes.Text("text")
    )
    page += nodes.literal_block("", "make -- all")
    draw_dashes(page)
    assert page[0].astext() == "seed – text"
    assert page[1].astext() == "make -- all"
