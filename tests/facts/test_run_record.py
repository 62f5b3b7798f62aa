"""The record of a run is read as it was written, or its damage is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from facts.run_record import DamagedRecordError, RunRecord, read_record, record_path, write_record

RECORD = RunRecord(
    script="digest of the script",
    surroundings={"versions": {"torch": "9.9"}, "device": "cuda:0", "weights": []},
    outputs={"one/plot_x.rst": "digest of the page"},
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = record_path("one/plot_x.py", tmp_path)
    path.parent.mkdir()
    write_record(path, RECORD)
    assert read_record(path) == RECORD
    assert (RECORD.torch, RECORD.device) == ("9.9", "cuda:0")


def test_a_page_and_its_script_have_one_record(tmp_path: Path) -> None:
    assert record_path("one/plot_x", tmp_path) == record_path("one/plot_x.py", tmp_path)


def test_no_record_is_none(tmp_path: Path) -> None:
    assert read_record(tmp_path / "none.stamp") is None


@pytest.mark.parametrize("key", ["script", "surroundings", "outputs"])
def test_a_record_that_lacks_a_part_is_damaged(tmp_path: Path, key: str) -> None:
    path = tmp_path / "plot_x.stamp"
    write_record(path, RECORD)
    data = json.loads(path.read_text())
    del data[key]
    path.write_text(json.dumps(data))
    with pytest.raises(DamagedRecordError, match=r"plot_x\.stamp is damaged"):
        read_record(path)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"surroundings": {"versions": "none"}}'])
def test_a_damaged_record_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plot_x.stamp"
    path.write_text(text)
    with pytest.raises(DamagedRecordError, match=r"plot_x\.stamp is damaged"):
        read_record(path)
