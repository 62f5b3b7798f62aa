"""Draw rooms as boxes in columns, each left of all that it imports from; lines to the same room run together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from _extensions.architecture.rooms import Room

_LETTER, _BOX, _GAP = 7.3, 30, 14
"""The width of a letter of 12 pixels, the height of a box, and the space between two; all in pixels."""
_BEND = 4
_BETWEEN = 76
_MARGIN = 4
_SWEEPS = 12

Vertex = tuple[str, int]
"""A room's name and a level: the room's own, or one between, where lines to that room pass."""


def levels(uses: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return how many steps it is, at most, from each room to one that imports from no other.

    Raises:
        ValueError: rooms import from each other in a circle, so that none of them can be understood alone.
    """
    found: dict[str, int] = {}
    while len(found) < len(uses):
        ready = [
            room for room in uses if room not in found and all(used in found for used in uses[room])
        ]
        if not ready:
            circle = sorted(set(uses) - set(found))
            raise ValueError(
                f"{', '.join(circle)} import from each other in a circle; move what they share below them, "
                "into docs/facts or a feature of its own"
            )
        found |= {room: max((found[used] + 1 for used in uses[room]), default=0) for room in ready}
    return found


def segments(uses: Mapping[str, Sequence[str]]) -> dict[tuple[Vertex, Vertex], None]:
    """Return the pieces of all lines, from each level to the next one."""
    level = levels(uses)
    return {
        ((room if step == level[room] else used, step), (used, step - 1)): None
        for room in uses
        for used in uses[room]
        for step in range(level[room], level[used], -1)
    }


def columns(uses: Mapping[str, Sequence[str]]) -> list[list[Vertex]]:
    """Return what stands below each other, level by level, ordered so that few lines cross."""
    pieces = segments(uses)
    level = levels(uses)
    vertices = dict.fromkeys([*level.items(), *(end for piece in pieces for end in piece)])
    rows = [[v for v in vertices if v[1] == step] for step in range(max(level.values()) + 1)]
    best = [list(row) for row in rows]
    for sweep in range(_SWEEPS):
        if sweep % 2 == 0:
            for step in range(1, len(rows)):
                rows[step] = _ordered(rows[step], rows[step - 1], pieces)
        else:
            for step in range(len(rows) - 2, -1, -1):
                rows[step] = _ordered(rows[step], rows[step + 1], pieces)
        if crossings(rows, pieces) < crossings(best, pieces):
            best = [list(row) for row in rows]
    return best


def _ordered(
    row: Sequence[Vertex], beside: Sequence[Vertex], pieces: Iterable[tuple[Vertex, Vertex]]
) -> list[Vertex]:
    """Return ``row`` with each vertex where its neighbours in the row ``beside`` are, on average."""
    places: dict[Vertex, list[int]] = {}
    for left, right in pieces:
        for own, other in ((left, right), (right, left)):
            if own in row and other in beside:
                places.setdefault(own, []).append(beside.index(other))
    means = [
        sum(places[v]) / len(places[v]) if v in places else float(place)
        for place, v in enumerate(row)
    ]
    return [v for _, v in sorted(zip(means, row, strict=True), key=lambda pair: pair[0])]


def crossings(
    rows: Sequence[Sequence[Vertex]], pieces: Mapping[tuple[Vertex, Vertex], None]
) -> int:
    """Return how many pairs of pieces cross."""
    place = {v: number for row in rows for number, v in enumerate(row)}
    ends = [(left[1], place[left], place[right]) for left, right in pieces]
    return sum(
        first[0] == second[0] and (first[1] - second[1]) * (first[2] - second[2]) < 0
        for number, first in enumerate(ends)
        for second in ends[:number]
    )


@dataclass(frozen=True)
class Place:
    """Where a box, or a bend of lines, stands: its left end, the middle of its height, and its width, in pixels."""

    x: float
    y: float
    width: float

    @property
    def end(self) -> float:
        """The right end."""
        return self.x + self.width


def _places(rows: Sequence[Sequence[Vertex]], level: Mapping[str, int]) -> dict[Vertex, Place]:
    heights = [[_BOX if level[name] == step else _BEND for name, step in row] for row in rows]
    totals = [sum(row) + _GAP * (len(row) - 1) for row in heights]
    found, x = {}, float(_MARGIN)
    for row, sizes, total in reversed(list(zip(rows, heights, totals, strict=True))):
        letters = max((len(name) for name, step in row if level[name] == step), default=0)
        width = letters * _LETTER + 20
        y = _MARGIN + (max(totals) - total) / 2
        for v, height in zip(row, sizes, strict=True):
            found[v] = Place(x, y + height / 2, width)
            y += height + _GAP
        x += width + _BETWEEN
    return found


def _line(source: Place, target: Place, *, bends: bool) -> str:
    """Return the line between two neighbouring columns; where ``bends``, it has come through the left one."""
    half = (source.end + target.x) / 2
    start = f"M{source.end:.1f} {source.y:.1f}"
    if bends:
        start = f"M{source.x:.1f} {source.y:.1f}H{source.end:.1f}"
    curve = f"C{half:.1f} {source.y:.1f} {half:.1f} {target.y:.1f} {target.x:.1f} {target.y:.1f}"
    return f'<path d="{start}{curve}" fill="none"/>'


def _arrow(at: Place) -> str:
    back = at.x - 8
    path = f"M{back:.1f} {at.y - 4:.1f}L{at.x:.1f} {at.y:.1f}L{back:.1f} {at.y + 4:.1f}Z"
    return f'<path d="{path}" fill="currentColor"/>'


def _box(name: str, at: Place) -> str:
    return (
        f'<rect x="{at.x:.1f}" y="{at.y - _BOX / 2:.1f}" width="{at.width:.1f}" height="{_BOX}" rx="4" '
        'fill="currentColor" fill-opacity="0.05"/>'
        f'<text x="{at.x + at.width / 2:.1f}" y="{at.y + 4:.1f}" text-anchor="middle" stroke="none" '
        f'fill="currentColor">{escape(name)}</text>'
    )


def draw(rooms: Sequence[Room], title: str) -> str:
    """Return the picture as SVG that is also well-formed XML; ``title`` is what a screen reader says of it."""
    uses = {room.name: room.uses for room in rooms}
    level, pieces = levels(uses), segments(uses)
    places = _places(columns(uses), level)
    parts = [
        _line(places[source], places[target], bends=level[source[0]] != source[1])
        for source, target in pieces
    ]
    used = {name for names in uses.values() for name in names}
    parts += [_arrow(places[name, level[name]]) for name in sorted(used)]
    parts += [_box(name, places[name, level[name]]) for name in uses]
    width = max(place.end for place in places.values()) + _MARGIN
    height = max(place.y for place in places.values()) + _BOX / 2 + _MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" stroke="currentColor" '
        'font-family="ui-monospace, DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="12">'
        f'<title>{escape(title)}</title><g class="notranslate">{"".join(parts)}</g></svg>'
    )
