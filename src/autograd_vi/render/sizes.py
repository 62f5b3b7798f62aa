"""How much room a vertex of a layout needs."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """How far a vertex reaches to the left and right of its axis, and its height, in pixels.

    ``top`` and ``bottom`` say where, from the axis, all lines arrive and leave; None spreads them.
    """

    left: float
    right: float
    height: float
    top: float | None = None
    bottom: float | None = None


BEND = Size(2, 2, 0)  # a line that passes a layer
