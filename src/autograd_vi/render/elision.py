"""Elision: a level with too many boxes keeps both ends, and its middle becomes a few stretches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from autograd_vi.columns import Columns
    from autograd_vi.render.levels import Level

MOST = 60  # a level with more boxes than this is cut
KEPT = 12  # boxes that are kept at each end


def elide(
    columns: Columns, level: Level, cells: list[list[int]], kept: Collection[int] = ()
) -> list[list[int]]:
    """Keep both ends of the forward order, join the middle into a few stretches.

    Args:
        columns: the graph.
        level: the level; its items are operations and groups in forward order, then leaves, then roots.
        cells: what its boxes stand for.
        kept: the first items of cells that stay as they are.
    """
    n = len(columns.kinds)
    roots = [cell for cell in cells if cell[0] >= n]
    leaves = [cell for cell in cells if 0 <= cell[0] < n and columns.kinds[cell[0]] == "leaf"]
    other = {id(cell) for cell in [*roots, *leaves]}
    middle = [cell for cell in cells if id(cell) not in other]
    if any(len(cell) > 1 for cell in middle):
        middle = _in_forward_order(level, middle, kept)
    if len(middle) > 2 * KEPT + KEPT:
        inner = middle[KEPT:-KEPT]
        joined = _stretches(inner, -(-len(inner) // KEPT), kept)
        middle = [*middle[:KEPT], *joined, *middle[-KEPT:]]
    return [*_absorb(level, middle, leaves, kept), *roots]


def _in_forward_order(
    level: Level, cells: list[list[int]], kept: Collection[int]
) -> list[list[int]]:
    """Return the items of cells one by one in forward order; cells that are kept stay whole.

    A run, twins or a repeat cover places that need not be neighbours in the order of the items.
    """
    whole = {item: cell for cell in cells if cell[0] in kept for item in cell}
    unit_of = {item: whole.get(item, [item])[0] for cell in cells for item in cell}
    below: dict[int, list[int]] = defaultdict(list)
    for source, target, _ in level.links:
        a, b = unit_of.get(source), unit_of.get(target)
        if a is not None and b is not None and a != b:
            below[a].append(b)
    order: dict[int, None] = {}
    started: set[int] = set()
    for item in level.items:
        stack = [(unit_of[item], False)] if item in unit_of else []
        while stack:
            unit, is_done = stack.pop()
            if is_done:
                order[unit] = None
            elif unit not in started:
                started.add(unit)
                stack.append((unit, True))
                stack += [(b, False) for b in below[unit]]
    return [whole.get(unit, [unit]) for unit in order]


def _stretches(cells: list[list[int]], size: int, kept: Collection[int]) -> list[list[int]]:
    """Join so many neighbours each time; cells that are kept stay between two stretches."""
    joined: list[list[int]] = []
    room = 0  # left in the last stretch
    for cell in cells:
        if cell[0] in kept:
            joined.append(cell)
            room = 0
        elif room:
            joined[-1].extend(cell)
            room -= 1
        else:
            joined.append([*cell])
            room = size - 1
    return joined


def _absorb(
    level: Level, middle: list[list[int]], leaves: list[list[int]], kept: Collection[int]
) -> list[list[int]]:
    """Put leaves into the stretch that alone uses them; join what is still too many."""
    cell_of = {item: k for k, cell in enumerate(middle) for item in cell}
    users: dict[int, set[int]] = defaultdict(set)
    for source, target, _ in level.links:
        users[target].add(cell_of.get(source, -1))
    others: list[list[int]] = []
    for cell in leaves:
        by = {k for item in cell for k in users[item]}
        only = next(iter(by)) if len(by) == 1 else -1
        if only >= 0 and len(middle[only]) > 1 and middle[only][0] not in kept:
            middle[only].extend(cell)
        else:
            others.append(cell)
    if len(others) > 2 * KEPT:
        others = [*others[:KEPT], [item for cell in others[KEPT:] for item in cell]]
    return [*middle, *others]
