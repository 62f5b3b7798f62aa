"""What two runs of the pages, on two machines, say against each other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sitebuild.checks import differences
from sitebuild.checks.agreement import agree
from sitebuild.checks.node_names import NAME, meanings
from sitebuild.checks.pages import Outcome

SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY"
"""Where a job of GitHub Actions finds the file for its summary."""


@dataclass(frozen=True)
class Finding:
    """Where a page does not hold on a machine."""

    page: str
    line: int
    """The line of the page; that of the cell, where an output differs."""
    machine: str
    what: str
    texts: tuple[str, ...] = ()
    """The two outputs, where they differ."""

    def __str__(self) -> str:
        shown = (text.replace("\n", "\n  ") for text in self.texts)
        where = f"{self.page}:{self.line}, on {self.machine}: "
        return "\n  ".join([where + self.what, *shown])

    def as_markdown(self) -> str:
        """Return the finding as a section for the summary of a job."""
        blocks = [f"````text\n{text}\n````" for text in self.texts]
        heading = f"### `{self.page}`, line {self.line}, on {self.machine}"
        return "\n\n".join([heading, f"````text\n{self.what}\n````", *blocks])


def unlike(
    page: str, plain: Outcome, here: Outcome, stated: Iterable[differences.Stated]
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Yield the lines of the cells whose outputs do not agree, what is wrong, and both texts."""
    stated = tuple(stated)
    ran = {output["line"]: output for output in here["outputs"]}
    before = {output["line"]: output for output in plain["outputs"]}
    end = here["failure"]["cell"] if here["failure"] else float("inf")
    for line in sorted({*before, *ran}):
        if line >= end:
            break  # the page failed there, and that is told already
        nothing = {"text": "(no output)", "html": ""}
        expected, shown = before.get(line, nothing), ran.get(line, nothing)
        tolerance = differences.tolerance(stated, page, expected["text"] + expected["html"])
        if not agree(expected["text"], shown["text"], tolerance):
            yield line, "the output differs", (expected["text"], shown["text"])
        pictures = [NAME.findall(each["html"]) for each in (expected, shown)]
        other_names = tolerance is not None and tolerance.names
        if not other_names and meanings(pictures[0]) != meanings(pictures[1]):
            yield line, "the picture has other operations", tuple(map(_counted, pictures))


def _counted(names: list[str]) -> str:
    return ", ".join(f"{name} ×{names.count(name)}" for name in sorted(set(names)))


def findings(
    machine: str, plain: Mapping[str, Outcome], here: Mapping[str, Outcome]
) -> list[Finding]:
    """Return where the pages that ran on ``machine`` failed, or showed something else than ``plain``.

    Args:
        machine: its name.
        plain: the outcomes to compare with; pages that are not in it are not compared.
        here: the outcomes on the machine.
    """
    stated, found = differences.read(), []
    for page, outcome in here.items():
        if failure := outcome["failure"]:
            found.append(Finding(page, failure["line"], machine, failure["error"]))
        if page in plain:
            found += [
                Finding(page, line, machine, what, texts)
                for line, what, texts in unlike(page, plain[page], outcome, stated)
            ]
    return found


def as_markdown(title: str, about: str, found: Iterable[Finding]) -> str:
    """Return a report of findings: a title, what to know, and a section each."""
    return "\n\n".join([f"## {title}", about, *(finding.as_markdown() for finding in found)]) + "\n"


def add_to_summary(text: str) -> None:
    """Append ``text`` to the summary of the job, if this is one."""
    if summary := os.environ.get(SUMMARY_VARIABLE):
        with Path(summary).open("a", encoding="utf-8") as file:
            file.write(text)
