"""Compare drawing a graph with torchviz, torchview and torchlens.

    pip install -e ".[bench]"
    python benchmarks/drawing.py

Two things are measured: how long it takes until there is a picture, an SVG with every box in its
place, and until there is text for Graphviz. The others let Graphviz's program `dot` place the
boxes, so it must be on the PATH.

Each case runs in a process of its own, with a limit on CPU time and memory, both counted with the
programs that it starts; Linux only. Times are CPU times, which other work on the machine disturbs
little, with one thread for torch. torchview and torchlens trace the forward pass themselves, so
theirs includes one; torchlens also runs the backward pass. torchlens gives no text without laying it
out: for the text its recording alone is timed.

The whole page docs/guide/drawing-benchmark.md is written anew. Its sentences are the same whatever
the numbers are, so that a translation stays valid.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import torch
import torchvision

from digit_groups import grouped
from drawn_graphs import CASES, OURS, TIMES, TOOLS, measure
from limited_run import MEGABYTES, Result, run_limited

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "drawing-benchmark.md"


def run_case(case: str, tool: str, *, picture: bool) -> Result:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", case, "--tool", tool]
    return run_limited(command + ["--picture"] * picture)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def _graphviz() -> str:
    """Return the version of Graphviz."""
    program = shutil.which("dot")
    if program is None:
        raise SystemExit("the pictures of the others need Graphviz's program dot on the PATH")
    told = subprocess.run([program, "-V"], capture_output=True, text=True, check=True).stderr
    return told.split("version")[1].split()[0]


Results = dict[str, dict[str, Result]]


def factor(row: dict[str, Result]) -> float | None:
    """Return how many times as long as ours the fastest of the others takes; None if none finishes."""
    ours = row[OURS].seconds
    others = [
        result.seconds
        for tool, result in row.items()
        if tool != OURS and result.seconds is not None
    ]
    return min(others) / ours if ours and others else None


def table(results: Results, cell: str, *, compare: bool = False) -> str:
    """Return one table; ``cell`` names the property of a result that it shows.

    With ``compare``, the last column tells how ours compares on each graph, and the last row how
    many graphs each tool finishes.
    """
    tools = list(next(iter(results.values())))
    heads = [f"`{tool}`" for tool in tools] + ["×"] * compare
    lines = [f"| graph | {' | '.join(heads)} |", "| --- |" + " ---: |" * len(heads)]
    for case, row in results.items():
        cells = [getattr(row[tool], cell) for tool in tools]
        if compare:
            found = factor(row)
            cells.append("–" if found is None else f"{found:.2g}" if found < 10 else grouped(found))
        lines.append(f"| {case} | {' | '.join(cells)} |")
    if compare:
        finished = [
            sum(row[tool].seconds is not None for row in results.values()) for tool in tools
        ]
        counts = [f"{n} / {len(results)}" for n in finished]
        lines.append(f"| graphs finished | {' | '.join(counts)} | |")
    return "\n".join(lines)


TEXT = """\
(drawing-benchmark)=

# How fast a graph is drawn

Other tools draw PyTorch's graphs too. This page compares ours with three of them. One command makes it anew:

```console
python benchmarks/drawing.py
```

## What is compared

- `autograd-vi` walks the graph of the backward pass, which is there already. It folds modules and long runs of
  operations, puts the boxes that are left in their places, and draws them. All of it is our own Python.
- `torchviz` walks the same graph and draws every node. The program `dot` of Graphviz places the boxes.
- `torchview` draws the modules and operations of the forward pass. It runs that pass itself, and its time includes it.
  `dot` places the boxes.
- `torchlens` runs the forward and the backward pass, keeps all values, and draws the graph of the backward pass with
  `dot`. Its time includes both passes. It does more than is compared here.

So they do not all do the same work. Folding makes a picture with few boxes even of a large graph, and that is a large
part of the difference. On a small graph, a large part of it is the time that `dot` takes to start.

Each run has a process of its own. It ends after a minute of CPU time, loading included, or at {megabytes} MB of
memory. The name of an error in a cell tells what ended the run. A short run draws up to {times} fresh graphs within a
second, and its time is their median. So the first drawing, which takes longer, hardly matters.

The column × tells how many times as long as ours the fastest of the others takes. We want at least ten. Below 1, that
one is faster than ours. From one run to another, such a factor may differ by a third. The last row of a table tells how
many graphs each tool finishes.

## Until there is a picture

The result is an SVG with every box in its place. The time of `dot` counts.

CPU time in milliseconds:

{picture_times}

Extra memory in MB:

{picture_memory}

## Until there is text for Graphviz

Here no box has its place yet. `torchlens` gives no such text without a picture, so its column is the recording alone.

CPU time in milliseconds:

{text_times}

Extra memory in MB:

{text_memory}

## Versions

Each run used one CPU thread, and these versions:

{versions}
"""


def page(pictures: Results, texts: Results, graphviz: str) -> str:
    """Return the page."""
    versions = {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        **{tool: _version(tool) for tool in TOOLS},
        "Graphviz": graphviz,
    }
    return TEXT.format(
        megabytes=grouped(MEGABYTES),
        times=TIMES,
        picture_times=table(pictures, "time_cell", compare=True),
        picture_memory=table(pictures, "memory_cell"),
        text_times=table(texts, "time_cell", compare=True),
        text_memory=table(texts, "memory_cell"),
        versions="\n".join(f"- `{name} {number}`" for name, number in versions.items()),
    )


def compare() -> tuple[Results, Results]:
    """Run everything; return what became of the pictures and of the texts."""
    pictures: Results = {case: {} for case in CASES}
    texts: Results = {case: {} for case in CASES}
    for case in CASES:
        for tool in TOOLS:
            text = texts[case][tool] = run_case(case, tool, picture=False)
            print(f"{case}: {tool}: text: {text.time_cell} ms, {text.memory_cell} MB", flush=True)
            # What ends on the way to the text never gets to the picture.
            drawn = tool == OURS or text.seconds is not None
            picture = run_case(case, tool, picture=True) if drawn else text
            pictures[case][tool] = picture
            print(
                f"{case}: {tool}: SVG: {picture.time_cell} ms, {picture.memory_cell} MB", flush=True
            )
    return pictures, texts


def main() -> None:
    """Run all cases, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--tool", choices=TOOLS)
    parser.add_argument("--picture", action="store_true", help="make the SVG, not only the text")
    parser.add_argument("--page", type=Path, default=PAGE, help="where the tables are written")
    options = parser.parse_args()
    if options.case and options.tool:
        measure(options.case, options.tool, picture=options.picture)
        return
    graphviz = _graphviz()
    pictures, texts = compare()
    options.page.write_text(page(pictures, texts, graphviz), encoding="utf-8")


if __name__ == "__main__":
    main()
