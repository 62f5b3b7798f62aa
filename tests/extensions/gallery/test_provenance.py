"""A page says where its outputs come from."""

from pathlib import Path

from _extensions.gallery.provenance import commit_dates, parse_dates, provenance
from facts.run_record import RunRecord


def test_the_newest_commit_of_each_file_counts() -> None:
    log = "\x002026-03-02\n\ngallery/a.py\ngallery/b.py\n\x002026-01-01\n\ngallery/a.py\ngallery/c.py\n"
    assert parse_dates(log) == {
        "gallery/a.py": "2026-03-02",
        "gallery/b.py": "2026-03-02",
        "gallery/c.py": "2026-01-01",
    }


def test_outside_git_there_are_no_dates(tmp_path: Path) -> None:
    assert commit_dates(tmp_path) == {}


def test_a_record_gives_version_and_device() -> None:
    record = RunRecord("digest", {"versions": {"torch": "9.9"}, "device": "cuda"}, {})
    assert provenance(record, (10, 3), "2026-01-01", "N") == {
        "torch": "9.9",
        "device": "cuda",
        "seeds": "10, 3",
        "date": "2026-01-01",
        "notebook": "N",
    }
