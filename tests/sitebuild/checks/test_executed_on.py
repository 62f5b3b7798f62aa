"""The device of a run is read from the pages' records."""

from pathlib import Path

import pytest

from facts.curriculum import read_curriculum
from facts.errors import BuildError
from facts.run_record import RunRecord, record_path, write_record
from sitebuild.checks import executed_on
from sitebuild.checks.executed_on import devices


def record(folder: Path, name: str, device: str) -> None:
    path = record_path(name, folder)
    path.parent.mkdir(exist_ok=True)
    write_record(path, RunRecord("", {"versions": {"torch": "9"}, "device": device}, {}))


def test_each_script_has_its_device(tmp_path: Path) -> None:
    record(tmp_path, "one/plot_a", "cpu")
    record(tmp_path, "one/plot_b", "cuda:0")
    found = devices(["one/plot_a.py", "one/plot_b.py"], tmp_path)
    assert found == {"one/plot_a.py": "cpu", "one/plot_b.py": "cuda:0"}


def test_a_script_without_a_record_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"one/plot_a\.py has no record of its run"):
        devices(["one/plot_a.py"], tmp_path)


def test_a_page_that_ran_elsewhere_fails_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for part in read_curriculum():
        for page in part.pages:
            record(tmp_path, page.script, "cuda:0")
    monkeypatch.setattr(executed_on, "GENERATED", tmp_path)
    assert executed_on.main("cuda") == 0
    assert "pages ran on cuda" in capsys.readouterr().out
    with pytest.raises(BuildError, match="did not run on cpu"):
        executed_on.main("cpu")
