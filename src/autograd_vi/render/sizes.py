"""How much room a vertex of a layout needs, in whole pixels: so lines are sharp, and numbers short."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """How far a vertex reaches to the left and right of its axis, and its height, in pixels.

    The height is even, so that the middle is a whole number too. ``top`` and ``bottom`` say where,
    from the axis, all lines arrive and leave; None spreads them.
    """

    left: int
    right: int
    height: int
    top: int | None = None
    bottom: int | None = None


BEND = Size(2, 2, 0)  # a line that passes a layer
