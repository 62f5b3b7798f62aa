"""A figure's place has its proportions before the figure is there, and everyone reads what is to be seen in it."""

from types import SimpleNamespace
from typing import Any

from docutils import nodes

from _extensions.gallery.figure_place import captioned, on_doctree_resolved, picture_size


def test_the_size_is_that_of_the_view_box() -> None:
    svg = '<svg width="460.8pt" height="345.6pt" viewBox="0 0 460.8 345.6" version="1.1">'
    assert picture_size(svg) == (461, 346)


def test_a_picture_without_a_view_box_has_no_known_size() -> None:
    assert picture_size('<svg width="10" height="20">') is None


def test_what_a_figure_shows_is_read_once_below_it() -> None:
    pair = [nodes.image(uri=f"{theme}.svg", alt="A line falls.") for theme in ("light", "dark")]
    figure = captioned(pair, 2)
    assert figure["ids"] == ["figure-2"]
    assert [image["uri"] for image in figure.findall(nodes.image)] == ["light.svg", "dark.svg"]
    assert {image["alt"] for image in figure.findall(nodes.image)} == {""}
    assert [caption.astext() for caption in figure.findall(nodes.caption)] == ["A line falls."]


def test_a_figure_s_text_stays_a_message_where_messages_are_collected() -> None:
    collecting: Any = SimpleNamespace(builder=SimpleNamespace(format="", name="gettext"))
    pair = [nodes.image(alt="A line falls.", classes=["figure"]) for _ in range(2)]
    page: Any = nodes.section("", *pair)
    on_doctree_resolved(collecting, page, "page")
    assert [image["alt"] for image in page.findall(nodes.image)] == ["A line falls."] * 2
    assert not list(page.findall(nodes.caption))
