"""To which module each node of a graph belongs, and in which order the forward pass ran.

A graph knows only its leaves' names. From them follows where the operations come from.
"""

from __future__ import annotations

from operator import ne
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.graph import Graph

DEPTH = 6  # deeper module names are cut
USERS = 8  # users of a result that are looked at to find out to which module it goes

Path: TypeAlias = "tuple[str, ...]"


class Forward(NamedTuple):
    """A graph in the direction of its forward pass.

    Attributes:
        operations: the ids of all but leaves, inputs before the operations that use them, depth
            first from the roots.
        place: the place of each node in this order, leaves counted too.
        targets: the targets of each node, the first slot last.
    """

    operations: list[int]
    place: list[int]
    targets: list[list[int]]


def forward(graph: Graph) -> Forward:
    """Return the graph in the direction of its forward pass."""
    n = len(graph.nodes)
    targets: list[list[int]] = [[] for _ in range(n)]
    for source, target, _, _ in reversed(graph.edges):
        targets[source].append(target)
    order: list[int] = []
    place = [-1] * n
    seen = [False] * n
    stack = [root for root, _ in reversed(graph.roots)]
    while stack:
        i = stack.pop()
        if i < 0:  # all that it needs is done
            place[~i] = len(order)
            order.append(~i)
        elif not seen[i]:
            seen[i] = True
            stack.append(~i)
            stack += targets[i]
    kinds = [node.kind for node in graph.nodes]
    return Forward([i for i in order if kinds[i] != "leaf"], place, targets)


def module_paths(graph: Graph, flow: Forward) -> list[Path]:
    """Return, for each node, the module that it belongs to.

    A leaf belongs to the module that its name says, an operation to the module whose parameters it
    uses. An operation without parameters joins the module around the one whose result it takes;
    where it changes the shape, it joins what is around the module that comes next, as the pooling
    between a network's body and its head does.
    """
    nodes, targets = graph.nodes, flow.targets
    paths, parameter, own = _own_modules(graph, flow)
    # What an operation may come after: results, neither leaves nor views of parameters.
    result = [False] * len(nodes)
    for i in flow.operations:
        result[i] = not parameter[i]
    users: dict[int, list[int]] = {i: [] for i in flow.operations}
    for source, target, _, _ in graph.edges:
        if result[target] and len(using := users[target]) < USERS:
            using.append(source)
    following: dict[int, Path] = {}
    for i in reversed(flow.operations):
        user = users[i][0] if users[i] else -1
        following[i] = () if user < 0 else paths[user] if own[user] else following[user]
    for i in flow.operations:
        if own[i]:
            continue
        others = {t for t in targets[i] if result[t]}
        if not others:
            continue
        around = {t: paths[t][:-1] if own[t] else paths[t] for t in others}
        latest = max(others, key=flow.place.__getitem__)
        path = around[latest]
        for t in others if len(others) > 1 else ():
            # A result that goes around the module, into which it also enters, is a shortcut.
            shared = _common([path, around[t]])
            inner = path[: len(shared) + 1]
            if not any(paths[u][: len(inner)] == inner for u in users[t] if u != i):
                path = shared
        changed = nodes[i].shapes != nodes[latest].shapes
        paths[i] = following[i][:-1] if changed else path
    return paths


def _own_modules(graph: Graph, flow: Forward) -> tuple[list[Path], list[bool], list[bool]]:
    """Return the modules that parameters' names tell; which nodes are parameters or their views.

    The third result says which operations use parameters.
    """
    nodes = graph.nodes
    paths: list[Path] = [()] * len(nodes)
    parameter = [False] * len(nodes)
    own = [False] * len(nodes)
    path_of: dict[str, Path] = {"": ()}  # the parameters of a module share its path
    for i, node in enumerate(nodes):
        if node.names and (name := node.names[0]):
            module = name.rpartition(".")[0]
            if module not in path_of:
                path_of[module] = tuple(module.split(".")[:DEPTH])
            paths[i] = path_of[module]
            parameter[i] = True
    for i in flow.operations:
        behind = flow.targets[i]
        if mine := [paths[t] for t in behind if parameter[t]]:
            paths[i] = _common(mine)
            own[i] = True
            parameter[i] = nodes[i].kind == "view" and len(mine) == len(behind)
    return paths, parameter, own


def _common(paths: list[Path]) -> Path:
    first = paths[0]
    if paths.count(first) == len(paths):
        return first
    low, high = min(paths), max(paths)
    n = next((k for k, (a, b) in enumerate(zip(low, high, strict=False)) if a != b), None)
    return low[: min(len(low), len(high)) if n is None else n]


def without_lone_modules(operations: list[int], paths: list[Path]) -> list[Path]:
    """Move an operation that is alone in its module into the module around it."""
    short = list(paths)
    for depth in range(max(map(len, paths)), 0, -1):
        cut = [short[i][:depth] for i in operations]
        new = [True, *map(ne, cut, cut[1:]), True]  # whether a path differs from the one before
        for k, path in enumerate(cut):
            if new[k] and new[k + 1] and len(path) == depth:
                short[operations[k]] = path[:-1]
    return short
