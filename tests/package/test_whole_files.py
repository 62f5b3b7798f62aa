"""A file is written as a whole, or the one before stays."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from autograd_vi.whole_files import write_whole


def test_a_new_file_holds_the_text(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.html", "một\nhai")
    assert (tmp_path / "a.html").read_bytes() == "một\nhai".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.html"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_whole(target, "new \ud800")
    assert target.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.html"]
    with pytest.raises(OSError, match="missing"):
        write_whole(tmp_path / "missing" / "a.html", "new")


def test_a_file_keeps_its_permissions_and_a_link_its_target(tmp_path: Path) -> None:
    target, link = tmp_path / "a.html", tmp_path / "link.html"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(target)
    write_whole(str(link), "new")
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
