"""What a reader finds in a file is all of the old text or all of the new one."""

from pathlib import Path

import pytest

from facts.whole_file import write_whole


def test_a_file_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    for text in ("một", "hai"):
        write_whole(path, text)
        assert path.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [path]


def test_a_text_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    write_whole(path, "một")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "hai \ud800")
    assert path.read_text(encoding="utf-8") == "một"
