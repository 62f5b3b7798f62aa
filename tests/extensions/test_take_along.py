"""A page offers the archives of its own language, and the book only where there is one."""

from docutils import nodes

from _extensions.take_along import epub_path, offer_list, offers


def test_the_book_is_offered_where_it_is_published() -> None:
    with_book = [path for path, _ in offers("vi", epub=True)]
    without = [path for path, _ in offers("vi", epub=False)]
    assert epub_path("vi") in with_book
    assert without == [path for path in with_book if path != epub_path("vi")]


def test_links_lead_from_the_page_to_the_folder_of_its_language() -> None:
    links = offer_list([("downloads/a.zip", "A")], "start/index")
    assert [link["refuri"] for link in links.findall(nodes.reference)] == ["../downloads/a.zip"]
