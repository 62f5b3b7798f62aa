"""Run every page on the CPU and on this machine's accelerator, and report the outputs that differ.

Values are drawn on the CPU and moved, so both runs start from the same numbers; what may differ is rounding. Two
outputs agree when their words are the same and their numbers are close.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from facts.curriculum import read_curriculum
from facts.errors import BuildError
from facts.folders import ROOT
from facts.generated import printed
from facts.run_record import DEVICE_VARIABLE

RELATIVE = 1e-3
ABSOLUTE = 1e-5
"""float32 keeps seven digits; sums over many terms on another device keep fewer. The pages show four."""

_DEVICE = re.compile(r",?\s*device='[a-z]+(:\d+)?'")
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+\.?\d*(?:[eE][-+]?\d+)?|inf|nan)(?![\w])")


@dataclass(frozen=True)
class Difference:
    """Where the outputs of a page differ."""

    page: str
    output: int
    """The output's number on the page, from 1."""
    cpu: str
    device: str

    def __str__(self) -> str:
        return f"{self.page}, output {self.output}:\n  {self.cpu}\n  {self.device}"


def words_and_numbers(text: str) -> tuple[str, list[float]]:
    """Return ``text`` without devices and numbers, its spaces folded, and the numbers in order."""
    plain = _DEVICE.sub("", text)
    numbers = [float(found) for found in _NUMBER.findall(plain)]
    return " ".join(_NUMBER.sub("#", plain).split()), numbers


def agree(first: str, second: str, relative: float = RELATIVE, absolute: float = ABSOLUTE) -> bool:
    """Whether two outputs say the same: the same words, and numbers within the tolerance."""
    words, numbers = words_and_numbers(first)
    other_words, other_numbers = words_and_numbers(second)
    return words == other_words and all(
        (math.isnan(a) and math.isnan(b)) or math.isclose(a, b, rel_tol=relative, abs_tol=absolute)
        for a, b in zip(numbers, other_numbers, strict=True)
    )


def compare(page: str, first: list[str], second: list[str]) -> Iterator[Difference]:
    """Yield the outputs of ``page`` that do not agree; a missing one does not."""
    for number in range(max(len(first), len(second))):
        a = first[number] if number < len(first) else "(no output)"
        b = second[number] if number < len(second) else "(no output)"
        if not agree(a, b):
            yield Difference(page, number + 1, a, b)


def accelerator() -> str | None:
    """Return the device that this machine has beside the CPU, or None."""
    script = "import autograd_vi; print(autograd_vi.pick_device())"
    environment = {key: value for key, value in os.environ.items() if key != DEVICE_VARIABLE}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BuildError(f"the devices of this machine could not be asked: {done.stderr.strip()}")
    name = done.stdout.strip()
    return None if name == "cpu" else name


def _run_on(device: str, folder: Path) -> dict[str, list[str]]:
    """Run all pages on ``device`` in a copy of the project and return their outputs by page."""
    ignore = shutil.ignore_patterns("build", ".venv", ".git", "__pycache__")
    copy = Path(shutil.copytree(ROOT, folder / device.replace(":", "_"), ignore=ignore))
    shutil.rmtree(copy / "docs" / "gallery", ignore_errors=True)
    done = subprocess.run(
        [sys.executable, "-m", "sitebuild", "run"],
        cwd=copy / "docs",
        env=os.environ | {DEVICE_VARIABLE: device, "PYTHONPATH": str(copy / "src")},
        check=False,
    )
    if done.returncode:
        raise BuildError(f"the pages do not run on {device}: the message above names the script")
    return {
        page.docname: printed((copy / "docs" / f"{page.docname}.rst").read_text(encoding="utf-8"))
        for chapter in read_curriculum()
        for page in chapter.pages
    }


def main() -> int:
    """Compare the CPU with this machine's accelerator; return 1 if an output differs."""
    device = accelerator()
    if device is None:
        print("this machine has one device only, the CPU: there is nothing to compare")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        on_cpu, on_device = (_run_on(name, Path(folder)) for name in ("cpu", device))
    found = [
        difference for page in on_cpu for difference in compare(page, on_cpu[page], on_device[page])
    ]
    print(*found, sep="\n")
    print(
        f"{len(on_cpu)} pages on cpu and {device}: {len(found)} outputs differ "
        f"by more than {RELATIVE} (relative) and {ABSOLUTE} (absolute)"
    )
    return 1 if found else 0
