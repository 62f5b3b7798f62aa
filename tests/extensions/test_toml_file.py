"""A file of settings is read, or refused in one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from _extensions.toml_file import read_toml


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
