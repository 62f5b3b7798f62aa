"""What to draw of a graph: modules as groups, long runs as one box, never more than one can read.

A picture is a tree. Each level has boxes and the links between them; a box that is a module may be
unfolded, and then holds the picture of its inside. Folding never makes a cycle: a module is folded
only as a stretch of neighbours in a forward order of the graph, and so is what is elided.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from autograd_vi.graph import columns_of, new_edge
from autograd_vi.render.modules import DEPTH, Forward, common_depth, forward, module_paths
from autograd_vi.walk import paused_gc

if TYPE_CHECKING:
    from autograd_vi.graph import Edge, Graph
    from autograd_vi.notes import Columns

BoxKind: TypeAlias = Literal["root", "operation", "view", "custom", "leaf", "run", "group"]
Unfold: TypeAlias = bool | str | Iterable[str]

ENTRY = -1  # where gradients enter an unfolded module
EXIT = -2  # where they leave it
_GROUP = -3  # items of a level: node ids, ENTRY, EXIT, and _GROUP - g for group g

RUN = 8  # shorter runs are shown in full
PARALLEL = 4  # more links than this between two boxes are drawn as one
BOXES = 30  # modules are unfolded level by level as long as no more boxes appear
ELIDE = 60  # a level with more boxes than this is cut in the middle
KEPT = 12  # and keeps that many at both ends
LIMIT = 5000  # boxes that an explicit unfolding may draw


# Tuples with names, not dataclasses: these are made in half the time.
class Link(NamedTuple):
    """One drawn line; ``source`` and ``target`` are places in ``Picture.boxes``, or ENTRY or EXIT."""

    source: int
    target: int
    edges: tuple[Edge, ...]
    root: int | None = None


class Box(NamedTuple):
    """One drawn box; ``nodes`` are the ids of what it stands for, in forward order.

    ``leaves`` counts those among them that are leaves, in a module or run.
    """

    kind: BoxKind
    label: str
    nodes: tuple[int, ...]
    inside: Picture | None = None
    path: str = ""
    leaves: int = 0


class Picture(NamedTuple):
    """One level of the drawing."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]

    def walk(self) -> Iterator[Box]:
        """Yield all boxes, those inside of unfolded modules too."""
        for box in self.boxes:
            yield box
            if box.inside is not None:
                yield from box.inside.walk()


