"""Elision: a level with too many boxes keeps both ends, and its middle becomes a few stretches."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.render.groups import Group

MOST = 60  # a level with more boxes than this is cut
KEPT = 12  # boxes that are kept at each end


def elide(columns: Columns, group: Group, cells: list[list[int]]) -> list[list[int]]:
    """Keep both ends of the forward order, join the middle into a few stretches.

    ``group.items`` lists operations and groups in forward order, then leaves, then roots.
    """
    n = len(columns.kinds)
    roots = [cell for cell in cells if cell[0] >= n]
    leaves = [cell for cell in cells if 0 <= cell[0] < n and columns.kinds[cell[0]] == "leaf"]
    other = {id(cell) for cell in [*roots, *leaves]}
    middle = [cell for cell in cells if id(cell) not in other]
    if any(len(cell) > 1 for cell in middle):
        # A run or twins cover places that need not be neighbours in the order; go back to items.
        split = {item for cell in middle for item in cell}
        middle = [[item] for item in group.items if item in split]
    if len(middle) > 2 * KEPT + KEPT:
        inner = middle[KEPT:-KEPT]
        size = -(-len(inner) // KEPT)
        joined = [
            [item for cell in inner[k : k + size] for item in cell]
            for k in range(0, len(inner), size)
        ]
        middle = [*middle[:KEPT], *joined, *middle[-KEPT:]]
    return [*_absorb(group, middle, leaves), *roots]


def _absorb(group: Group, middle: list[list[int]], leaves: list[list[int]]) -> list[list[int]]:
    """Put leaves into the stretch that alone uses them; join what is still too many."""
    cell_of = {item: k for k, cell in enumerate(middle) for item in cell}
    users: dict[int, set[int]] = defaultdict(set)
    for source, target, _ in group.links:
        users[target].add(cell_of.get(source, -1))
    kept: list[list[int]] = []
    for cell in leaves:
        by = {k for item in cell for k in users[item]}
        only = next(iter(by)) if len(by) == 1 else -1
        if only >= 0 and len(middle[only]) > 1:
            middle[only].extend(cell)
        else:
            kept.append(cell)
    if len(kept) > 2 * KEPT:
        kept = [*kept[:KEPT], [item for cell in kept[KEPT:] for item in cell]]
    return [*middle, *kept]
