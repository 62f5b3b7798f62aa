"""Compare drawing a graph with torchviz, torchview and torchlens.

    pip install -e ".[bench]"
    python benchmarks/drawing.py

Each case runs in a process of its own, with a limit on CPU time and memory; Linux only. Times are
CPU times of one thread, which other work on the machine disturbs little. What is measured is the
way from a graph to text that can be drawn: for us the finished SVG, and the DOT text beside it; for
torchviz and torchview the DOT text, which Graphviz must still lay out; for torchlens the recording
alone, as its drawing wants Graphviz's program. torchview and torchlens trace the forward pass
themselves, so theirs includes one; torchlens also runs the backward pass.

The table is written to docs/guide/drawing-benchmark.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
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
REPEAT = 0.5  # seconds

Case = Callable[[], tuple[nn.Module, torch.Tensor]]


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


CASES: dict[str, Case] = {
    "a·x² − y²": lambda: (
        _Expression(lambda x: x[0] * x[1] ** 2 - x[2] ** 2),
        torch.tensor([2.0, 3.0, 4.0], requires_grad=True),
    ),
    "ResNet18": _resnet(torchvision.models.resnet18),
    "ResNet152": _resnet(torchvision.models.resnet152),
    "chain of 10⁴": _chain(10_000),
    "chain of 10⁵": _chain(100_000),
    "50,000-way": lambda: (_Expression(_shared), torch.ones((), requires_grad=True)),
    "60 doublings": lambda: (_Expression(_doublings), torch.ones((), requires_grad=True)),
}


def _load(name: str) -> Any:  # noqa: ANN401 (the peers ship no types)
    return import_module(name)


def _ours_svg(model: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    tool = _load("autograd_vi")
    _load("autograd_vi.render")
    output = model(x).sum()
    return lambda: tool.trace(output, model).to_svg()


def _ours_dot(model: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    tool = _load("autograd_vi")
    _load("autograd_vi.render")
    output = model(x).sum()
    return lambda: tool.trace(output, model).to_dot()


def _torchviz(model: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    tool = _load("torchviz")
    output = model(x).sum()
    params = dict(model.named_parameters())
    return lambda: tool.make_dot(output, params=params).source


def _torchview(model: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    tool = _load("torchview")
    return lambda: tool.draw_graph(model, input_data=x, depth=10).visual_graph.source


def _torchlens(model: nn.Module, x: torch.Tensor) -> Callable[[], object]:
    tool = _load("torchlens")

    def run() -> object:
        trace = tool.trace(model, x)
        return trace.log_backward(trace[trace.output_layers[0]].out.sum())

    return run


TOOLS = {
    "autograd_vi, SVG": ("autograd-vi", _ours_svg),
    "autograd_vi, DOT": ("autograd-vi", _ours_dot),
    "torchviz": ("torchviz", _torchviz),
    "torchview": ("torchview", _torchview),
    "torchlens": ("torchlens", _torchlens),
}


def measure(case: str, tool: str) -> None:
    """Run one case in this process; print seconds and extra memory in MB, or the error, as JSON."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    before = 0
    times: list[float] = []
    # Short runs are repeated on fresh graphs; the median leaves a first call's costs out.
    while not times or (sum(times) < REPEAT and len(times) < 9):
        model, x = CASES[case]()
        run = TOOLS[tool][1](model.eval(), x)
        before = before or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.process_time()
        try:
            run()
        except Exception as error:  # noqa: BLE001 (whatever a tool raises is its result)
            print(json.dumps({"error": type(error).__name__}))
            return
        times.append(time.process_time() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    seconds = statistics.median(times)
    print(json.dumps({"seconds": seconds, "megabytes": peak / 1024}), flush=True)
    os._exit(0)  # freeing a deep graph that another tool has walked may crash; that is not asked


def run_case(case: str, tool: str) -> str:
    """Run one case in a process of its own and return the table's cell."""
    command = [sys.executable, __file__, "--case", case, "--tool", tool]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    verdict: list[str] = []
    watch = threading.Thread(target=_watch, args=(process, verdict), daemon=True)
    watch.start()
    out, _ = process.communicate()
    watch.join()
    if verdict:
        return verdict[0]
    lines = [line for line in out.splitlines() if line.startswith("{")]
    if not lines:
        return f"crash ({process.returncode})"
    result = json.loads(lines[-1])
    if "error" in result:
        return str(result["error"])
    return f"{_seconds(result['seconds'])}, {max(0, round(result['megabytes']))} MB"


def _watch(process: subprocess.Popen[str], verdict: list[str]) -> None:
    status, stat = (Path(f"/proc/{process.pid}/{name}") for name in ("status", "stat"))
    while process.poll() is None:
        if _cpu_seconds(stat) > SECONDS:
            verdict.append(f"over {SECONDS:g} s")
        elif _resident(status) > MEGABYTES:
            verdict.append(f"over {MEGABYTES:,} MB")
        if verdict:
            process.kill()
            return
        time.sleep(0.1)


def _cpu_seconds(stat: Path) -> float:
    try:
        fields = stat.read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(status: Path) -> float:
    try:
        lines = status.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS")]
    return int(found[0]) / 1024 if found else 0.0


def _seconds(seconds: float) -> str:
    return f"{seconds * 1e3:.3g} ms" if seconds < 1 else f"{seconds:.3g} s"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"


def table(results: dict[str, dict[str, str]]) -> str:
    """Return the page."""
    heads = [f"{tool} {_version(TOOLS[tool][0])}" for tool in TOOLS]
    rows = [
        f"| {case} | " + " | ".join(results[case][tool] for tool in TOOLS) + " |"
        for case in results
    ]
    machine = f"Python {platform.python_version()}, torch {torch.__version__}, one CPU thread"
    return "\n".join(
        [
            "(drawing-benchmark)=",
            "",
            "# How fast a graph is drawn",
            "",
            f"`python benchmarks/drawing.py` makes this table ({machine}). Each cell is the CPU time "
            "and the extra memory of one run in a process of its own.",
            f"A run ends after {SECONDS:g} seconds of CPU time, loading included, or at {MEGABYTES:,} MB.",
            "",
            "Our SVG column includes the layout. The columns of torchviz and torchview stop at text "
            "for Graphviz, which then has to lay it out. The column of torchlens is the recording "
            "alone, as its drawing starts Graphviz. torchview draws modules and operations of the forward "
            "pass, not the autograd graph. torchview and torchlens run the forward pass "
            "themselves, and torchlens runs the backward pass too; their times include that.",
            "",
            "| graph | " + " | ".join(heads) + " |",
            "| --- " * (len(heads) + 1) + "|",
            *rows,
            "",
        ]
    )


def main() -> None:
    """Run all cases, or one of them in this process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--case", choices=CASES)
    parser.add_argument("--tool", choices=TOOLS)
    parser.add_argument("--page", type=Path, default=PAGE, help="where the table is written")
    options = parser.parse_args()
    if options.case and options.tool:
        measure(options.case, options.tool)
        return
    results: dict[str, dict[str, str]] = {}
    for case in CASES:
        results[case] = {}
        for tool in TOOLS:
            results[case][tool] = run_case(case, tool)
            print(f"{case}: {tool}: {results[case][tool]}", flush=True)
    options.page.write_text(table(results), encoding="utf-8")


if __name__ == "__main__":
    main()
