"""A folded box is a link to the picture of its inside, from which a link leads back."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from package.render.graphs import stacks, toy_graph

import autograd_vi as av
from autograd_vi.render.figure import assets
from autograd_vi.render.folding import fold
from autograd_vi.render.opening import UNFOLDED, parts_of
from autograd_vi.render.words import strip_assets

SVG = "{http://www.w3.org/2000/svg}"
GRAPH = av.trace(*stacks(1, 2, 3, 4))


def figure(shown: av.Graph | av.Replay) -> ET.Element:
    return ET.fromstring(f"<div>{strip_assets(shown._repr_html_())}</div>")


def links(root: ET.Element, css_class: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == css_class]


@pytest.mark.parametrize("shown", [GRAPH, av.replay(*stacks(1, 2, 3, 4))], ids=["graph", "stepper"])
def test_each_folded_box_leads_to_the_picture_of_its_inside_which_leads_back(
    shown: av.Graph | av.Replay,
) -> None:
    root = figure(shown)
    opens, details = links(root, "av-opens"), links(root, "av-unfold")
    assert opens
    assert len(opens) == len(details)
    large = next(box for box in root.iter("div") if box.get("class") == "av-picture")
    for link, part in zip(opens, details, strict=True):
        (inside,) = [box for box in part.iter("div") if box.get("class") == "av-picture"]
        assert link.get("href") == f"#{inside.get('id')}"
        assert link.findtext(f"{SVG}title") == "".join(part.find("summary").itertext())  # type: ignore[union-attr]
        (back,) = links(part, "av-back")
        assert back.get("href") == f"#{large.get('id')}"
        assert not links(inside, "av-opens")


def test_what_can_be_pressed_is_no_part_of_the_image() -> None:
    box = next(part for part in figure(GRAPH).iter("div") if part.get("class") == "av-picture")
    (svg,) = box
    assert svg.get("role") == "none"
    image, *rest = svg
    assert image.get("role") == "img"
    assert image.findtext(f"{SVG}title")
    assert [element.tag for element in rest] == [f"{SVG}a"] * len(links(svg, "av-opens"))
    assert not list(image.iter(f"{SVG}a"))


def test_a_picture_that_folds_nothing_has_no_link_and_no_identifier() -> None:
    root = figure(toy_graph())
    assert not links(root, "av-opens")
    assert not [element for element in root.iter() if element.get("id")]
    assert next(root.iter(f"{SVG}svg")).get("role") == "img"


def test_a_box_with_too_much_in_it_is_no_link() -> None:
    graph = av.trace(*stacks(*range(6, 12)))
    picture = fold(graph)
    folded = [box for box in picture.walk() if box.kind == "group" and box.inside is None]
    parts = parts_of(graph, picture)
    assert len(parts) < len(folded)
    assert sum(len(nodes) for nodes in parts) <= UNFOLDED
    assert len(links(figure(graph), "av-opens")) == len(parts)


def test_the_script_comes_with_the_figures_that_open_something() -> None:
    assert "av-opens, .av-back" in assets(opens=True)
    assert "av-opens, .av-back" in GRAPH._repr_html_()
    assert "<script" not in toy_graph()._repr_html_()


def test_a_document_alone_has_no_links() -> None:
    assert "<a " not in GRAPH.to_svg()


def test_the_key_of_a_picture_that_a_screen_cuts_stands_above_it() -> None:
    def order(graph: av.Graph) -> list[str | None]:
        (found,) = figure(graph).iter("figure")
        return [part.get("class") for part in found]

    assert order(GRAPH) == ["av-legend", "av-picture", "av-foot"]
    assert order(toy_graph()) == ["av-picture", "av-foot"]
