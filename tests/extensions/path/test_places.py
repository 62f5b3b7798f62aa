"""The header says where a page stands on the path; its end leads to the neighbours."""

from doctree import page_of
from docutils import nodes

from _extensions.path.places import Place, neighbours, place_said, places, shows_stations
from facts.curriculum import Page, Part, read_curriculum

PARTS = (
    Part("one", (Page("one", "plot_a", 3), Page("one", "plot_b", 1))),
    Part("two", (Page("two", "plot_c", 5),)),
)
GAP = "\N{NO-BREAK SPACE}"


def test_every_page_and_every_part_has_its_place() -> None:
    assert places(PARTS) == {
        "gallery/one/index": Place("gallery/one/index", 1, 2, 0, 2, 4),
        "gallery/one/plot_a": Place("gallery/one/index", 1, 2, 1, 2, 3),
        "gallery/one/plot_b": Place("gallery/one/index", 1, 2, 2, 2, 1),
        "gallery/two/index": Place("gallery/two/index", 2, 2, 0, 1, 5),
        "gallery/two/plot_c": Place("gallery/two/index", 2, 2, 1, 1, 5),
    }


def test_the_real_path_counts_its_pages_from_one_to_the_last_of_each_part() -> None:
    found = places(read_curriculum())
    for part in read_curriculum():
        numbers = [found[page.docname].page_number for page in part.pages]
        assert numbers == list(range(1, len(part.pages) + 1))


def test_a_page_says_its_part_and_its_time_and_counts_the_pages_of_its_part() -> None:
    said = place_said(places(PARTS)["gallery/one/plot_b"], "First steps")
    assert said == {
        "within": f"Part{GAP}1{GAP}· First steps",
        "size": f"1{GAP}minute",
        "counted": f"page{GAP}2{GAP}of{GAP}2",
        "segments": 2,
        "current": 2,
    }


def test_a_part_says_the_path_and_how_much_it_holds_and_counts_the_parts() -> None:
    said = place_said(places(PARTS)["gallery/two/index"], "The path")
    assert said == {
        "within": "The path",
        "size": f"1{GAP}page{GAP}· 5{GAP}minutes",
        "counted": f"Part{GAP}2{GAP}of{GAP}2",
        "segments": 2,
        "current": 2,
    }


def test_a_page_in_no_table_of_contents_has_no_neighbours() -> None:
    relations: dict[str, list[str | None]] = {"b": ["home", "a", "c"]}
    assert neighbours(relations, "b") == ("a", "c")
    assert neighbours(relations, "search") == (None, None)


def test_a_page_with_a_piece_of_the_path_is_told_from_others() -> None:
    assert shows_stations(page_of(nodes.enumerated_list("", classes=["route"])))
    assert not shows_stations(page_of(nodes.enumerated_list("", classes=["other"])))
