"""An exhibit shows a message that its section really printed, with what torch saw, the cause and the cure."""

from __future__ import annotations

from pathlib import Path

import pytest
from exhibit_site import ExhibitSite

ZERO = """
Zero
====

.. exhibit:: division by zero
   :name: zero
   :also: integer division or modulo by zero
          float division by zero

   A divisor of 0.

   The sum was *empty*.

   Count first.

.. code-block:: none

   ZeroDivisionError: division by zero
"""
SILENT = """
Silence
=======

.. exhibit:: The list stays empty
   :name: empty
   :shown: numbers = []

   Nothing.

   Nobody added.

   Add.

.. code-block:: none

   numbers = []
"""


@pytest.fixture
def site(tmp_path: Path) -> ExhibitSite:
    return ExhibitSite.create(tmp_path, zero=ZERO, silence=SILENT)


def test_a_message_is_the_title_and_each_part_says_what_it_is(site: ExhibitSite) -> None:
    built = site.show()
    assert built.warnings == []
    text = built.text("zero")
    assert (
        "division by zero What PyTorch saw: A divisor of 0. Cause: The sum was empty. Cure: Count first."
        in text
    )
    assert "float division" not in text
    assert 'id="exhibit-zero"' in built.page("zero")


def test_a_mistake_without_a_message_is_told_by_a_sentence(site: ExhibitSite) -> None:
    assert (
        "The list stays empty What PyTorch saw: Nothing. Cause: Nobody added."
        in site.show().text("silence")
    )


def test_parts_and_sentences_are_translated_and_messages_are_not(site: ExhibitSite) -> None:
    site.translate("zero", {"A divisor of 0.": "Số chia bằng 0.", "Count first.": "Đếm trước."})
    site.translate("silence", {"The list stays empty": "Danh sách vẫn rỗng"})
    built = site.show("vi")
    text = built.text("zero")
    assert (
        "division by zero PyTorch thấy gì: Số chia bằng 0. Nguyên nhân: The sum was empty." in text
    )
    assert "Cách chữa: Đếm trước." in text
    assert "Danh sách vẫn rỗng" in built.text("silence")


@pytest.mark.parametrize(
    ("page", "old", "new", "message"),
    [
        (
            "zero",
            "ZeroDivisionError: division by",
            "ZeroDivisionError: by",
            "no output of this section holds “division by zero”",
        ),
        (
            "silence",
            "   numbers = []\n",
            "   numbers = [1]\n",
            "no output of this section holds “numbers = []”",
        ),
        (
            "zero",
            ".. code-block:: none",
            "Next\n----\n\n.. code-block:: none",
            "no output of this section",
        ),
        ("zero", ".. code-block:: none", ".. code-block:: python", "no output of this section"),
        ("zero", "   Count first.\n", "", "has 2 paragraphs; write 3"),
        ("zero", "   :name: zero\n", "", "write :name:"),
    ],
)
def test_what_is_wrong_with_an_exhibit_is_a_warning(
    site: ExhibitSite, page: str, old: str, new: str, message: str
) -> None:
    site.edit_page(page, old, new)
    assert any(message in warning for warning in site.show().warnings)


def test_another_page_links_to_an_exhibit(site: ExhibitSite) -> None:
    site.edit_page("silence", "   Nothing.\n", "   See :ref:`the zero <exhibit-zero>`.\n")
    built = site.show()
    assert built.warnings == []
    assert 'href="zero.html#exhibit-zero"' in built.page("silence")


def test_the_search_finds_an_exhibit_by_its_message_and_by_other_wordings(
    site: ExhibitSite,
) -> None:
    index = (site.show().out / "searchindex.js").read_text(encoding="utf-8")
    assert '"exhibit-zero","division by zero",1,["integer division or modulo by zero",' in index
    assert '"exhibit-empty","The list stays empty",1,[]]' in index
    assert all(f'"{phrase}":' in index for phrase in ("integ divis", "float divis", "list stay"))
