"""The learning path shows every page of the curriculum once, in order."""

from docutils import nodes
from sphinx import addnodes

from _extensions.path.learning_path import (
    outcomes_of,
    page_link,
    page_question,
    part_list,
    route_list,
)
from facts.curriculum import Page, Part
from facts.routes import Route

PARTS = (
    Part("one", (Page("one", "plot_a", 3), Page("one", "plot_b", 4))),
    Part("two", (Page("two", "plot_c", 5),), needs=("one",)),
)
OUTCOMES: dict[str, list[nodes.Node]] = {
    "one": [nodes.paragraph("", "You can count.")],
    "two": [nodes.paragraph("", "You can add.")],
}


def test_parts_and_pages_stand_in_order() -> None:
    path = part_list(PARTS, "%d min", "Read first:", OUTCOMES)
    targets = [link["reftarget"] for link in path.findall(addnodes.pending_xref)]
    assert targets == [
        "/gallery/one/index",
        "/gallery/one/plot_a",
        "/gallery/one/plot_b",
        "/gallery/two/index",
        "/gallery/one/index",
        "/gallery/two/plot_c",
    ]


def test_a_part_takes_as_long_as_its_pages_together() -> None:
    path = part_list(PARTS, "%d phút", "Cần đọc trước:", OUTCOMES)
    times = [time.astext() for time in path.findall(nodes.inline) if "minutes" in time["classes"]]
    assert times == [
        f"\N{NO-BREAK SPACE}· {time}\N{NO-BREAK SPACE}phút" for time in (7, 3, 4, 5, 5)
    ]


def test_a_part_names_what_it_builds_on() -> None:
    path = part_list(PARTS, "%d min", "Read first:", OUTCOMES)
    needs = [
        paragraph for paragraph in path.findall(nodes.paragraph) if "needs" in paragraph["classes"]
    ]
    assert [paragraph.astext() for paragraph in needs] == ["Read first: gallery/one/index"]


def test_a_link_leaves_its_text_to_the_page_that_it_names() -> None:
    assert not page_link("gallery/one/plot_a")["refexplicit"]


def test_what_one_can_do_stands_between_the_title_of_a_part_and_its_pages() -> None:
    path = part_list(PARTS, "%d min", "Read first:", OUTCOMES)
    for item, said in zip(path.children, ("You can count.", "You can add."), strict=True):
        assert isinstance(item, nodes.list_item)
        assert item.children[1].astext() == said
        assert isinstance(item.children[-1], nodes.bullet_list)


def test_outcomes_are_read_from_a_definition_list_in_its_order() -> None:
    items = [
        nodes.definition_list_item(
            "", nodes.term("", folder), nodes.definition("", nodes.paragraph("", said))
        )
        for folder, said in (("two", "B"), ("one", "A"))
    ]
    found = outcomes_of(nodes.container("", nodes.definition_list("", *items)))
    assert [(key, [node.astext() for node in value]) for key, value in found.items()] == [
        ("two", ["B"]),
        ("one", ["A"]),
    ]


def test_a_route_lists_its_pages_and_says_how_long_they_take_together() -> None:
    route = Route("short", PARTS[0].pages)
    pages, total = route_list(route, "%d min", "%d min in all")
    targets = [link["reftarget"] for link in pages.findall(addnodes.pending_xref)]
    assert targets == ["/gallery/one/plot_a", "/gallery/one/plot_b"]
    assert total.astext() == "7\N{NO-BREAK SPACE}min\N{NO-BREAK SPACE}in\N{NO-BREAK SPACE}all"


def test_each_page_of_a_part_has_a_place_for_its_question_and_those_of_a_route_have_none() -> None:
    path = part_list(PARTS, "%d min", "Read first:", OUTCOMES)
    asked = [marker["docname"] for marker in path.findall(page_question)]
    assert asked == ["gallery/one/plot_a", "gallery/one/plot_b", "gallery/two/plot_c"]
    pages, _ = route_list(Route("short", PARTS[0].pages), "%d min", "%d min in all")
    assert not list(pages.findall(page_question))
