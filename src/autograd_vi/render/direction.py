"""A picture that runs to the right is one that runs downwards, mirrored in its diagonal.

Only places are mirrored. Boxes keep their width and height, so the layout is told them the other way round.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias, get_args

from autograd_vi.render.placed import Placed
from autograd_vi.render.sizes import Size

Direction: TypeAlias = Literal["down", "right"]

_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_MIRRORED = {"V": "H", "v": "h", "H": "V", "h": "v"}


def runs_right(direction: str) -> bool:
    """Return whether a picture runs to the right.

    Raises:
        ValueError: if ``direction`` is neither ``down`` nor ``right``.
    """
    if direction not in get_args(Direction):
        raise ValueError(f"direction is {direction!r}; give 'down' or 'right'")
    return direction == "right"


def mirrored(placed: Placed) -> Placed:
    """Return a layout with its abscissas and ordinates exchanged."""
    width, height, centers, routes, labels = placed
    return Placed(
        height,
        width,
        [(y, x) for x, y in centers],
        [[(y, x) for x, y in route] for route in routes],
        [(y, x) for x, y in labels],
    )


def mirrored_box(size: Size) -> Size:
    """Return the room that a box takes in the mirrored layout; it has no points where lines must meet it."""
    half = size.height // 2
    return Size(half, half, size.left + size.right)


def mirrored_label(size: Size) -> Size:
    """Return the room that a label takes below its line in the mirrored layout."""
    return Size(2, size.height + 2, even(size.left + size.right))


def mirrored_path(path: str) -> str:
    """Return a path of SVG with absolute commands, mirrored: from one downwards one to the right."""
    return _COMMAND.sub(lambda m: _MIRRORED.get(m[1], m[1]) + _exchanged(m[2]), path)


def _exchanged(numbers: str) -> str:
    found = numbers.split()
    if len(found) == 1:
        return numbers
    return " ".join(f"{y} {x}" for x, y in zip(found[::2], found[1::2], strict=True))


def even(length: int) -> int:
    """Return the next even length."""
    return length + length % 2
