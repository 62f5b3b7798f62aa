"""A figure's place on the page has its proportions before the figure is there."""

from _extensions.gallery.figure_place import picture_size


def test_the_size_is_that_of_the_view_box() -> None:
    svg = '<svg width="460.8pt" height="345.6pt" viewBox="0 0 460.8 345.6" version="1.1">'
    assert picture_size(svg) == (461, 346)


def test_a_picture_without_a_view_box_has_no_known_size() -> None:
    assert picture_size('<svg width="10" height="20">') is None
