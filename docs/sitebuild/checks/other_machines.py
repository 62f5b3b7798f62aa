"""Try the pages on machines that one does not have, each imitated on this one.

Every assert of a page has to hold on every machine. Where a machine changes nothing but rounding and names, the outputs
have to agree with those of this machine too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from facts.folders import DIFFERENCES_FILE
from sitebuild.checks import differences
from sitebuild.checks.findings import Finding, add_to_summary, as_markdown, findings
from sitebuild.checks.machines import MACHINES, PLAIN, Machine, of_page
from sitebuild.checks.pages import Outcome, chosen, outcomes, sources


def run_on(machine: Machine, some: Mapping[str, Path]) -> dict[str, Outcome]:
    """Run pages on ``machine`` and return what came of each."""
    module = ["sitebuild.checks.run_pages", machine.name]
    return outcomes(module, some, machine.environment, what=f"the run on {machine.name}")


def plan(pages: Mapping[str, Path], *, one_each: bool) -> list[tuple[Machine, dict[str, Path]]]:
    """Return which pages are tried on which machines: all on all, or each page on one of them."""
    if not one_each:
        return [(machine, dict(pages)) for machine in MACHINES]
    chosen = {name: of_page(name, path.read_text(encoding="utf-8")) for name, path in pages.items()}
    return [
        (machine, {name: path for name, path in pages.items() if chosen[name] is machine})
        for machine in MACHINES
    ]


def try_pages(pages: Mapping[str, Path], *, one_each: bool = False) -> Iterator[Finding]:
    """Run ``pages`` here and on the other machines, and yield where they fail or differ, machine by machine."""
    plain = run_on(PLAIN, pages)
    yield from findings(PLAIN.name, {}, plain)
    for machine, some in plan(pages, one_each=one_each):
        if some:
            print(f"other-machines: {machine.name}, {len(some)} pages", flush=True)
            beside = plain if machine.same_outputs else {}
            yield from findings(machine.name, beside, run_on(machine, some))
    shown = {
        page: [output["text"] + output["html"] for output in outcome["outputs"]]
        for page, outcome in plain.items()
    }
    for complaint in differences.unused(differences.read(), shown):
        yield Finding(DIFFERENCES_FILE.name, 1, PLAIN.name, complaint)


def report(found: Iterable[Finding], tried: int) -> int:
    """Print the findings as they come, and how many pairs of page and machine were tried; return the exit status."""
    told = []
    for finding in found:
        print(finding, flush=True)
        told.append(finding)
    title = f"{tried} runs of a page on a machine, {len(told)} findings"
    print(f"other-machines: {title}")
    about = "Where an output differs, the first text is that of this machine as it is."
    add_to_summary(as_markdown(title, about, told))
    return 1 if told else 0


def main(asked: Sequence[str] = ()) -> int:
    """Try the pages that were asked for, or all, on all machines; return 1 where one fails or differs.

    Raises:
        BuildError: no page has such a name, or a run died.
    """
    pages = chosen(sources(), asked)
    return report(try_pages(pages), len(pages) * len(MACHINES))
