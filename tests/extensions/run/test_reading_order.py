"""The gallery stands in the order of the curriculum."""

import pytest

from _extensions.run.reading_order import PageOrder, PartOrder
from facts.curriculum import read_curriculum


def test_parts_sort_as_listed() -> None:
    folders = [part.folder for part in read_curriculum()]
    assert sorted(set(folders), key=PartOrder()) == folders


def test_pages_sort_as_listed_in_their_part() -> None:
    for part in read_curriculum():
        names = [f"{page.name}.py" for page in part.pages]
        assert sorted(set(names), key=PageOrder(f"/any/{part.folder}")) == names


def test_an_unlisted_page_has_no_place() -> None:
    with pytest.raises(ValueError, match=r"plot_nowhere\.py"):
        PageOrder()("plot_nowhere.py")
