"""What to draw of a graph: modules as groups, what repeats once, long runs as one box, never more than one can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from autograd_vi.columns import columns_of
from autograd_vi.render.asked import Asked, Unfold, read_asked
from autograd_vi.render.boxes import (
    links_between,
    module_box,
    node_box,
    repeat_box,
    root_box,
    run_box,
)
from autograd_vi.render.elision import MOST, elide
from autograd_vi.render.equality import Equality
from autograd_vi.render.groups import cut_into_groups, group_item, group_members, group_of
from autograd_vi.render.levels import Level, Levels
from autograd_vi.render.modules import DEPTH, forward_order
from autograd_vi.render.picture import Box, Picture
from autograd_vi.render.repeats import Repeat, find_repeats
from autograd_vi.render.runs import SHORTEST, fold_runs
from autograd_vi.render.seeds import FEWEST as FEWEST_COPIES
from autograd_vi.render.twins import FEWEST, fold_twins
from autograd_vi.render.wiring import read_wiring
from autograd_vi.walk import paused_gc

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.graph import Graph

__all__ = ["Unfold", "fold", "fold_inside"]

BOXES = 30  # modules are unfolded level by level as long as no more boxes appear
LIMIT = 5000  # boxes that an explicit unfolding may draw


@dataclass(frozen=True, slots=True)
class _Tree:
    """The graph cut into levels.

    Attributes:
        columns: the graph.
        levels: the levels; the first one is the whole graph.
        equality: what is equal in it.
        whole: the levels in which nothing but modules is folded.
        repeating: those of them in which repeats are drawn once all the same.
        apart: modules that are asked for, and those around them: they are drawn by themselves.
        known_cells: what the boxes of a level stand for, for all pictures that may have it.
        repeats: the repeat that stands at an item of a level, and the level of its inside.
    """

    columns: Columns
    levels: Levels
    equality: Equality
    whole: set[int]
    repeating: set[int]
    apart: set[int]
    known_cells: dict[int, list[list[int]]] = field(default_factory=dict)
    repeats: dict[tuple[int, int], tuple[Repeat, int]] = field(default_factory=dict)


def fold(graph: Graph, unfold: Unfold = ()) -> Picture:
    """Decide which boxes to draw.

    Args:
        graph: what to draw.
        unfold: what is unfolded, as for :meth:`autograd_vi.Graph.to_svg`.

    Raises:
        TypeError: if ``unfold`` is none of what is allowed.
        ValueError: if ``unfold`` names no module of the graph, or asks for more than 5,000 boxes.
    """
    with paused_gc():
        tree, asked = _tree(graph, unfold)
        unfolded = asked.opened
        asks = unfold is not False and unfold != ()
        if asks and _count_boxes(tree, unfolded, LIMIT) > LIMIT:
            msg = f"more than {LIMIT:,} boxes are no picture; unfold one module by its name instead"
            raise ValueError(msg)
        return _picture(tree, _while_readable(tree, asked))


def fold_inside(graph: Graph, paths: Iterable[str]) -> Picture:
    """Return the picture with these modules unfolded as far as they go; what repeats is still drawn once."""
    wanted = {tuple(path.split(".")) for path in paths}
    with paused_gc():
        tree, _ = _tree(graph, ())
        for g, group in enumerate(tree.levels.levels):
            if any(group.path[:d] in wanted for d in range(1, len(group.path) + 1)):
                tree.whole.add(g)
                tree.repeating.add(g)
        around = {path[:d] for path in wanted for d in range(len(path))}
        more = {g for g, group in enumerate(tree.levels.levels) if group.path in around}
        return _picture(tree, tree.whole | more)


def _tree(graph: Graph, unfold: Unfold) -> tuple[_Tree, Asked]:
    columns = columns_of(graph)
    flow = forward_order(columns)
    groups = cut_into_groups(columns, flow)
    members = group_members(groups, flow)
    asked = read_asked(columns, groups, unfold)
    named = isinstance(unfold, bool) or not isinstance(unfold, int)
    apart = {group_item(g) for g in asked.opened} if named else set()
    equality = Equality(columns, groups, members)
    return _Tree(columns, Levels(groups, members), equality, asked.whole, set(), apart), asked


def _while_readable(tree: _Tree, asked: Asked) -> set[int]:
    """Return what is asked for and what can be unfolded too, depth by depth, without too many boxes."""
    unfolded = asked.opened
    for depth in range(1, DEPTH + 1):
        more = {g for g, level in enumerate(tree.levels.levels) if len(level.path) == depth}
        if not more:
            break
        if not (more := more - asked.closed):
            continue
        most = max(BOXES, _count_boxes(tree, unfolded, LIMIT))
        if _count_boxes(tree, unfolded | more, most) > most:
            break
        unfolded = unfolded | more
    return unfolded


def _picture(tree: _Tree, unfolded: set[int], g: int = 0) -> Picture:
    cells = _cells(tree, g)
    # Levels are nested at most DEPTH deep, but for repeats.
    inside = {
        k: _picture(tree, unfolded, inner)
        for k, inner in _unfolded_levels(tree, g, cells, unfolded).items()
    }
    boxes = tuple([_box(tree, g, cell, inside.get(k)) for k, cell in enumerate(cells)])
    level = tree.levels[g]
    return Picture(boxes, links_between(tree.columns, level.links, cells, boxes, level.copies))


def _count_boxes(tree: _Tree, unfolded: set[int], most: int) -> int:
    """Return how many boxes the picture would have; when there are more than ``most``, any such number."""
    count = 0
    levels = [0]
    for nth, g in enumerate(levels, start=1):
        cells = _cells(tree, g)
        count += len(cells)
        levels += _unfolded_levels(tree, g, cells, unfolded).values()
        ahead = len(levels) - nth  # each has a box at least
        if count + ahead > most:
            return count + ahead
    return count


def _unfolded_levels(
    tree: _Tree, g: int, cells: list[list[int]], unfolded: set[int]
) -> dict[int, int]:
    """Return the levels that are unfolded, by their places among the cells of level ``g``."""
    found: dict[int, int] = {}
    for k, cell in enumerate(cells):
        inner = group_of(cell[0]) if cell[0] < 0 and len(cell) == 1 else None
        opens = inner in unfolded
        if len(cell) > 1 and (g, cell[0]) in tree.repeats:
            repeat, inner = tree.repeats[g, cell[0]]
            opens = inner in unfolded or not _is_module(repeat)
        if inner is not None and opens:
            found[k] = inner
    return found


def _is_module(repeat: Repeat) -> bool:
    """Whether each copy is one module, which may stay folded."""
    return len(repeat.copies[0]) == 1 and repeat.copies[0][0] < 0


def _cells(tree: _Tree, g: int) -> list[list[int]]:
    """Return what the boxes of a level stand for, from left to right: a list of items each."""
    if (known := tree.known_cells.get(g)) is not None:
        return known
    level = tree.levels[g]
    cells: list[list[int]] = [[item] for item in level.items]
    if g not in tree.whole:
        cells = _folded(tree, g, cells)
    elif g in tree.repeating:
        cells = _with_repeats(tree, g, cells, set())
    # In the order of the ids a node's inputs stand from left to right.
    cells.sort(key=lambda cell: _smallest_id(tree, cell))
    tree.known_cells[g] = cells
    return cells


def _folded(tree: _Tree, g: int, single: list[list[int]]) -> list[list[int]]:
    """Fold what repeats, runs and twins of a level; if there is still too much, its middle too."""
    columns, level = tree.columns, tree.levels[g]
    cells = single
    runs: set[int] = set()
    if len(cells) >= min(SHORTEST, FEWEST):
        cells = fold_runs(columns, level, cells)
        runs = {item for cell in cells if len(cell) > 1 for item in cell}
        cells = fold_twins(columns, level, cells)
    with_repeats = _with_repeats(tree, g, single, runs, len(cells))
    repeated = [cell for cell in with_repeats if len(cell) > 1]
    if repeated:
        level = level.without(repeated)
        cells = fold_runs(columns, level, with_repeats)
        cells = fold_twins(columns, level, cells)
    if len(cells) > MOST:
        kept = {cell[0] for cell in repeated} | tree.apart
        cells = elide(columns, tree.levels[g], cells, kept)
    return cells


def _with_repeats(
    tree: _Tree, g: int, cells: list[list[int]], runs: set[int], boxes: int = LIMIT
) -> list[list[int]]:
    """Return the cells of a level with its repeats joined.

    Args:
        tree: the graph.
        g: the level.
        cells: its items, one by one.
        runs: items that stand in runs.
        boxes: how many boxes the level has without repeats. Where it has few, only modules are drawn once.
    """
    level = tree.levels[g]
    if boxes < FEWEST_COPIES:
        return cells
    with_loose = boxes > BOXES and not tree.equality.tells_modules_apart(level.path)
    if not with_loose and not _has_alike_modules(tree, level):
        return cells
    wiring = read_wiring(tree.equality, level.items, level.own_links, tree.apart)
    for repeat in find_repeats(wiring, runs, with_loose=with_loose):
        joined = [item for copy in repeat.copies for item in copy]
        tree.repeats[g, joined[0]] = repeat, tree.levels.join(g, repeat)
        inside = set(joined)
        cells = [joined if cell[0] == joined[0] else cell for cell in cells]
        cells = [cell for cell in cells if cell[0] not in inside or len(cell) > 1]
    return cells


def _has_alike_modules(tree: _Tree, level: Level) -> bool:
    """Whether so many modules as a repeat has may be equal, because the same operations are in them.

    That is quickly seen. To find out what is equal takes longer than all else of most pictures.
    """
    groups = [group_of(item) for item in level.items if item < 0 and item not in tree.apart]
    if len(groups) < FEWEST_COPIES:
        return False
    op, members = tree.columns.ops.__getitem__, tree.levels.members
    return max(Counter([tuple(map(op, members[g])) for g in groups]).values()) >= FEWEST_COPIES


def _smallest_id(tree: _Tree, cell: list[int]) -> int:
    """Return the smallest id in a cell; roots come before all."""
    n = len(tree.columns.kinds)
    if len(cell) == 1 and 0 <= cell[0] < n:
        return cell[0]
    if cell[0] >= n:
        return cell[0] - n - len(tree.columns.roots)
    return min(i if i >= 0 else min(tree.levels.members[group_of(i)]) for i in cell)


def _box(tree: _Tree, g: int, cell: list[int], inside: Picture | None) -> Box:
    columns, levels, item = tree.columns, tree.levels, cell[0]
    level: Level = levels[g]
    n = len(columns.kinds)
    if len(cell) == 1 and item >= n:
        return root_box(columns, item - n)
    nodes = [i for item in cell for i in levels.nodes(g, item)]
    if len(cell) == 1 and item >= 0:
        return node_box(columns, nodes, level.path)
    if len(cell) == 1:
        return module_box(columns, level, levels[group_of(item)], nodes, inside)
    if (g, item) in tree.repeats:
        repeat, inner = tree.repeats[g, item]
        return repeat_box(columns, level, levels[inner], repeat, nodes, inside)
    return run_box(columns, nodes, level.path, level.copies)
