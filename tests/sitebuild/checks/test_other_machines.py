"""A page that holds here alone is found out."""

from pathlib import Path
from typing import Any

import pytest
from page_outcomes import outcome

from sitebuild.checks import differences, other_machines
from sitebuild.checks.agreement import Tolerance
from sitebuild.checks.findings import Finding
from sitebuild.checks.machines import MACHINES, PLAIN
from sitebuild.checks.other_machines import main, plan, report, run_on, try_pages
from sitebuild.checks.pages import sources

pytestmark = pytest.mark.xdist_group("machines")  # one worker runs the faulty pages once

HEAD = (
    '"""\nA page\n======\n"""\nimport torch\nimport autograd_vi as av\ndevice = av.pick_device()\n'
)

FAULTS = {
    "other-rounding": "x, w = torch.rand(3, 40), torch.rand(40, 2)\nassert torch.equal(x @ w, x @ w)\n",
    "mac": (
        "y = torch.nn.Linear(2, 1).to(device)(torch.ones(1, 2, device=device))\n"
        "assert type(y.grad_fn).__name__ == 'AddmmBackward0'\n"
    ),
    "gpu": "x = torch.ones(2, device=device)\nprint(x.numpy())\n",
    "mac-gpu": "x = torch.ones(2, dtype=torch.float64, device=device)\nprint(x)\n",
    "seed-1": "g = av.seed_everything(0)\nassert torch.rand(1, generator=g) < 0.497\n",
    "four-threads": "assert torch.get_num_threads() == 1\n",
    "tf32": (
        "x, w = torch.rand(1, 3, 9, 9), torch.rand(2, 3, 3, 3)\n"
        "exact = torch.conv2d(x.double(), w.double())\n"
        "torch.testing.assert_close(torch.conv2d(x, w).double(), exact, rtol=1e-5, atol=1e-5)\n"
    ),
}
"""A fault that only the machine of its name, or one of its kind, shows."""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> set[tuple[str, str]]:
    folder = tmp_path_factory.mktemp("pages")
    pages = {}
    for name, code in {**FAULTS, "sound": "print(torch.ones(2, device=device))\n"}.items():
        pages[name] = folder / f"plot_{name.replace('-', '_')}.py"
        pages[name].write_text(HEAD + code, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(differences, "read", lambda: ())
        return {(finding.page, finding.machine) for finding in try_pages(pages)}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_found_on_its_machine(fault: str, found: set[tuple[str, str]]) -> None:
    assert (fault, fault) in found


@pytest.mark.slow
def test_nothing_is_found_where_nothing_is_wrong(found: set[tuple[str, str]]) -> None:
    assert not [machine for page, machine in found if page == "sound"]
    assert not [page for page, machine in found if machine == "plain"]


@pytest.mark.slow
def test_the_pages_hold_on_a_machine_each() -> None:
    assert [str(finding) for finding in try_pages(sources(), one_each=True)] == []


def test_each_page_is_tried_on_all_machines_or_on_one() -> None:
    pages = sources()
    everything = plan(pages, one_each=False)
    assert [(machine, len(some)) for machine, some in everything] == [
        (machine, len(pages)) for machine in MACHINES
    ]
    once = [page for _, some in plan(pages, one_each=True) for page in some]
    assert sorted(once) == sorted(pages)


def test_findings_fail_the_check(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    finding = Finding("page", 3, "gpu", "AssertionError")
    monkeypatch.setattr(other_machines, "try_pages", lambda pages: [finding] * len(pages))
    assert main(["plot_square"]) == 1
    out = capsys.readouterr().out
    assert "page:3, on gpu: AssertionError" in out
    assert f"{len(MACHINES)} runs of a page on a machine, 1 findings" in out
    assert report([], 5) == 0


@pytest.fixture
def two_pages(tmp_path: Path) -> dict[str, Path]:
    pages = {name: tmp_path / f"{name}.py" for name in ("plot_a", "plot_b")}
    for page in pages.values():
        page.write_text(HEAD + "print(1)\n", encoding="utf-8")
    return pages


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Let ``plot_b`` print something else on two machines, of which one may; the value fills with the runs."""
    made: list[tuple[str, list[str]]] = []

    def outcomes(
        module: list[str], pages: dict[str, Path], environment: object, *, what: str
    ) -> dict[str, Any]:
        machine = module[1]
        assert what == f"the run on {machine}"
        assert environment is not None
        made.append((machine, sorted(pages)))
        differs = {"plot_b": "2.0"} if machine in {"avx2", "seed-1"} else {}
        return {page: outcome(differs.get(page, "1.0")) for page in pages}

    monkeypatch.setattr(other_machines, "outcomes", outcomes)
    monkeypatch.setattr(differences, "read", lambda: ())
    return made


def test_all_pages_run_here_first_and_then_on_every_machine(
    two_pages: dict[str, Path], runs: list[tuple[str, list[str]]]
) -> None:
    found = [(finding.page, finding.machine) for finding in try_pages(two_pages)]
    assert runs == [(machine.name, sorted(two_pages)) for machine in (PLAIN, *MACHINES)]
    assert found == [("plot_b", "avx2")]  # with another seed its numbers are others


def test_no_machine_is_started_for_no_page(
    two_pages: dict[str, Path], runs: list[tuple[str, list[str]]]
) -> None:
    list(try_pages(two_pages, one_each=True))
    assert runs[0] == (PLAIN.name, sorted(two_pages))
    assert sorted(page for _, pages in runs[1:] for page in pages) == sorted(two_pages)
    assert all(pages for _, pages in runs)


def test_a_stated_difference_of_no_output_is_a_finding(
    two_pages: dict[str, Path],
    runs: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = differences.Stated("plot_a", "9.9", "It may.", Tolerance())
    monkeypatch.setattr(differences, "read", lambda: (entry,))
    *_, last = try_pages(two_pages)
    assert runs
    assert (last.page, last.machine) == ("differences.toml", PLAIN.name)
    assert "an output of plot_a with '9.9'" in last.what


def test_a_page_really_runs_on_a_machine(tmp_path: Path) -> None:
    page = tmp_path / "plot_a.py"
    page.write_text(HEAD + "print(torch.get_num_threads())\n", encoding="utf-8")
    machine = next(machine for machine in MACHINES if machine.name == "four-threads")
    said = run_on(machine, {"plot_a": page})["plot_a"]
    assert said["failure"] is None
    assert [output["text"] for output in said["outputs"]] == ["4"]
