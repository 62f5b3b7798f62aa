"""The learning path shows every page of the curriculum once, in order."""

from docutils import nodes
from sphinx import addnodes

from _extensions.gallery.learning_path import chapter_list, page_link
from facts.curriculum import Chapter, Page

CHAPTERS = (
    Chapter("one", "N", (Page("one", "plot_a", 3), Page("one", "plot_b", 4))),
    Chapter("two", "N", (Page("two", "plot_c", 5),), needs=("one",)),
)


def test_chapters_and_pages_stand_in_order() -> None:
    path = chapter_list(CHAPTERS, "%d min", "Read first:")
    targets = [link["reftarget"] for link in path.findall(addnodes.pending_xref)]
    assert targets == [
        "/gallery/one/index",
        "/gallery/one/plot_a",
        "/gallery/one/plot_b",
        "/gallery/two/index",
        "/gallery/one/index",
        "/gallery/two/plot_c",
    ]


def test_a_chapter_takes_as_long_as_its_pages_together() -> None:
    path = chapter_list(CHAPTERS, "%d phút", "Cần đọc trước:")
    times = [time.astext() for time in path.findall(nodes.inline) if "minutes" in time["classes"]]
    assert times == [
        f" ·\N{NO-BREAK SPACE}{time}\N{NO-BREAK SPACE}phút" for time in (7, 3, 4, 5, 5)
    ]


def test_a_chapter_names_what_it_builds_on() -> None:
    path = chapter_list(CHAPTERS, "%d min", "Read first:")
    needs = [
        paragraph for paragraph in path.findall(nodes.paragraph) if "needs" in paragraph["classes"]
    ]
    assert [paragraph.astext() for paragraph in needs] == ["Read first: gallery/one/index"]


def test_a_link_leaves_its_text_to_the_page_that_it_names() -> None:
    assert not page_link("gallery/one/plot_a")["refexplicit"]
