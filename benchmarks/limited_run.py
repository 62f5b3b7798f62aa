"""Run a program in a process of its own, with a limit on CPU time and memory; Linux only.

Both are counted with the programs that it starts.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from digit_groups import grouped

SECONDS = 60.0
MEGABYTES = 4_000


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


def run_limited(command: Sequence[str]) -> Result:
    """Run ``command``, which prints seconds and megabytes, or an error, as the last of its lines in JSON."""
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
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
            elif sum(_megabytes(member, "VmRSS") for member in family) > MEGABYTES:
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
