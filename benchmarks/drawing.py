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
import json
import os
import platform
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch
import torchvision
from torch import nn

PAGE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "drawing-benchmark.md"
SECONDS = 60.0
MEGABYTES = 4_000
REPEAT = 1.0  # seconds
TIMES = 25

Case = Callable[[], tuple[nn.Module, torch.Tensor]]


def grouped(number: float) -> str:
    """Return a whole number in groups of three digits with narrow spaces.

    A comma would be read as the decimal comma in some of the site's languages.
    """
    return f"{number:,.0f}".replace(",", "\u202f")


class _Expression(nn.Module):
    """Applies a function to its input, which is the only leaf."""

    def __init__(self, function: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.function = function

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.function(x)


def _chain(n: int) -> Case:
    def run(x: torch.Tensor) -> torch.Tensor:
        for _ in range(n):
            x = x * 1.0
        return x

    return lambda: (_Expression(run), torch.ones((), requires_grad=True))


def _shared(x: torch.Tensor) -> torch.Tensor:
    y = x * 2
    return torch.as_tensor(sum(y for _ in range(50_000)))


def _doublings(x: torch.Tensor) -> torch.Tensor:
    for _ in range(60):
        x = x + x
    return x


def _resnet(make: Callable[[], nn.Module]) -> Case:
    return lambda: (make(), torch.rand(1, 3, 64, 64))


# The keys are what stands in the table; names are marked as such, so that no language translates them.
CASES: dict[str, Case] = {
    "$a x^2 - y^2$": lambda: (
        _Expression(lambda x: x[0] * x[1] ** 2 - x[2] ** 2),
        torch.tensor([2.0, 3.0, 4.0], requires_grad=True),
    ),
    "`ResNet18`": _resnet(torchvision.models.resnet18),
    "`ResNet152`": _resnet(torchvision.models.resnet152),
    f"a chain of {grouped(10_000)}": _chain(10_000),
    f"a chain of {grouped(100_000)}": _chain(100_000),
    f"one node used {grouped(50_000)} times": lambda: (
        _Expression(_shared),
        torch.ones((), requires_grad=True),
    ),
    "60 doublings": lambda: (_Expression(_doublings), torch.ones((), requires_grad=True)),
}


def _load(name: str) -> Any:  # noqa: ANN401 (the peers ship no types)
    return import_module(name)


def _ours(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("autograd_vi")
    _load("autograd_vi.render")
    output = model(x).sum()
    if picture:
        return lambda: tool.trace(output, model).to_svg()
    return lambda: tool.trace(output, model).to_dot()


def _torchviz(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchviz")
    output = model(x).sum()
    params = dict(model.named_parameters())
    if picture:
        return lambda: tool.make_dot(output, params=params).pipe(format="svg")
    return lambda: tool.make_dot(output, params=params).source


def _torchview(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchview")

    def run() -> object:
        # It leaves operations out unless asked for, and a chain would be one box.
        graph = tool.draw_graph(
            model, input_data=x, depth=10, hide_module_functions=False
        ).visual_graph
        return graph.pipe(format="svg") if picture else graph.source

    return run


def _torchlens(model: nn.Module, x: torch.Tensor, *, picture: bool) -> Callable[[], object]:
    tool = _load("torchlens")
    place = tempfile.TemporaryDirectory()

    def run() -> object:
        trace = tool.trace(model, x)
        trace.log_backward(trace[trace.output_layers[0]].out.sum())
        if picture:
            trace.draw_backward(
                vis_outpath=f"{place.name}/graph", vis_save_only=True, vis_fileformat="svg"
            )
            return Path(place.name, "graph.svg").read_bytes()
        return trace

    return run


OURS = "autograd-vi"
TOOLS = {OURS: _ours, "torchviz": _torchviz, "torchview": _torchview, "torchlens": _torchlens}


@dataclass(frozen=True)
class Result:
    """What became of one run: the time and memory that it took, or what stopped it."""

    seconds: float | None = None
    megabytes: float | None = None
    end: str = ""

    @property
    def time_cell(self) -> str:
        """Milliseconds, or what stopped the run."""
        return self.end if self.seconds is None else _three_digits(self.seconds * 1e3)

    @property
    def memory_cell(self) -> str:
        """Megabytes, or a dash."""
        return "–" if self.megabytes is None else grouped(max(0, self.megabytes))


OVER_TIME = Result(end=f"> {grouped(SECONDS * 1e3)}")
OVER_MEMORY = Result(end=f"> {grouped(MEGABYTES)}\u202f`MB`")


def _three_digits(number: float) -> str:
    if number >= 100:
        return grouped(float(f"{number:.3g}"))
    return f"{number:#.3g}"


def _cpu_seconds_so_far() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def measure(case: str, tool: str, *, picture: bool) -> None:
    """Run one case in this process; print seconds and extra memory in MB, or the error, as JSON."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    before = peak = 0
    times: list[float] = []
    # Short runs are repeated on fresh graphs; the median leaves the costs of the first calls out.
    while not times or (sum(times) < REPEAT and len(times) < TIMES):
        model, x = CASES[case]()
        run = TOOLS[tool](model.eval(), x, picture=picture)
        before = before or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = _cpu_seconds_so_far()
        try:
            run()
        except Exception as error:  # noqa: BLE001 (whatever a tool raises is its result)
            print(json.dumps({"error": type(error).__name__}), flush=True)
            os._exit(0)
        times.append(_cpu_seconds_so_far() - start)
        # A repeated run has its model in memory twice, so the first one alone counts here.
        peak = peak or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = statistics.median(times)
    print(json.dumps({"seconds": seconds, "megabytes": (peak - before) / 1024}), flush=True)
    os._exit(0)  # freeing a deep graph that another tool has walked may crash; that is not asked


def run_case(case: str, tool: str, *, picture: bool) -> Result:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", case, "--tool", tool]
    process = subprocess.Popen(
        command + ["--picture"] * picture,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    watch = _Watch(process)
    watch.start()
    out, _ = process.communicate()
    watch.join()
    if watch.verdict is not None:
        return watch.verdict
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        return Result(end=f"`{signal.Signals(-process.returncode).name}`")
    result = json.loads(lines[-1])
    if "error" in result:
        return Result(end=f"`{result['error']}`")
    return Result(result["seconds"], result["megabytes"] + watch.children_peak)


class _Watch(threading.Thread):
    """Ends a process that takes too long or too much, and what it has started.

    Also notes the most memory that one of the programs it starts has used; one that runs for less
    than the pause between two looks may be missed.
    """

    PAUSE = 0.02

    def __init__(self, process: subprocess.Popen[str]) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.verdict: Result | None = None
        self.children_peak = 0.0

    def run(self) -> None:
        """Look until the process has ended."""
        pid = self.process.pid
        while self.process.poll() is None:
            children = _descendants(pid)
            for child in children:
                if _program(child) not in {
                    "",
                    _program(pid),
                }:  # else not yet the program it will be
                    self.children_peak = max(self.children_peak, _megabytes(child, "VmHWM"))
            family = [pid, *children]
            if sum(map(_cpu_seconds, family)) > SECONDS:
                self.verdict = OVER_TIME
            elif sum(_megabytes(one, "VmRSS") for one in family) > MEGABYTES:
                self.verdict = OVER_MEMORY
            if self.verdict:
                self.process.kill()
                for child in children:
                    _kill(child)
                return
            time.sleep(self.PAUSE)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except OSError:  # it has ended
        return ""


def _program(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/exe").readlink())
    except OSError:
        return ""


def _descendants(pid: int) -> list[int]:
    """Return the processes that ``pid``, any of its threads or its children have started."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        parent = waiting.pop()
        try:
            tasks = [task.name for task in Path(f"/proc/{parent}/task").iterdir()]
        except OSError:  # it has ended
            continue
        for task in tasks:
            children = [int(child) for child in _read(parent, f"task/{task}/children").split()]
            found += children
            waiting += children
    return found


def _cpu_seconds(pid: int) -> float:
    """Return the time of a process and of those that it has started and that have ended."""
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int, what: str) -> float:
    found = [line.split()[1] for line in _read(pid, "status").splitlines() if line.startswith(what)]
    return int(found[0]) / 1024 if found else 0.0


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
    others = [one.seconds for tool, one in row.items() if tool != OURS and one.seconds is not None]
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
