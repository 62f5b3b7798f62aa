"""Numbers that the pages printed on machines that a reader may not have: ``docs/recorded_numbers.toml``.

The page "Same numbers, other machine" shows them. ``make compare-devices RECORD=docs/recorded_numbers.toml`` adds those
of this machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from facts.recorded_numbers import HEADER, Number, Seen, read
from facts.whole_file import write_whole
from sitebuild.checks.agreement import without_devices
from sitebuild.checks.pages import Outcome


@dataclass(frozen=True)
class Pair:
    """The two machines of a comparison, by the names that a reader knows, and their torch."""

    cpu: str
    device: str
    torch: str


def differing_lines(outcome: Outcome, other: Outcome) -> Iterator[tuple[str, str, str]]:
    """Yield the printed lines of a page that differ in their numbers: what they have in common, and both ends."""
    there = {output["line"]: output["text"] for output in other["outputs"]}
    for output in outcome["outputs"]:
        texts = output["text"], there.get(output["line"], "")
        first, second = (without_devices(text).splitlines() for text in texts)
        if len(first) != len(second):
            continue
        for a, b in zip(first, second, strict=True):
            if a != b:
                same = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
                end = max(a.rfind(" ", 0, same), 0)
                yield a[:end].strip(" =[") or "…", a[end:].strip(), b[end:].strip()


def numbers_of(
    machines: Pair, on_cpu: Mapping[str, Outcome], on_device: Mapping[str, Outcome]
) -> list[Number]:
    """Return the numbers of all pages that differ between the two machines."""
    return [
        Number(
            page,
            what,
            (Seen(machines.cpu, machines.torch, a), Seen(machines.device, machines.torch, b)),
        )
        for page, outcome in on_cpu.items()
        for what, a, b in differing_lines(outcome, on_device[page])
    ]


def merged(old: Iterable[Number], new: Iterable[Number]) -> list[Number]:
    """Return all numbers; what a machine showed before gives way to what it shows now."""
    found = {
        (number.page, number.what): {each.machine: each for each in number.seen} for number in old
    }
    for number in new:
        found.setdefault((number.page, number.what), {}).update(
            {each.machine: each for each in number.seen}
        )
    return [Number(page, what, tuple(seen.values())) for (page, what), seen in found.items()]


def as_toml(numbers: Iterable[Number]) -> str:
    """Return the numbers as the file holds them."""
    lines = [HEADER]
    for number in numbers:
        lines += [
            "",
            "[[number]]",
            f"page = {_quoted(number.page)}",
            f"what = {_quoted(number.what)}",
        ]
        for each in number.seen:
            values = {"machine": each.machine, "torch": each.torch, "shows": each.shows}
            lines.append("[[number.seen]]")
            lines += [f"{key} = {_quoted(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # A basic string of TOML is one of JSON, once no letter is escaped.
    return json.dumps(text, ensure_ascii=False)


def record(numbers: Iterable[Number], path: Path) -> None:
    """Add ``numbers`` to the file, or begin it."""
    old = read(path) if path.exists() else ()
    write_whole(path, as_toml(merged(old, numbers)))
