"""A page says where its outputs come from."""

import json
from pathlib import Path

import pytest
from sphinx.errors import ExtensionError

from _extensions.provenance import commit_dates, parse_dates, read_provenance


def test_the_newest_commit_of_each_file_counts() -> None:
    log = "\x002026-03-02\n\ngallery/a.py\ngallery/b.py\n\x002026-01-01\n\ngallery/a.py\ngallery/c.py\n"
    assert parse_dates(log) == {
        "gallery/a.py": "2026-03-02",
        "gallery/b.py": "2026-03-02",
        "gallery/c.py": "2026-01-01",
    }


def test_outside_git_there_are_no_dates(tmp_path: Path) -> None:
    assert commit_dates(tmp_path) == {}


def test_a_stamp_gives_version_and_device(tmp_path: Path) -> None:
    stamp = tmp_path / "plot_x.stamp"
    recorded = {"surroundings": {"versions": {"torch": "9.9"}, "device": "cuda"}}
    stamp.write_text(json.dumps(recorded))
    assert read_provenance(stamp, "2026-01-01") == {
        "torch": "9.9",
        "device": "cuda",
        "seed": 0,
        "date": "2026-01-01",
    }


def test_a_page_without_a_stamp_says_nothing(tmp_path: Path) -> None:
    assert read_provenance(tmp_path / "none.stamp", None) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"surroundings": {"versions": "none"}}'])
def test_a_damaged_stamp_is_named(tmp_path: Path, text: str) -> None:
    stamp = tmp_path / "plot_x.stamp"
    stamp.write_text(text)
    with pytest.raises(ExtensionError, match=r"plot_x\.stamp is damaged"):
        read_provenance(stamp, None)
