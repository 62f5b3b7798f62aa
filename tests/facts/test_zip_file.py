"""An archive depends on its files alone."""

import zipfile
from pathlib import Path

from facts.zip_file import write_zip


def test_the_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    files = {"b/x.py": b"x = 1\n" * 50, "a.txt": b"a"}
    write_zip(tmp_path / "one.zip", files)
    write_zip(tmp_path / "two.zip", dict(reversed(files.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_archive_holds_the_files_with_fixed_dates_and_modes(tmp_path: Path) -> None:
    write_zip(tmp_path / "one.zip", {"b/x.py": b"x = 1\n", "a.txt": b"a"})
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == ["a.txt", "b/x.py"]
        assert archive.read("b/x.py") == b"x = 1\n"
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o644}
