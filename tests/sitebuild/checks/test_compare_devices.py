"""Two devices are compared page by page, and the report says where to look."""

from pathlib import Path

import pytest
from page_outcomes import outcome

from facts.errors import BuildError
from facts.recorded_numbers import read
from sitebuild.checks import compare_devices
from sitebuild.checks.compare_devices import machine, prose_findings, report

ABOUT = {"device": "cuda:0", "cpu": "Some CPU", "name": "Some GPU", "torch": "2.14"}
PAGES = {"gallery/a/plot_b": "1.0"}


@pytest.fixture
def two_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a GPU on which the second of two numbers is another one."""
    path = tmp_path / "plot_b.py"
    path.write_text('"""\nA page\n======\n"""\nprint(1.0)\n', encoding="utf-8")
    runs = {"cpu": outcome("1.0", "2.0"), "cuda:0": outcome("1.0", "3.0")}
    monkeypatch.setattr(compare_devices, "machine", lambda: ABOUT)
    monkeypatch.setattr(compare_devices, "sources", lambda: {"gallery/a/plot_b": path})
    monkeypatch.setattr(
        compare_devices, "run_on", lambda device, _: {"gallery/a/plot_b": runs[device]}
    )
    monkeypatch.setattr(compare_devices, "REPORT", tmp_path / "build" / "report.md")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    return tmp_path


def test_a_difference_fails_and_is_told_in_the_report_and_in_the_job_s_summary(
    two_devices: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert compare_devices.main() == 1
    assert (
        "gallery/a/plot_b:2, on cuda:0: the output differs\n  2.0\n  3.0" in capsys.readouterr().out
    )
    kept = (two_devices / "build" / "report.md").read_text(encoding="utf-8")
    assert "`gallery/a/plot_b`, line 2" in kept
    assert all(f"text\n{text}\n" in kept for text in ("2.0", "3.0"))
    assert (two_devices / "summary.md").read_text(encoding="utf-8") == kept


def test_the_numbers_that_differ_are_recorded_where_that_is_asked(two_devices: Path) -> None:
    numbers = two_devices / "numbers.toml"
    numbers.touch()
    compare_devices.main(numbers)
    (number,) = read(numbers)
    assert [(seen.machine, seen.shows) for seen in number.seen] == [
        ("Some CPU", "2.0"),
        ("Some GPU", "3.0"),
    ]


def test_a_machine_without_accelerator_has_nothing_to_compare(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compare_devices, "machine", lambda: ABOUT | {"device": "cpu"})
    assert compare_devices.main() == 0
    assert "nothing to compare" in capsys.readouterr().out


def test_this_machine_names_its_devices_whatever_the_build_asks_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_DEVICE", "no such device")
    about = machine()
    assert about.keys() == ABOUT.keys()
    assert all(about.values())


def test_a_torch_that_cannot_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare_devices, "_ASK", "raise SystemExit('no torch')")
    with pytest.raises(BuildError, match="no torch"):
        machine()


def test_prose_that_names_a_node_of_the_cpu_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("A `NativeBatchNormBackward0`.\n", encoding="utf-8")
    on_cpu, on_gpu = (
        {"page": outcome(f"<{name}BatchNormBackward0>")} for name in ("Native", "Cudnn")
    )
    (finding,) = prose_findings("cuda:0", {"page": path}, on_cpu, on_gpu)
    assert (finding.page, finding.line) == ("page", 1)
    assert "NativeBatchNormBackward0" in finding.what


def test_a_report_without_findings_says_so() -> None:
    assert "26 pages on cpu and cuda:0: 0 findings" in report("cuda:0", 26, [])


def test_a_picture_beside_the_pages_that_names_a_node_of_the_cpu_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "guide").mkdir()
    picture = tmp_path / "guide" / "drawn.svg"
    picture.write_text("<svg>\n<text>NativeBatchNormBackward0</text></svg>", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text("No name.\n", encoding="utf-8")
    monkeypatch.setattr(compare_devices, "DOCS", tmp_path)
    on_gpu = {"page": outcome("<CudnnBatchNormBackward0>")}
    found = prose_findings("cuda:0", {"page": page}, {"page": outcome("1")}, on_gpu)
    assert [(finding.page, finding.line, finding.what) for finding in found] == [
        ("guide/drawn.svg", 2, "the picture names NativeBatchNormBackward0, a node of the CPU")
    ]


def test_a_page_really_runs_on_a_device(tmp_path: Path) -> None:
    page = tmp_path / "plot_a.py"
    page.write_text(
        '"""\nA page\n======\n"""\nimport autograd_vi as av\nprint(av.pick_device())\n',
        encoding="utf-8",
    )
    said = compare_devices.run_on("cpu", {"plot_a": page})["plot_a"]
    assert [output["text"] for output in said["outputs"]] == ["cpu"]
