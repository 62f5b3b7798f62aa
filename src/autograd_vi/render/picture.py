"""A picture as data: boxes, and links between them.

A picture is a tree. Each level has boxes and the links between them; a box that is a module may be
unfolded, and then holds the picture of its inside.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autograd_vi.node import Edge

ENTRY = -1  # where gradients enter an unfolded module
EXIT = -2  # where they leave it


# Tuples with names, not dataclasses: these are made in half the time.
class Link(NamedTuple):
    """One drawn line; ``source`` and ``target`` are places in ``Picture.boxes``, or ENTRY or EXIT.

    ``root`` is the number of the root whose gradient it is; it then has no edges.
    """

    source: int
    target: int
    edges: tuple[Edge, ...]
    root: int | None = None


class Box(NamedTuple):
    """One drawn box.

    Attributes:
        kind: one of :data:`autograd_vi.render.kinds.KINDS`; a module is a ``group``, folded or not.
        label: what stands in it.
        nodes: the ids of what it stands for, in forward order.
        inside: what is in a module that is unfolded.
        path: a module's name.
        leaves: how many of the nodes are leaves, in a module or run.
    """

    kind: str
    label: str
    nodes: tuple[int, ...]
    inside: Picture | None = None
    path: str = ""
    leaves: int = 0

    @property
    def look(self) -> str:
        """The kind that it is drawn as: an unfolded module is a ``frame``."""
        return self.kind if self.inside is None else "frame"

    @property
    def counts(self) -> dict[str, str]:
        """How many operations and leaves it stands for, as the words of a box want it."""
        return {"ops": f"{len(self.nodes) - self.leaves:,}", "leaves": f"{self.leaves:,}"}


class Picture(NamedTuple):
    """One level of the drawing."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]

    def walk(self) -> Iterator[Box]:
        """Yield all boxes, those inside of unfolded modules too."""
        for box in self.boxes:
            yield box
            if box.inside is not None:
                yield from box.inside.walk()
