"""A graph cut into groups: modules, or stretches of them between two other modules, one inside the other.

A module is a group only as a stretch of neighbours in a forward order of the graph. So no folding of groups makes a
cycle.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from autograd_vi.render.modules import Forward, Path, common_depth, module_paths
from autograd_vi.render.picture import ENTRY, EXIT

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

_FIRST_GROUP = -3  # below ENTRY and EXIT


class Group(NamedTuple):
    """A module, or a stretch of it; group 0 is the whole graph.

    Attributes:
        path: the module's name, in its parts.
        parent: the group around it.
        items: what its level has, in forward order; then leaves, and roots. An item is a node's id, a root as
            :func:`cut_into_groups` numbers it, or a group as :func:`group_item` gives it.
        links: what runs between two items, the upper one first, and its edge. Items here may be ENTRY or EXIT too. A
            root's line counts on after the graph's edges.
    """

    path: Path
    parent: int
    items: list[int]
    links: list[tuple[int, int, int]]


def group_item(group: int) -> int:
    """Return the item that stands for a group."""
    return _FIRST_GROUP - group


def group_of(item: int) -> int:
    """Return the group that an item stands for."""
    return _FIRST_GROUP - item


def cut_into_groups(columns: Columns, flow: Forward) -> list[Group]:
    """Cut the forward order into stretches of one module, nested like the modules' names.

    Roots count on after the nodes.
    """
    n = len(columns.kinds)
    n_edges = len(columns.edges)
    roots = range(n, n + len(columns.roots))
    root_links = [
        (root, target, n_edges + k)
        for k, (root, (target, _)) in enumerate(zip(roots, columns.roots, strict=True))
    ]
    if not any(columns.modules):
        leaves = [i for i, kind in enumerate(columns.kinds) if kind == "leaf"]
        links = [(source, target, e) for e, (source, target, _, _) in enumerate(columns.edges)]
        return [Group((), 0, [*flow.operations, *leaves, *roots], [*links, *root_links])]
    groups, home = _place_operations(flow, module_paths(columns))
    _place_leaves(columns, groups, home)
    groups[0].items.extend(roots)
    home += [0] * len(roots)
    for e, (source, target, _, _) in enumerate(columns.edges):
        if (g := home[source]) == home[target]:  # as most are
            groups[g].links.append((source, target, e))
        else:
            _link(groups, home, source, target, e)
    for link in root_links:
        _link(groups, home, *link)
    return groups


def _place_operations(flow: Forward, paths: Sequence[Path]) -> tuple[list[Group], list[int]]:
    """Return the groups, with the operations in them; and for each node the group that it is in."""
    groups = [Group((), 0, [], [])]
    home = [0] * len(paths)
    of_operations = [paths[i] for i in flow.operations]
    shared = [common_depth(a, b) for a, b in pairwise(of_operations)]
    open_groups = [0]  # from the outermost one
    for i, path, before, after in zip(
        flow.operations, of_operations, [0, *shared], [*shared, 0], strict=False
    ):
        depth = max(before, after)  # one alone in a module joins the module around it
        del open_groups[before + 1 :]
        for d in range(before + 1, depth + 1):
            groups[open_groups[-1]].items.append(group_item(len(groups)))
            groups.append(Group(path[:d], open_groups[-1], [], []))
            open_groups.append(len(groups) - 1)
        home[i] = g = open_groups[-1]
        groups[g].items.append(i)
    return groups, home


def _place_leaves(columns: Columns, groups: list[Group], home: list[int]) -> None:
    """Put each leaf into the innermost group that holds all operations that use it, and to which its name belongs.

    So a model's input stands outside of its modules.
    """
    found: dict[int, int] = {}
    kinds = columns.kinds
    for source, target, _, _ in columns.edges:
        if kinds[target] == "leaf":
            user = home[source]
            known = found.setdefault(target, user)
            if known != user:
                found[target] = _innermost_around(groups, known, user)
    prefixes = [".".join([*group.path, ""]) for group in groups]
    for i, kind in enumerate(kinds):
        if kind == "leaf":
            g = found.get(i, 0)
            names = columns.names[i]
            while g and not [name for name in names if name.startswith(prefixes[g])]:
                g = groups[g].parent
            home[i] = g
            groups[g].items.append(i)


def _innermost_around(groups: list[Group], a: int, b: int) -> int:
    """Return the innermost group that has both groups in it."""
    while a != b:
        if len(groups[a].path) >= len(groups[b].path):
            a = groups[a].parent
        else:
            b = groups[b].parent
    return a


def _link(groups: list[Group], home: list[int], source: int, target: int, e: int) -> None:
    """Enter edge ``e`` at the level where its ends part, and as entry and exit below."""
    a, b = home[source], home[target]
    around = _innermost_around(groups, a, b)
    upper, lower = source, target
    while a != around:
        groups[a].links.append((upper, EXIT, e))
        upper, a = group_item(a), groups[a].parent
    while b != around:
        groups[b].links.append((ENTRY, lower, e))
        lower, b = group_item(b), groups[b].parent
    groups[around].links.append((upper, lower, e))


def group_members(groups: list[Group], flow: Forward) -> list[list[int]]:
    """Return the nodes of each group, those of its inner groups too, in forward order.

    The first list stays empty: nobody asks for all nodes.
    """
    found: list[list[int]] = [[] for _ in groups]
    n = len(flow.place)
    for g in range(len(groups) - 1, 0, -1):
        found[g].extend([i for i in groups[g].items if 0 <= i < n])
        found[g].sort(key=flow.place.__getitem__)
        if groups[g].parent:
            found[groups[g].parent].extend(found[g])
    return found
