"""A digest depends on names and bytes, and on nothing else."""

from __future__ import annotations

from pathlib import Path

from facts.digests import file_digests, folder_digest, joint_digest


def test_one_changed_line_changes_the_digest_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    before = folder_digest(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("compiled")
    assert folder_digest(tmp_path) == before
    (tmp_path / "a.py").write_text("x = 2\n")
    assert folder_digest(tmp_path) != before


def test_a_renamed_file_changes_the_digest(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x")
    before = folder_digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert folder_digest(tmp_path) != before


def test_the_order_of_the_paths_does_not_count(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("b", "a", "c")]
    for path in paths:
        path.write_text(path.name)
    first, second = file_digests(paths, tmp_path), file_digests(reversed(paths), tmp_path)
    assert joint_digest(first) == joint_digest(second)
    assert list(first) == ["a", "b", "c"]
