"""The index names every exhibit and every message that a page shows, in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from docutils import nodes
from exhibit_site import ExhibitSite

from _extensions.exhibits.catalogue import Entry, Shown, explained_by

INDEX = """
Errors
======

.. error-index::
"""
ZERO = """
Zero
====

Division
--------

.. exhibit:: division by zero
   :name: zero
   :also: modulo by zero

   A divisor of 0, as on :doc:`other`.

   The sum was *empty*.

   Count first.

.. code-block:: none

   ZeroDivisionError: float division by zero
   ZeroDivisionError: integer modulo by zero
"""
OTHER = """
Other page
==========

Here
----

.. code-block:: none

   n = 0
   ZeroDivisionError: division by zero
   torch.cuda.OutOfMemoryError: no memory left

There
-----

.. code-block:: none

   torch.cuda.OutOfMemoryError: no memory left

.. code-block:: python

   KeyError: this is code
"""


@pytest.fixture
def site(tmp_path: Path) -> ExhibitSite:
    return ExhibitSite.create(tmp_path, errors=INDEX, zero=ZERO, other=OTHER)


def test_an_exhibit_stands_with_its_messages_as_they_were_printed_its_cause_and_its_cure(
    site: ExhibitSite,
) -> None:
    built = site.show()
    assert built.warnings == []
    text = built.text("errors")
    assert (
        "Zero ZeroDivisionError: float division by zero ZeroDivisionError: integer modulo by zero "
        "What PyTorch saw: A divisor of 0, as on Other page. Cause: The sum was empty. Cure: Count first. "
        "Also on: Other page › Here"
    ) in text
    page = built.page("errors")
    assert page.count('href="zero.html#exhibit-zero"') == 2
    assert 'href="other.html#here"' in page


def test_a_message_without_an_exhibit_is_listed_with_all_its_places(site: ExhibitSite) -> None:
    text = site.show().text("errors")
    rest = text.partition("Shown on a page, without an exhibit")[2]
    assert (
        "torch.cuda.OutOfMemoryError: no memory left Other page › Here, Other page › There" in rest
    )
    assert "division" not in rest
    assert "KeyError" not in text


def test_without_such_a_message_there_is_no_such_list(site: ExhibitSite) -> None:
    site.edit_page("zero", "   :also: ", "   :also: no memory left\n          ")
    assert "without an exhibit" not in site.show().text("errors")


def test_the_index_is_in_the_reader_s_language(site: ExhibitSite) -> None:
    site.translate("zero", {"Count first.": "Đếm trước.", "Division": "Phép chia", "Zero": "Số 0"})
    site.translate("other", {"Here": "Ở đây", "Other page": "Trang khác"})
    text = site.show("vi").text("errors")
    assert "Số 0 ZeroDivisionError: float division by zero" in text
    assert "Cách chữa: Đếm trước. Còn hiện ở: Trang khác › Ở đây" in text


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("zero", "Count first.", "Count it first."),
        ("zero", "Division\n--------", "Divided\n--------"),
        ("zero", ":name: zero", ":name: nought"),
        ("other", "n = 0", "ValueError: new"),
        ("other", "   ZeroDivisionError: division by zero\n", ""),
        ("other", "Here\n----", "Thus\n----"),
        ("other", "Other page\n==========", "Another page\n============"),
    ],
)
def test_a_change_of_any_page_gives_the_index_of_a_clean_build(
    site: ExhibitSite, tmp_path: Path, page: str, old: str, new: str
) -> None:
    before = site.show().page("errors")
    site.edit_page(page, old, new)
    again = site.show().page("errors")
    pages = {name: (site.docs / f"{name}.rst").read_text() for name in ("errors", "zero", "other")}
    clean = ExhibitSite.create(tmp_path / "clean", **pages).show().page("errors")
    assert again == clean
    if "Divided" not in new:  # the index does not say in which section an exhibit stands
        assert again != before


def test_of_two_exhibits_of_one_message_the_first_names_the_other_pages(site: ExhibitSite) -> None:
    second = "Again\n-----\n\n.. exhibit:: by zero\n   :name: again\n\n   One.\n\n   Two.\n\n   Three.\n\n"
    output = ".. code-block:: none\n\n   ZeroDivisionError: float division by zero\n"
    path = site.docs / "zero.rst"
    path.write_text(path.read_text(encoding="utf-8") + "\n" + second + output, encoding="utf-8")
    text = site.show().text("errors")
    assert text.count("ZeroDivisionError: float division by zero") == 2
    assert text.count("Also on: Other page › Here") == 1


def test_a_removed_page_is_gone_from_the_index(site: ExhibitSite) -> None:
    site.show()
    (site.docs / "other.rst").unlink()
    site.edit_page("index", "   other\n", "")
    site.edit_page("zero", ", as on :doc:`other`", "")
    assert "memory" not in site.show().text("errors")


def test_two_exhibits_of_one_name_are_a_warning(site: ExhibitSite) -> None:
    exhibit = ".. exhibit:: no memory\n   :name: zero\n\n   One.\n\n   Two.\n\n   Three.\n\n.. code-block:: none\n"
    site.edit_page("other", "There\n-----\n\n.. code-block:: none\n", f"There\n-----\n\n{exhibit}")
    warnings = site.show().warnings
    assert any("exhibit-zero stands on zero too" in line for line in warnings), warnings


def test_a_line_is_explained_by_any_wording_whatever_its_spaces() -> None:
    entry = Entry("a", "b", nodes.title(), (), ("a second time", "freed"), "c")
    lines = [
        Shown("x", "", "", f"RuntimeError: {text}")
        for text in ("a second   time", "already freed", "a third time")
    ]
    assert [line for line in lines if explained_by([entry], line) is None] == lines[2:]


def test_a_wrapped_message_is_explained_and_shown_as_far_as_the_wording_goes() -> None:
    entry = Entry("a", "b", nodes.title(), (), ("the graph a second time",), "c")
    wrapped = Shown("x", "", "", "RuntimeError: through the graph", "\na second\ntime (or\nx = 1")
    assert explained_by([entry], wrapped) is entry
    assert entry.message(wrapped) == "RuntimeError: through the graph a second time"


def test_what_is_printed_below_a_message_explains_nothing_of_it() -> None:
    entry = Entry("a", "b", nodes.title(), (), ("a second time",), "c")
    other = Shown("x", "", "", "RuntimeError: through the graph", "\nValueError: a second time")
    assert explained_by([entry], other) is None
