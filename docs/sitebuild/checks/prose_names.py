"""Names of nodes in what a page says beside its outputs: its text, and pictures that are no output.

An output is made anew on each device. A sentence is not: where it names the kernel of the CPU, it is wrong below an
output of a GPU.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from sitebuild.checks.cells import cells
from sitebuild.checks.node_names import CPU_ONLY, NAME, meaning

_TEXT = re.compile(r"<(?:text|title|desc)\b[^>]*>(.*?)</", re.DOTALL)


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a page without its code cells, or the texts of an SVG picture, with the numbers of lines."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".svg":
        yield from (
            (text.count("\n", 0, match.start()) + 1, match[1]) for match in _TEXT.finditer(text)
        )
        return
    code = {
        cell.line + offset for cell in cells(path) for offset in range(cell.code.count("\n") + 1)
    }
    for number, line in enumerate(text.splitlines(), start=1):
        if number not in code or line.lstrip().startswith("#"):
            yield number, line


def foreign_names(path: Path, on_cpu: set[str], on_device: set[str]) -> list[tuple[int, str]]:
    """Return the lines of a page's prose that name a node of the CPU which the device names otherwise.

    A page that gives the device's name too, somewhere in its prose, may give both.

    Args:
        path: the page, or a picture.
        on_cpu: the names of nodes in the page's outputs on the CPU.
        on_device: the same on the device.
    """
    lines = list(prose(path))
    said = {name for _, line in lines for name in NAME.findall(line)}
    explained = {meaning(name) for name in said & on_device}
    foreign = (on_cpu | CPU_ONLY) - on_device
    return [
        (number, name)
        for number, line in lines
        for name in NAME.findall(line)
        if name in foreign and meaning(name) not in explained
    ]
