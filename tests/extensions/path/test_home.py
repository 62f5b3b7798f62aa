"""The home page leads into the path and shows a card for each part."""

from docutils import nodes
from sphinx import addnodes

from _extensions.path.home import begin_link, cards, way_in
from _extensions.path.learning_path import page_question
from _extensions.path.openings import Opening
from _extensions.path.places import PATH
from facts.curriculum import Page, Part

PARTS = (
    Part("one", (Page("one", "plot_a", 3), Page("one", "plot_b", 4))),
    Part("two", (Page("two", "plot_c", 5),)),
)
TITLES = {page.docname: page.name for part in PARTS for page in part.pages}
GAP = "\N{NO-BREAK SPACE}"


def test_the_button_leads_to_the_first_page_and_knows_all_pages_in_their_order() -> None:
    way = way_in(PARTS, TITLES.__getitem__, "index")
    (button,) = way.findall(begin_link)
    assert button.astext() == f"Begin: plot_a{GAP}· 3{GAP}minutes"
    assert button["docname"] == "gallery/one/plot_a"
    assert button["pages"] == [
        ("gallery/one/plot_a", f"plot_a{GAP}· 3{GAP}minutes"),
        ("gallery/one/plot_b", f"plot_b{GAP}· 4{GAP}minutes"),
        ("gallery/two/plot_c", f"plot_c{GAP}· 5{GAP}minutes"),
    ]
    (path,) = way.findall(addnodes.pending_xref)
    assert path["reftarget"] == f"/{PATH}"


def test_each_part_has_a_card_with_its_link_its_question_and_its_size() -> None:
    found = cards(PARTS, {})
    assert [link["reftarget"] for link in found.findall(addnodes.pending_xref)] == [
        "/gallery/one/index",
        "/gallery/two/index",
    ]
    assert [marker["docname"] for marker in found.findall(page_question)] == [
        "gallery/one/index",
        "gallery/two/index",
    ]
    assert [
        card.children[-1].astext() for card in found.children if isinstance(card, nodes.list_item)
    ] == [
        f"2{GAP}pages{GAP}· 7{GAP}minutes",
        f"1{GAP}page{GAP}· 5{GAP}minutes",
    ]


def test_a_card_shows_the_richest_graph_of_its_pages_or_no_picture() -> None:
    opened = {
        "gallery/one/plot_a": Opening(picture="<svg><a/></svg>"),
        "gallery/one/plot_b": Opening(picture="<svg><b/><b/></svg>"),
        "gallery/two/plot_c": Opening(),
    }
    found = cards(PARTS, opened)
    assert [raw.astext() for raw in found.findall(nodes.raw)] == ["<svg><b/><b/></svg>"]
