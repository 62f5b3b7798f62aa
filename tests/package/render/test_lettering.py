"""A long name is cut into lines that fit their box."""

from __future__ import annotations

from autograd_vi.render.lettering import LONGEST, text_width, wrap


def test_long_names_are_cut_into_lines() -> None:
    assert wrap("BinaryCrossEntropyWithLogitsBackward0") == [
        *("BinaryCrossEntropyWith", "LogitsBackward0")
    ]
    assert all(text_width(line) <= LONGEST for line in wrap("x" * 500))
    assert wrap("x" * 500)[-1].endswith("…")


def test_wide_letters_count_twice_and_marks_not_at_all() -> None:
    assert (text_width("ab"), text_width("漢字"), text_width("ạ̃")) == (2, 4, 1)
