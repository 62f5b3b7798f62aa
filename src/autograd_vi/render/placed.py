"""What a finished layout says."""

from __future__ import annotations

from typing import NamedTuple


class Placed(NamedTuple):
    """A finished layout, in pixels from its upper left corner.

    ``centers`` are the axes and middle heights of the boxes, ``routes`` the points of each line from
    its source's lower edge to its target's upper edge, ``labels`` the place of each line's label.
    """

    width: int
    height: int
    centers: list[tuple[int, int]]
    routes: list[list[tuple[int, int]]]
    labels: list[tuple[int, int]]
