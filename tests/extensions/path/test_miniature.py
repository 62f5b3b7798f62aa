"""A miniature has the boxes and lines of the graph that was captured, and none of its words."""

from xml.etree import ElementTree

import pytest
import torch

import autograd_vi as av
from _extensions.path.miniature import AT_A_GLANCE, miniature, richest

SVG = "{http://www.w3.org/2000/svg}"


def test_it_has_a_box_a_node_a_line_an_edge_and_no_words() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    y = torch.tensor(3.0, requires_grad=True)
    graph = av.trace(x * y, params={"x": x, "y": y})
    picture = miniature(graph._repr_html_())
    assert picture is not None
    svg = ElementTree.fromstring(picture)
    boxes = [child for child in svg if child.tag != "g"]
    lines = [line for group in svg.findall("g") for line in group]
    assert len(boxes) == len(graph.nodes) + 1  # the root has a box of its own
    assert len(lines) == len(graph.edges) + 1
    assert sum(box.get("class") == "leaf" for box in boxes) == 2
    assert sum(box.get("class") == "root" for box in boxes) == 1
    assert "".join(svg.itertext()).strip() == ""
    assert svg.get("aria-hidden") == "true"


def test_it_takes_the_place_and_the_form_of_each_box_from_the_large_picture() -> None:
    x = torch.tensor(2.0, requires_grad=True)
    figure = av.trace(x.sin(), params={"x": x})._repr_html_()
    picture = miniature(figure)
    assert picture is not None
    svg = ElementTree.fromstring(picture)
    assert f'viewBox="{svg.get("viewBox")}"' in figure
    for box in svg.findall("rect"):
        assert f'x="{box.get("x")}" y="{box.get("y")}"' in figure


@pytest.mark.parametrize(
    ("boxes", "drawn"), [(1, False), (2, True), (AT_A_GLANCE, True), (AT_A_GLANCE + 1, False)]
)
def test_a_graph_of_one_box_or_too_many_for_a_glance_has_none(boxes: int, drawn: bool) -> None:
    box = '<g class="av-node av-operation"><rect x="1" y="2" width="3" height="4"/></g>'
    svg = f'<svg class="av-svg" viewBox="0 0 9 9" xmlns="http://www.w3.org/2000/svg">{box * boxes}</svg>'
    assert (miniature(f"<figure>{svg}</figure>") is not None) is drawn


def test_what_is_no_graph_has_none() -> None:
    assert miniature("<table></table>") is None


def test_the_richest_picture_is_the_one_with_the_most_parts() -> None:
    assert richest(["<a/>", "<b/><b/>", "<c/><c/>"]) == "<b/><b/>"
    assert richest([]) == ""
