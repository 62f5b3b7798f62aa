"""Run every page on the CPU and on this machine's accelerator, and report what differs.

Values are drawn on the CPU and moved, so both runs start from the same numbers; what may differ is rounding. Two
outputs agree when their words are the same and their numbers are close. Prose that names a node of the CPU is reported
too. The report is printed, kept in ``build/``, and shown in the summary of a job.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from facts.errors import BuildError
from facts.folders import BUILD, DOCS
from facts.run_record import DEVICE_VARIABLE
from sitebuild.checks.agreement import ABSOLUTE, RELATIVE
from sitebuild.checks.findings import Finding, add_to_summary, as_markdown, findings
from sitebuild.checks.machines import PLAIN
from sitebuild.checks.node_names import names_in
from sitebuild.checks.pages import Outcome, outcomes, sources
from sitebuild.checks.prose_names import foreign_names
from sitebuild.checks.recorded import Pair, numbers_of, record

REPORT = BUILD / "compare-devices.md"

_ASK = """
import json, pathlib, platform, autograd_vi, torch
device = autograd_vi.pick_device()
about = pathlib.Path("/proc/cpuinfo")
lines = about.read_text().splitlines() if about.exists() else []
models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
name = torch.cuda.get_device_name(0) if device.type == "cuda" else device.type
cpu = models[0] if models else platform.processor() or platform.machine()
print(json.dumps({"device": str(device), "cpu": cpu, "name": name, "torch": torch.__version__}))
"""


def machine() -> dict[str, str]:
    """Return this machine's accelerator (``cpu`` where it has none), and the names of both and of torch.

    Raises:
        BuildError: torch cannot say.
    """
    environment = {key: value for key, value in os.environ.items() if key != DEVICE_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"the devices of this machine could not be asked: {done.stderr.strip()}")
    said: dict[str, str] = json.loads(done.stdout)
    return said


def run_on(device: str, pages: Mapping[str, Path]) -> dict[str, Outcome]:
    """Run ``pages`` on ``device`` of this machine and return what came of each."""
    module = ["sitebuild.checks.run_pages", PLAIN.name]
    return outcomes(module, pages, {DEVICE_VARIABLE: device}, what=f"the run on {device}")


def _names(outcome: Outcome) -> set[str]:
    shown = (each for output in outcome["outputs"] for each in (output["text"], output["html"]))
    return set().union(*map(names_in, shown))


def prose_findings(
    device: str,
    pages: Mapping[str, Path],
    on_cpu: Mapping[str, Outcome],
    on_device: Mapping[str, Outcome],
) -> list[Finding]:
    """Return where a page's prose, or a picture beside the pages, names a node that ``device`` names otherwise."""
    found = []
    for page, path in pages.items():
        names = _names(on_cpu[page]), _names(on_device[page])
        for line, name in foreign_names(path, *names):
            found.append(Finding(page, line, device, f"the prose names {name}, a node of the CPU"))
    everywhere = set().union(*map(_names, on_device.values()))
    for picture in sorted([*DOCS.glob("_static/**/*.svg"), *DOCS.glob("g*/**/*.svg")]):
        for line, name in foreign_names(picture, set(), everywhere):
            where = picture.relative_to(DOCS).as_posix()
            found.append(
                Finding(where, line, device, f"the picture names {name}, a node of the CPU")
            )
    return found


def report(device: str, pages: int, found: list[Finding]) -> str:
    """Return the report in Markdown."""
    about = f"Numbers may differ by {RELATIVE} of themselves and by {ABSOLUTE}; the first text is that of the CPU."
    return as_markdown(f"{pages} pages on cpu and {device}: {len(found)} findings", about, found)


def main(keep_in: Path | None = None) -> int:
    """Compare the CPU with this machine's accelerator; return 1 where a page fails or an output differs.

    Args:
        keep_in: the file that the numbers are added to which differ, such as ``docs/recorded_numbers.toml``.

    Raises:
        BuildError: torch cannot name the devices, or a run died.
    """
    about = machine()
    device = about["device"]
    if device == "cpu":
        print("this machine has one device only, the CPU: there is nothing to compare")
        return 0
    pages = sources()
    on_cpu, on_device = (run_on(name, pages) for name in ("cpu", device))
    found = findings("cpu", {}, on_cpu) + findings(device, on_cpu, on_device)
    found += prose_findings(device, pages, on_cpu, on_device)
    print(*found, sep="\n")
    text = report(device, len(pages), found)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text, encoding="utf-8")
    add_to_summary(text)
    if keep_in:
        names = Pair(about["cpu"], about["name"], about["torch"])
        record(numbers_of(names, on_cpu, on_device), keep_in)
    print(f"compare-devices: {len(pages)} pages on cpu and {device}, {len(found)} findings")
    return 1 if found else 0
