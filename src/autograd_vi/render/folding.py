"""What to draw of a graph: modules as groups, long runs as one box, never more than one can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from autograd_vi.columns import columns_of
from autograd_vi.render.boxes import links_between, module_box, node_box, root_box, run_box
from autograd_vi.render.elision import MOST, elide
from autograd_vi.render.groups import Group, cut_into_groups, group_members, group_of
from autograd_vi.render.modules import DEPTH, forward_order
from autograd_vi.render.picture import Box, Picture
from autograd_vi.render.runs import SHORTEST, fold_runs
from autograd_vi.render.twins import FEWEST, fold_twins
from autograd_vi.walk import paused_gc

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.graph import Graph

Unfold: TypeAlias = bool | str | Iterable[str]

BOXES = 30  # modules are unfolded level by level as long as no more boxes appear
LIMIT = 5000  # boxes that an explicit unfolding may draw


@dataclass(frozen=True, slots=True)
class _Tree:
    """The graph cut into groups.

    Attributes:
        columns: the graph.
        groups: the groups; the first one is the whole graph.
        members: the nodes of each group in forward order.
        whole: the groups that are drawn with all that is in them.
        known_cells: what the boxes of a group's level stand for, for all pictures that may have it.
    """

    columns: Columns
    groups: list[Group]
    members: list[list[int]]
    whole: set[int]
    known_cells: dict[int, list[list[int]]] = field(default_factory=dict)


def fold(graph: Graph, unfold: Unfold = ()) -> Picture:
    """Decide which boxes to draw.

    Args:
        graph: what to draw.
        unfold: names of modules that are drawn with all that is in them, or True for everything.

    Raises:
        ValueError: if ``unfold`` names no module of the graph, or asks for more than 5,000 boxes.
    """
    with paused_gc():
        columns = columns_of(graph)
        flow = forward_order(columns)
        groups = cut_into_groups(columns, flow)
        whole, unfolded = _asked_for(groups, unfold)
        tree = _Tree(columns, groups, group_members(groups, flow), whole)
        if whole and _count_boxes(tree, unfolded, LIMIT) > LIMIT:
            msg = f"more than {LIMIT:,} boxes are no picture; unfold one module by its name instead"
            raise ValueError(msg)
        if unfold is not True:
            unfolded = _while_readable(tree, unfolded)
        return _picture(tree, unfolded)


def _asked_for(groups: list[Group], unfold: Unfold) -> tuple[set[int], set[int]]:
    """Return the groups that are to be drawn with all that is in them; and these with those around them.

    Raises:
        ValueError: if no module has one of the names.
    """
    if unfold is True:
        return set(range(len(groups))), set(range(len(groups)))
    names = [] if unfold is False else [unfold] if isinstance(unfold, str) else [*unfold]
    if not names:
        return set(), {0}
    paths = {".".join(group.path) for group in groups[1:]}
    for name in names:
        if name not in paths:
            known = ", ".join(sorted(paths)[:20]) or "none; pass params=model to trace"
            msg = f"unfold: {name!r} is no module of this graph. Its modules: {known}"
            raise ValueError(msg)
    whole = {
        g
        for g, group in enumerate(groups)
        if any(".".join(group.path[:d]) in names for d in range(1, len(group.path) + 1))
    }
    around = {
        g
        for g, group in enumerate(groups)
        if any(name.startswith(".".join([*group.path, ""])) for name in names) or not group.path
    }
    return whole, whole | around


def _while_readable(tree: _Tree, unfolded: set[int]) -> set[int]:
    """Return these groups, and those that can be unfolded too, depth by depth, without too many boxes."""
    for depth in range(1, DEPTH + 1):
        more = {g for g, group in enumerate(tree.groups) if len(group.path) == depth}
        if not more:
            break
        most = max(BOXES, _count_boxes(tree, unfolded, LIMIT))
        if _count_boxes(tree, unfolded | more, most) > most:
            break
        unfolded = unfolded | more
    return unfolded


def _picture(tree: _Tree, unfolded: set[int], g: int = 0) -> Picture:
    cells = _cells(tree, g)
    group = tree.groups[g]
    # Groups are nested at most DEPTH deep.
    inside = {
        k: _picture(tree, unfolded, inner) for k, inner in _unfolded_groups(cells, unfolded).items()
    }
    boxes = tuple([_box(tree, group, cell, inside.get(k)) for k, cell in enumerate(cells)])
    return Picture(boxes, links_between(tree.columns, group, cells, boxes))


def _count_boxes(tree: _Tree, unfolded: set[int], most: int) -> int:
    """Return how many boxes the picture would have; when there are more than ``most``, any such number."""
    count = 0
    levels = [0]
    for nth, g in enumerate(levels, start=1):
        cells = _cells(tree, g)
        count += len(cells)
        levels += _unfolded_groups(cells, unfolded).values()
        ahead = len(levels) - nth  # each has a box at least
        if count + ahead > most:
            return count + ahead
    return count


def _unfolded_groups(cells: list[list[int]], unfolded: set[int]) -> dict[int, int]:
    """Return the groups that are unfolded, by their places among the cells."""
    return {
        k: group_of(cell[0])
        for k, cell in enumerate(cells)
        if cell[0] < 0 and len(cell) == 1 and group_of(cell[0]) in unfolded
    }


def _cells(tree: _Tree, g: int) -> list[list[int]]:
    """Return what the boxes of a level stand for, from left to right: a list of items each."""
    if (known := tree.known_cells.get(g)) is not None:
        return known
    columns, group = tree.columns, tree.groups[g]
    cells: list[list[int]] = [[item] for item in group.items]
    if g not in tree.whole and len(cells) >= min(SHORTEST, FEWEST):
        cells = fold_runs(columns, group, cells)
        cells = fold_twins(columns, group, cells)
        if len(cells) > MOST:
            cells = elide(columns, group, cells)
    # In the order of the ids a node's inputs stand from left to right.
    cells.sort(key=lambda cell: _smallest_id(tree, cell))
    tree.known_cells[g] = cells
    return cells


def _smallest_id(tree: _Tree, cell: list[int]) -> int:
    """Return the smallest id in a cell; roots come before all."""
    n = len(tree.columns.kinds)
    if len(cell) == 1 and 0 <= cell[0] < n:
        return cell[0]
    if cell[0] >= n:
        return cell[0] - n - len(tree.columns.roots)
    return min(i if i >= 0 else min(tree.members[group_of(i)]) for i in cell)


def _box(tree: _Tree, group: Group, cell: list[int], inside: Picture | None) -> Box:
    columns, item = tree.columns, cell[0]
    n = len(columns.kinds)
    if len(cell) == 1 and item >= n:
        return root_box(columns, item - n)
    if len(cell) == 1 and item >= 0:
        return node_box(columns, item, group.path)
    if len(cell) == 1:
        inner = group_of(item)
        return module_box(columns, tree.groups[inner].path, tree.members[inner], inside)
    nodes: list[int] = []
    for i in cell:
        nodes.extend([i] if i >= 0 else tree.members[group_of(i)])
    return run_box(columns, nodes, group.path)