class _Group(NamedTuple):
    """A module, or the stretch of it between two other modules; group 0 is the whole graph."""

    path: tuple[str, ...]
    parent: int
    items: list[int]
    links: list[tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class _Tree:
    """The graph cut into groups; ``members`` are each group's nodes in forward order.

    The groups in ``whole`` are drawn with all that is in them. ``cells`` notes what was found out
    about a level, for all pictures that may have it.
    """

    graph: Columns
    groups: list[_Group]
    members: list[list[int]]
    whole: set[int] = field(default_factory=set)
    cells: dict[int, list[list[int]]] = field(default_factory=dict)


def fold(graph: Graph, unfold: Unfold = ()) -> Picture:
    """Decide which boxes to draw.

    Args:
        graph: what to draw.
        unfold: names of modules that are drawn with all that is in them, or True for everything.

    Raises:
        ValueError: if ``unfold`` names no module of the graph, or asks for more than 5,000 boxes.
    """
    with paused_gc():
        return _fold(graph, unfold)


def _fold(graph: Graph, unfold: Unfold) -> Picture:
    read = columns_of(graph)
    flow = forward(read)
    groups = _groups(read, flow)
    names = [] if isinstance(unfold, bool) else [unfold] if isinstance(unfold, str) else [*unfold]
    tree = _Tree(read, groups, _members(groups, flow))
    full, opened = _named(groups, names) if names else (set(), {0})
    if unfold is True:
        full = opened = set(range(len(groups)))
    tree.whole.update(full)
    if full and _count(tree, opened, LIMIT) > LIMIT:
        msg = f"more than {LIMIT:,} boxes are no picture; unfold one module by its name instead"
        raise ValueError(msg)
    if unfold is not True:
        for depth in range(1, DEPTH + 1):
            more = {g for g, group in enumerate(groups) if len(group.path) == depth}
            if not more:
                break
            most = max(BOXES, _count(tree, opened, LIMIT))
            if _count(tree, opened | more, most) > most:
                break
            opened |= more
    return _picture(tree, opened)


def _named(groups: list[_Group], names: list[str]) -> tuple[set[int], set[int]]:
    """Return the groups in the modules of these names; and these groups with those around them.

    Raises:
        ValueError: if no module has one of the names.
    """
    paths = {".".join(group.path) for group in groups[1:]}
    for name in names:
        if name not in paths:
            known = ", ".join(sorted(paths)[:20]) or "none; pass params=model to trace"
            msg = f"unfold: {name!r} is no module of this graph. Its modules: {known}"
            raise ValueError(msg)
    full = {
        g
        for g, group in enumerate(groups)
        if any(".".join(group.path[:d]) in names for d in range(1, len(group.path) + 1))
    }
    around = {
        g
        for g, group in enumerate(groups)
        if any(name.startswith(".".join([*group.path, ""])) for name in names) or not group.path
    }
    return full, full | around


def _groups(graph: Columns, flow: Forward) -> list[_Group]:
    """Cut the forward order into stretches of one module, nested like the modules' names."""
    edges, n = graph.edges, len(graph.kinds)
    roots = range(n, n + len(graph.roots))
    to_roots = [
        (root, target, len(edges) + k)
        for k, (root, (target, _)) in enumerate(zip(roots, graph.roots, strict=True))
    ]
    if not any("." in names[0] for names in graph.names if names):
        leaves = [i for i, kind in enumerate(graph.kinds) if kind == "leaf"]
        links = [(source, target, e) for e, (source, target, _, _) in enumerate(edges)]
        return [_Group((), 0, [*flow.operations, *leaves, *roots], [*links, *to_roots])]
    whole = _Group((), 0, [], [])
    groups = [whole]
    paths = module_paths(graph, flow)
    shared = [common_depth(paths[a], paths[b]) for a, b in pairwise(flow.operations)]
    home = [0] * n
    opened = [0]
    for i, before, after in zip(flow.operations, [0, *shared], [*shared, 0], strict=False):
        path = paths[i][: max(before, after)]  # one alone in a module joins the module around it
        del opened[before + 1 :]
        while len(opened) <= len(path):
            groups.append(_Group(path[: len(opened)], opened[-1], [], []))
            groups[opened[-1]].items.append(_GROUP - (len(groups) - 1))
            opened.append(len(groups) - 1)
        groups[opened[-1]].items.append(i)
        home[i] = opened[-1]
    _place_leaves(graph, groups, home)
    whole.items.extend(roots)
    for e, (source, target, _, _) in enumerate(edges):
        if home[source] == home[target]:
            groups[home[source]].links.append((source, target, e))
        else:
            _link(groups, home, e, source, target)
    home += [0] * len(graph.roots)
    for root, target, e in to_roots:
        _link(groups, home, e, root, target)
    return groups


def _place_leaves(graph: Columns, groups: list[_Group], home: list[int]) -> None:
    """Put each leaf into the innermost group that holds all operations that use it."""
    at: dict[int, int] = {}
    kinds = graph.kinds
    for source, target, _, _ in graph.edges:
        if kinds[target] == "leaf":
            user = home[source]
            known = at.setdefault(target, user)
            if known != user:
                at[target] = _meet(groups, known, user)
    for i, kind in enumerate(kinds):
        if kind == "leaf":
            home[i] = at.get(i, 0)
            groups[home[i]].items.append(i)


def _meet(groups: list[_Group], a: int, b: int) -> int:
    while a != b:
        if len(groups[a].path) >= len(groups[b].path):
            a = groups[a].parent
        else:
            b = groups[b].parent
    return a


def _link(groups: list[_Group], home: list[int], e: int, source: int, target: int) -> None:
    """Enter edge ``e`` at the level where its ends part, and as entry and exit below."""
    a, b = home[source], home[target]
    meet = _meet(groups, a, b)
    upper, lower = source, target
    while a != meet:
        groups[a].links.append((upper, EXIT, e))
        upper, a = _GROUP - a, groups[a].parent
    while b != meet:
        groups[b].links.append((ENTRY, lower, e))
        lower, b = _GROUP - b, groups[b].parent
    groups[meet].links.append((upper, lower, e))


def _picture(tree: _Tree, opened: set[int], g: int = 0) -> Picture:
    cells = _cells(tree, g)
    group = tree.groups[g]
    # Groups are nested at most DEPTH deep.
    unfolded = {k: _picture(tree, opened, inside) for k, inside in _inner(cells, opened).items()}
    boxes = tuple([_box(tree, group, cell, unfolded.get(k)) for k, cell in enumerate(cells)])
    return Picture(boxes, _links(tree.graph, group, cells, boxes))


def _count(tree: _Tree, opened: set[int], most: int) -> int:
    """Return how many boxes the picture would have; when there are more than ``most``, any such number."""
    count = 0
    levels = [0]
    for nth, g in enumerate(levels, start=1):
        cells = _cells(tree, g)
        count += len(cells)
        levels += _inner(cells, opened).values()
        ahead = len(levels) - nth  # each has a box at least
        if count + ahead > most:
            return count + ahead
    return count


def _inner(cells: list[list[int]], opened: set[int]) -> dict[int, int]:
    """Return the groups that are unfolded, by their places among the cells."""
    return {
        k: _GROUP - cell[0]
        for k, cell in enumerate(cells)
        if cell[0] < 0 and len(cell) == 1 and _GROUP - cell[0] in opened
    }


def _members(groups: list[_Group], flow: Forward) -> list[list[int]]:
    """Return the nodes of each group, those of its inner groups too, in forward order."""
    members: list[list[int]] = [[] for _ in groups]
    n = len(flow.place)
    for g in range(len(groups) - 1, 0, -1):
        members[g].extend([i for i in groups[g].items if 0 <= i < n])
        members[g].sort(key=flow.place.__getitem__)
        if groups[g].parent:
            members[groups[g].parent].extend(members[g])
    return members


def _cells(tree: _Tree, g: int) -> list[list[int]]:
    """Return what the boxes of a level stand for, from left to right."""
    if (known := tree.cells.get(g)) is not None:
        return known
    graph, group = tree.graph, tree.groups[g]
    cells: list[list[int]] = [[item] for item in group.items]
    if g not in tree.whole and len(cells) >= RUN:  # fewer can be neither a run nor twins
        cells = _fold_runs(graph, group, cells)
        cells = _fold_twins(graph, group, cells)
        if len(cells) > ELIDE:
            cells = _elide(graph, group, cells)
    # In the order of the ids a node's inputs stand from left to right.
    cells.sort(key=lambda cell: _first(tree, cell))
    tree.cells[g] = cells
    return cells


def _first(tree: _Tree, cell: list[int]) -> int:
    n = len(tree.graph.kinds)
    if len(cell) == 1 and 0 <= cell[0] < n:
        return cell[0]
    if cell[0] >= n:
        return cell[0] - n - len(tree.graph.roots)
    return min(i if i >= 0 else min(tree.members[_GROUP - i]) for i in cell)


def _box(tree: _Tree, group: _Group, cell: list[int], inside: Picture | None) -> Box:
    graph, members = tree.graph, tree.members
    item, n = cell[0], len(graph.kinds)
    if len(cell) == 1 and item >= n:
        return Box("root", str(item - n + 1) if len(graph.roots) > 1 else "", ())
    if len(cell) == 1 and item >= 0:
        return Box(graph.kinds[item], _node_label(graph, item, group.path), (item,))
    if len(cell) == 1:
        inner = tree.groups[_GROUP - item]
        path = ".".join(inner.path)
        within = tuple(members[_GROUP - item])
        return Box("group", path, within, inside, path, _leaves(graph, within))
    nodes: list[int] = []
    for i in cell:
        nodes.extend([i] if i >= 0 else members[_GROUP - i])
    label = _run_label(graph, nodes, group.path)
    return Box("run", label, tuple(nodes), leaves=_leaves(graph, nodes))


def _leaves(graph: Columns, ids: Sequence[int]) -> int:
    kinds = graph.kinds
    return [kinds[i] for i in ids].count("leaf")


def _node_label(graph: Columns, i: int, path: tuple[str, ...]) -> str:
    name = graph.names[i][0] if graph.names[i] else ""
    return name.removeprefix(".".join([*path, ""])) or graph.ops[i]


def _run_label(graph: Columns, ids: list[int], path: tuple[str, ...]) -> str:
    ops = [graph.ops[i] for i in reversed(ids) if graph.kinds[i] != "leaf"]
    if not ops:
        first, last = _node_label(graph, ids[0], path), _node_label(graph, ids[-1], path)
        return first if first == last else f"{first} … {last}"
    for period in (1, 2, 3):
        if all(op == ops[k % period] for k, op in enumerate(ops)):
            return ", ".join(ops[:period])
    return f"{ops[0]} … {ops[-1]}"


def _links(
    graph: Columns, group: _Group, cells: list[list[int]], boxes: tuple[Box, ...]
) -> tuple[Link, ...]:
    box_of = {item: k for k, cell in enumerate(cells) for item in cell}
    box_of[ENTRY], box_of[EXIT] = ENTRY, EXIT
    bundles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for source, target, e in group.links:
        ends = box_of[source], box_of[target]
        if ends[0] != ends[1]:
            bundles[ends].append(e)
    links: list[Link] = []
    all_edges = graph.edges
    n = len(all_edges)
    for (source, target), found in bundles.items():
        if found[0] >= n:
            links.append(Link(source, target, (), found[0] - n))
            continue
        edges = tuple([new_edge(all_edges[e]) for e in found])
        if (
            1 < len(edges) <= PARALLEL
            and min(source, target) >= 0
            and len(boxes[source].nodes) == len(boxes[target].nodes) == 1
        ):
            links.extend([Link(source, target, (edge,)) for edge in edges])
        else:
            links.append(Link(source, target, edges))
    return tuple(links)


def _spines(
    graph: Columns, group: _Group
) -> tuple[dict[int, int], dict[int, set[int]], dict[int, list[int]]]:
    """Return, for each operation that alone uses another one, that other one, and its other inputs.

    The third result are the inputs of all operations.
    """
    kinds = graph.kinds
    n = len(kinds)
    operations = {i for i in group.items if 0 <= i < n and kinds[i] != "leaf"}
    user: dict[int, int | None] = {}  # None stands for several
    inputs: dict[int, list[int]] = {i: [] for i in operations}
    for source, target, _ in group.links:
        if user.setdefault(target, source) != source:
            user[target] = None
        # An operation with more inputs than this is in no run; looking them up would take long.
        if source in operations and len(known := inputs[source]) <= RUN and target not in known:
            known.append(target)
    spine: dict[int, int] = {}
    rest: dict[int, set[int]] = {}
    for item, behind in inputs.items():
        below = [t for t in behind if t in operations and user[t] is not None]
        if len(below) == 1 and len(behind) <= RUN:
            spine[item] = below[0]
            rest[item] = {t for t in behind if t != below[0]}
    return spine, rest, inputs


def _fold_runs(graph: Columns, group: _Group, cells: list[list[int]]) -> list[list[int]]:
    """Fold operations in a row whose inputs are the next one and, perhaps, the same others."""
    spine, rest, inputs = _spines(graph, group)
    if len(spine) < RUN - 1:  # a run has one operation more than it has steps
        return cells
    cell_of: dict[int, list[int]] = {}
    taken: set[int] = set()
    heads = spine.keys() - set(spine.values())
    for head in sorted(heads):
        run = [head]
        while (item := run[-1]) in spine:
            below_item = spine[item]
            if _goes_on(rest[item], rest.get(below_item), inputs[below_item]):
                run.append(below_item)
                continue
            cell_of |= _cut(graph, run, taken)
            run = [below_item]
        cell_of |= _cut(graph, run, taken)
    folded: list[list[int]] = []
    for cell in cells:
        if cell[0] in cell_of:
            folded.append(cell_of[cell[0]])
        elif cell[0] not in taken:
            folded.append(cell)
    return folded


def _goes_on(others: set[int], below: set[int] | None, inputs: list[int]) -> bool:
    """Whether the next operation has the same other inputs; the last one may have one more."""
    if below is not None:
        return below == others
    return len(inputs) <= RUN and len(set(inputs) - others) <= 1


def _cut(graph: Columns, run: list[int], taken: set[int]) -> dict[int, list[int]]:
    """Note a finished run under its last item, which comes first in forward order.

    A long stretch of one operation becomes a box of its own.
    """
    pieces: list[list[int]] = [[]]
    for _, found in groupby(run, key=graph.ops.__getitem__):
        stretch = list(found)
        if len(stretch) >= RUN:
            pieces += [stretch, []]
        else:
            pieces[-1] += stretch
    cells = [piece[::-1] for piece in pieces if len(piece) >= RUN]
    taken.update(i for cell in cells for i in cell)
    return {cell[0]: cell for cell in cells}


def _fold_twins(graph: Columns, group: _Group, cells: list[list[int]]) -> list[list[int]]:
    """Fold what differs in nothing: same operation, same users, same inputs."""
    ops, kinds = graph.ops, graph.kinds
    n = len(ops)
    alone = [ops[cell[0]] for cell in cells if len(cell) == 1 and 0 <= cell[0] < n]
    if max(Counter(alone).values(), default=0) < RUN:
        return cells
    cell_of = {item: k for k, cell in enumerate(cells) for item in cell}
    users: list[set[int]] = [set() for _ in cells]
    inputs: list[set[int]] = [set() for _ in cells]
    for source, target, _ in group.links:
        a, b = cell_of.get(source, source), cell_of.get(target, target)
        if a != b:
            if a >= 0:
                inputs[a].add(b)
            if b >= 0:
                users[b].add(a)
    alike: dict[tuple[object, ...], list[int]] = {}
    for k, cell in enumerate(cells):
        item = cell[0]
        if len(cell) > 1 or not 0 <= item < n:
            key: tuple[object, ...] = (k,)
        else:
            key = (ops[item], kinds[item], frozenset(users[k]), frozenset(inputs[k]))
        alike.setdefault(key, []).append(k)
    folded = {twins[0]: twins for twins in alike.values() if len(twins) >= RUN}
    gone = {k for twins in folded.values() for k in twins}
    return [
        [item for t in folded[k] for item in cells[t]] if k in folded else cell
        for k, cell in enumerate(cells)
        if k in folded or k not in gone
    ]


def _elide(graph: Columns, group: _Group, cells: list[list[int]]) -> list[list[int]]:
    """Keep both ends of the forward order, join the middle into a few stretches.

    ``group.items`` lists operations and groups in forward order, then leaves, then roots.
    """
    n = len(graph.kinds)
    roots = [cell for cell in cells if cell[0] >= n]
    leaves = [cell for cell in cells if 0 <= cell[0] < n and graph.kinds[cell[0]] == "leaf"]
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


def _absorb(group: _Group, middle: list[list[int]], leaves: list[list[int]]) -> list[list[int]]:
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
