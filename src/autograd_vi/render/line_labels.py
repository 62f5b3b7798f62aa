"""Where labels stand: beside their lines, and clear of them."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import NamedTuple

from autograd_vi.render.layers import Layered
from autograd_vi.render.lines import Curve
from autograd_vi.render.sizes import Size
from autograd_vi.render.spacing import isotonic, least_distances

LABEL_GAP = 6  # between a label and the next line


class LabelledLine(NamedTuple):
    """The line of a label, at least its last part; and how far to the right and down the label moves."""

    curve: Curve
    short: bool
    right: int
    down: int


def find_slanting(
    level: Layered,
    ports: list[tuple[int, int]],
    xs: list[int],
    ys: list[int],
    turnings: list[int],
) -> dict[int, LabelledLine]:
    """Return, for each label whose line is not straight there, its line.

    Args:
        level: the vertices, and the line that each label is on.
        ports: where each line leaves its source and where it arrives at its target.
        xs: the abscissa of each vertex.
        ys: the middle height of each layer.
        turnings: how far from the middle of its layer a vertex's lines may turn to the side.
    """
    layers, sizes, chains = level
    lines: dict[int, LabelledLine] = {}
    for chain, (start, end) in zip(chains, ports, strict=True):
        if len(chain) == 2:
            continue
        upper, label, lower = chain[-3:]
        begin = start if len(chain) == 3 else xs[upper]
        if begin != end or begin != xs[label]:
            top, bottom = ys[layers[upper]] + turnings[upper], ys[layers[lower]] - turnings[lower]
            curve = Curve(begin, top, end, bottom)
            shift = label_shift(curve, ys[layers[label]], sizes[label])
            lines[label] = LabelledLine(curve, len(chain) == 3, *shift)
    return lines


def label_shift(curve: Curve, y: float, label: Size) -> tuple[int, int]:
    """Return how far to the right and down a label moves, so that its own slanting line does not cross it.

    It moves up or down where the line gives way, and to the right by what the line still takes of it.
    """
    width = curve.end - curve.start
    if width == 0:
        return 0, 0
    slant = min(abs(width) / (curve.bottom - curve.top), 2.0)
    down = round(-4 * slant if width > 0 else 4 * slant)
    half = label.height // 2 - 2
    nearest = max(curve.at(y + down - half), curve.at(y + down + half))
    return ceil(max(2 * slant, nearest - curve.at(y))), down


def pull_labels(
    lines: dict[int, LabelledLine],
    rows: list[list[int]],
    ys: list[int],
    sizes: list[Size],
    xs: list[int],
) -> None:
    """Move the labels of short lines to where these pass, as far as their neighbours leave room."""
    for row, y in zip(rows, ys, strict=True):
        if lines.keys().isdisjoint(row):
            continue
        own = [lines.get(v) for v in row]
        wanted = [
            line.curve.at(y) if line and line.short else xs[v]
            for v, line in zip(row, own, strict=True)
        ]
        gaps = [
            _gap(left, right, y, sizes[v].height)
            for v, (left, right) in zip(row, pairwise(own), strict=False)
        ]
        offsets = least_distances(row, sizes, gaps)
        # What is on another line stays, so that a straight one stays straight.
        weights = [1.0 if line and line.short else 1000.0 for line in own]
        for v, x in zip(row, isotonic(wanted, weights, offsets), strict=True):
            xs[v] = round(x)


def _gap(left: LabelledLine | None, right: LabelledLine | None, y: float, height: int) -> float:
    """Return the room between a label of this height, in a layer at ``y``, and the next line."""
    gap: float = LABEL_GAP
    if left:
        gap += left.right
        if right:  # this line may come nearer above or below its middle
            middle = y + left.down
            near = [right.curve.at(middle + side) for side in (-height / 2, height / 2)]
            gap += max(0.0, right.curve.at(y) - min(near))
    return gap
