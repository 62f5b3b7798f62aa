"""To which module each node of a graph belongs, and in which order the forward pass ran.

A graph knows only its leaves' names. From them follows where the operations come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.notes import Columns

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


def forward(graph: Columns) -> Forward:
    """Return the graph in the direction of its forward pass."""
    n = len(graph.kinds)
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
    return Forward([i for i in order if graph.kinds[i] != "leaf"], place, targets)


def module_paths(graph: Columns, flow: Forward) -> list[Path]:
    """Return, for each node, the module that it belongs to.

    A leaf belongs to the module that its name says, an operation to the module whose parameters it
    uses. An operation without parameters joins the module around the one whose result it takes;
    where it changes the shape, it joins what is around the module that comes next, as the pooling
    between a network's body and its head does.
    """
    shapes, targets = graph.shapes, flow.targets
    paths, parameter, own = _own_modules(graph, flow)
    # What an operation may come after: results, neither leaves nor views of parameters.
    result = [False] * len(paths)
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
        behind = [] if own[i] else [t for t in targets[i] if result[t]]
        if not behind:
            continue
        latest = behind[0] if len(behind) == 1 else max(behind, key=flow.place.__getitem__)
        if shapes[i] != shapes[latest]:
            paths[i] = following[i][:-1]
            continue
        path = paths[latest][:-1] if own[latest] else paths[latest]
        for t in set(behind) if len(behind) > 1 else ():
            # A result that goes around the module, into which it also enters, is a shortcut.
            shared = path[: common_depth(path, paths[t][:-1] if own[t] else paths[t])]
            inner = path[: len(shared) + 1]
            if not any(paths[u][: len(inner)] == inner for u in users[t] if u != i):
                path = shared
        paths[i] = path
    return paths


def _own_modules(graph: Columns, flow: Forward) -> tuple[list[Path], list[bool], list[bool]]:
    """Return the modules that parameters' names tell; which nodes are parameters or their views.

    The third result says which operations use parameters.
    """
    paths: list[Path] = [()] * len(graph.names)
    parameter = [False] * len(paths)
    own = [False] * len(paths)
    path_of: dict[str, Path] = {"": ()}  # the parameters of a module share its path
    for i, names in enumerate(graph.names):
        if names and (name := names[0]):
            module = name.rpartition(".")[0]
            if module not in path_of:
                path_of[module] = tuple(module.split(".")[:DEPTH])
            paths[i] = path_of[module]
            parameter[i] = True
    for i in flow.operations:
        behind = flow.targets[i]
        if mine := [paths[t] for t in behind if parameter[t]]:
            path, *others = mine
            for other in others:
                path = path[: common_depth(path, other)]
            paths[i] = path
            own[i] = True
            parameter[i] = graph.kinds[i] == "view" and len(mine) == len(behind)
    return paths, parameter, own


def common_depth(one: Path, other: Path) -> int:
    """Return how many modules, from the outermost one, are the same."""
    depth = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        depth += 1
    return depth
