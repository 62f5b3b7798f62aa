"""A file of settings is read, or refused in one line that names it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from facts.toml_file import check_keys, one_line, plain_text, read_toml, table, tables


class WrongError(ValueError):
    """What the reader of the file raises."""


def test_a_file_says_what_it_says(tmp_path: Path) -> None:
    path = tmp_path / "file.toml"
    path.write_text('name = "tensor lá"', encoding="utf-8")
    assert read_toml(path, WrongError) == {"name": "tensor lá"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, r"file\.toml is missing; restore it"),
        (b"name = \xff", r"file\.toml: not UTF-8 at byte 7"),
        (b"name = ", r"file\.toml is not valid TOML: "),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "file.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(WrongError, match=message):
        read_toml(path, WrongError)


def test_values_of_the_right_type_are_given_back() -> None:
    path = Path("file.toml")
    assert table({"a": 1}, "site", path, WrongError) == {"a": 1}
    assert tables({"page": [{"a": 1}]}, "page", path, WrongError) == [{"a": 1}]
    assert tables({}, "page", path, WrongError) == []
    assert plain_text({"name": "tensor lá"}, "name", path, WrongError) == "tensor lá"


@pytest.mark.parametrize("value", ["x", 3, ["x"], None])
def test_what_is_no_table_is_shown(value: object) -> None:
    with pytest.raises(WrongError, match=r"^file\.toml: site is .*; it has to be a table"):
        table(value, "site", Path("file.toml"), WrongError)


@pytest.mark.parametrize(
    ("value", "message"),
    [({"a": 1}, "page is {'a': 1}; it has to be a list"), ([{}, 1], "an entry of page is 1;")],
)
def test_what_is_no_list_of_tables_is_shown(value: object, message: str) -> None:
    with pytest.raises(WrongError, match=rf"^file\.toml: {message}"):
        tables({"page": value}, "page", Path("file.toml"), WrongError)


@pytest.mark.parametrize("value", ["", " ", 3, None, ["x"], "<b>", 'a"b', "a&b", "a\nb", "\0"])
def test_text_is_one_line_without_markup(value: object) -> None:
    with pytest.raises(WrongError, match=r"^file\.toml: name is .*; it has to be one line of"):
        plain_text({"name": value}, "name", Path("file.toml"), WrongError)


@pytest.mark.parametrize("value", ["", " ", 3, None, ["x"], "a\nb"])
def test_a_line_of_code_is_one_line(value: object) -> None:
    with pytest.raises(WrongError, match=r"^file\.toml: part is .*; it has to be one line of text"):
        one_line({"part": value}, "part", Path("file.toml"), WrongError)


def test_a_line_of_code_may_hold_any_characters() -> None:
    code = 'x < 3 and y["a"] & 1'
    assert one_line({"part": code}, "part", Path("file.toml"), WrongError) == code


def check(entry: dict[str, object]) -> None:
    """Check an entry that needs a name, and may have minutes."""
    keys = ("name", "minutes")
    check_keys(entry, keys, "a page", Path("file.toml"), WrongError, optional=["minutes"])


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"name": "x", "minuets": 5}, "has the unknown key 'minuets'; did you mean 'minutes'?"),
        ({"nam": "x"}, "has the unknown key 'nam'; did you mean 'name'?"),
        ({"name": "x", "z": 1}, "has the unknown key 'z'; the keys are name, minutes"),
        ({"minutes": 5}, "lacks the key 'name': {'minutes': 5}"),
    ],
)
def test_a_key_that_nobody_reads_or_that_is_missing_is_told(
    entry: dict[str, object], message: str
) -> None:
    with pytest.raises(WrongError, match=re.escape(f"file.toml: a page {message}") + "$"):
        check(entry)


def test_an_entry_with_the_keys_that_it_needs_passes() -> None:
    check({"name": "x"})
    check({"minutes": 5, "name": "x"})
