"""Runs: operations in a row that do the same, such as the steps of a loop, folded into one box."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.render.levels import Level

SHORTEST = 8  # shorter runs are shown in full


class _Spines(NamedTuple):
    """Of the operations of a level, those that alone use another one.

    Attributes:
        next_below: that other one.
        other_inputs: what else the operation takes.
        inputs: the inputs of all operations of the level, no more than SHORTEST + 1 of each.
    """

    next_below: dict[int, int]
    other_inputs: dict[int, set[int]]
    inputs: dict[int, list[int]]


def fold_runs(columns: Columns, level: Level, cells: list[list[int]]) -> list[list[int]]:
    """Fold operations in a row whose inputs are the next one and, perhaps, the same others."""
    spines = _find_spines(columns, level)
    next_below = spines.next_below
    if len(next_below) < SHORTEST - 1:  # a run has one operation more than it has steps
        return cells
    cell_of: dict[int, list[int]] = {}
    for head in sorted(next_below.keys() - set(next_below.values())):
        run = [head]
        while (item := run[-1]) in next_below:
            below = next_below[item]
            if not _goes_on(spines, item, below):
                cell_of |= _pieces(columns, run)
                run = []
            run.append(below)
        cell_of |= _pieces(columns, run)
    folded = {item for cell in cell_of.values() for item in cell}
    return [
        cell_of.get(cell[0], cell) for cell in cells if cell[0] in cell_of or cell[0] not in folded
    ]


def _find_spines(columns: Columns, level: Level) -> _Spines:
    kinds = columns.kinds
    n = len(kinds)
    operations = {i for i in level.items if 0 <= i < n and kinds[i] != "leaf"}
    user: dict[int, int | None] = {}  # None stands for several
    inputs: dict[int, list[int]] = {i: [] for i in operations}
    for source, target, _ in level.links:
        if user.setdefault(target, source) != source:
            user[target] = None
        # An operation with more inputs than this is in no run; looking them up would take long.
        known = inputs.get(source, [])
        if len(known) <= SHORTEST and target not in known:
            known.append(target)
    next_below: dict[int, int] = {}
    other_inputs: dict[int, set[int]] = {}
    for item, behind in inputs.items():
        below = [t for t in behind if t in operations and user[t] is not None]
        if len(below) == 1 and len(behind) <= SHORTEST:
            next_below[item] = below[0]
            other_inputs[item] = {t for t in behind if t != below[0]}
    return _Spines(next_below, other_inputs, inputs)


def _goes_on(spines: _Spines, item: int, below: int) -> bool:
    """Whether the operation below has the same other inputs; the last one may have one more."""
    others = spines.other_inputs[item]
    if below in spines.other_inputs:
        return spines.other_inputs[below] == others
    inputs = spines.inputs[below]
    return len(inputs) <= SHORTEST and len(set(inputs) - others) <= 1


def _pieces(columns: Columns, run: list[int]) -> dict[int, list[int]]:
    """Return a finished run under its last item, which comes first in forward order.

    A long stretch of one operation becomes a box of its own.
    """
    pieces: list[list[int]] = [[]]
    for _, same in groupby(run, key=columns.ops.__getitem__):
        stretch = list(same)
        if len(stretch) >= SHORTEST:
            pieces += [stretch, []]
        else:
            pieces[-1] += stretch
    return {piece[-1]: piece[::-1] for piece in pieces if len(piece) >= SHORTEST}
