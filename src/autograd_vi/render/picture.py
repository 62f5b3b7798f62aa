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

    ``root`` is the number of the root whose gradient it is; it then has no edges. In a repeat, the
    edges are those of all ``copies``.
    """

    source: int
    target: int
    edges: tuple[Edge, ...]
    root: int | None = None
    copies: int = 1


class Box(NamedTuple):
    """One drawn box.

    Attributes:
        kind: one of :data:`autograd_vi.render.kinds.KINDS`; a module is a ``group``, folded or not, and what repeats
            a ``repeat``.
        label: what stands in it; nothing in a repeat of what has no name. A root without a name has its number.
        nodes: the ids of what it stands for, in forward order; in a repeat, copy after copy.
        inside: what is in a module or repeat that is unfolded.
        path: a module's name; of a repeat's first copy.
        leaves: how many of the nodes are leaves, in a module, run or repeat.
        copies: how many equal copies it stands for, where it is in a repeat or is one.
        times: how many copies a repeat itself has.
        chained: whether these come one after the other.
    """

    kind: str
    label: str
    nodes: tuple[int, ...]
    inside: Picture | None = None
    path: str = ""
    leaves: int = 0
    copies: int = 1
    times: int = 1
    chained: bool = False

    @property
    def is_numbered_root(self) -> bool:
        """Whether it is a root without a name: a word stands in it, and its number where there are several."""
        return self.kind == "root" and (not self.label or self.label.isdecimal())

    @property
    def look(self) -> str:
        """The kind that it is drawn as: an unfolded module is a ``frame``."""
        return "frame" if self.inside is not None and self.kind == "group" else self.kind

    @property
    def counts(self) -> dict[str, str]:
        """How many operations and leaves each copy has, as the words of a box want it."""
        leaves = self.leaves // self.copies
        return {"ops": f"{len(self.nodes) // self.copies - leaves:,}", "leaves": f"{leaves:,}"}

    @property
    def times_word(self) -> str:
        """The key of the word that says how often a repeat without a name comes, and how."""
        return "box.steps" if self.chained else "box.branches"


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
