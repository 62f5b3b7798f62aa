"""Twins: nodes that differ in nothing, folded into one box."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.columns import Columns
    from autograd_vi.render.levels import Level

FEWEST = 8  # fewer twins are shown one by one


def fold_twins(columns: Columns, level: Level, cells: list[list[int]]) -> list[list[int]]:
    """Fold nodes that have the same operation, the same users and the same inputs."""
    ops, kinds = columns.ops, columns.kinds
    single = [k for k, cell in enumerate(cells) if len(cell) == 1 and 0 <= cell[0] < len(ops)]
    most_alike = Counter([ops[cells[k][0]] for k in single]).values()
    if max(most_alike, default=0) < FEWEST:
        return cells
    users, inputs = _neighbours(level, cells)
    alike: dict[tuple[object, ...], list[int]] = {}
    for k in single:
        (node,) = cells[k]
        key = (ops[node], kinds[node], frozenset(users[k]), frozenset(inputs[k]))
        alike.setdefault(key, []).append(k)
    return _joined(cells, [twins for twins in alike.values() if len(twins) >= FEWEST])


def _neighbours(level: Level, cells: list[list[int]]) -> tuple[list[set[int]], list[set[int]]]:
    """Return the cells that use each cell, and those that it uses; items that have no cell count too."""
    cell_of = {item: k for k, cell in enumerate(cells) for item in cell}
    users: list[set[int]] = [set() for _ in cells]
    inputs: list[set[int]] = [set() for _ in cells]
    for source, target, _ in level.links:
        a, b = cell_of.get(source, source), cell_of.get(target, target)
        if a != b:
            if a >= 0:
                inputs[a].add(b)
            if b >= 0:
                users[b].add(a)
    return users, inputs


def _joined(cells: list[list[int]], sets_of_twins: Iterable[list[int]]) -> list[list[int]]:
    """Return the cells with each set of twins joined, where its first cell was."""
    joined = {twins[0]: [cells[k][0] for k in twins] for twins in sets_of_twins}
    gone = {k for twins in sets_of_twins for k in twins[1:]}
    return [joined.get(k, cell) for k, cell in enumerate(cells) if k not in gone]
