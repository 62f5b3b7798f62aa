"""Remember which line of a program created an operation."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from linecache import getline
from os.path import basename
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.autograd import graph as torch_graph

from autograd_vi.guards import AccumulateGrad, guard, metadata_of

if TYPE_CHECKING:
    from torch.autograd.graph import Node

KEY = "autograd_vi.source"
# Whole folders: torchvision's begins with the same letters, and is not torch. functorch comes with torch.
_SITE = Path(torch.__file__).parent.parent
LIBRARIES = tuple(str(_SITE / name) + os.sep for name in ("torch", "functorch"))
"""Folders whose lines are no lines of a program."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The line of a program that created an operation.

    Attributes:
        file: the file's base name, never its path.
        line: the line's number, from 1.
        text: the line without its indentation; empty where the file cannot be read.
    """

    file: str
    line: int
    text: str


class _Recorder:
    """Knows whether any source was ever recorded: otherwise no node needs to be asked."""

    used = False

    def remember(self, node: Node) -> None:
        """Keep the line of the program that is creating ``node``, which is the first outside torch."""
        if type(node) is AccumulateGrad:
            return
        guard(node, node.next_functions)
        frame = sys._getframe().f_back
        while frame is not None and frame.f_code.co_filename.startswith(LIBRARIES):
            frame = frame.f_back
        if frame is not None:
            metadata_of(node)[KEY] = (frame.f_code.co_filename, frame.f_lineno)


recorder = _Recorder()


@contextmanager
def record_sources() -> Iterator[None]:
    """Record for every operation inside the ``with`` block the line that created it.

    ``trace`` then finds the line in the graph's nodes. It costs some microseconds an operation. In
    a torch without ``torch.autograd.graph.node_creation_hook`` nothing is recorded.
    """
    # New in https://github.com/pytorch/pytorch/pull/189284
    hook = getattr(torch_graph, "node_creation_hook", None)
    if hook is None:
        yield
        return
    recorder.used = True
    with hook(recorder.remember):
        yield


def source_of(node: Node) -> SourceLine | None:
    """Return the line that created ``node``, if it was recorded."""
    found = metadata_of(node).get(KEY) if recorder.used else None
    if found is None:
        return None
    path, line = found
    return SourceLine(basename(path), line, getline(path, line).strip())  # noqa: PTH119
