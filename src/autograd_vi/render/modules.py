"""To which module each node of a graph belongs, and in which order the forward pass ran.

A graph knows only its leaves' names. From them follows where the operations come from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

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


class _Own(NamedTuple):
    """What the parameters' names tell.

    Attributes:
        paths: the module of each parameter and of each operation that uses one; the whole graph's for other nodes.
        is_parameter: which nodes are parameters, or views of nothing else.
        uses_parameter: which operations use parameters.
    """

    paths: list[Path]
    is_parameter: list[bool]
    uses_parameter: list[bool]


def forward_order(columns: Columns) -> Forward:
    """Return the graph in the direction of its forward pass."""
    n = len(columns.kinds)
    targets: list[list[int]] = [[] for _ in range(n)]
    for source, target, _, _ in reversed(columns.edges):
        targets[source].append(target)
    order: list[int] = []
    place = [-1] * n
    seen = [False] * n
    stack = [root for root, _ in reversed(columns.roots)]
    while stack:
        i = stack.pop()
        if i < 0:  # all that it needs is done
            place[~i] = len(order)
            order.append(~i)
        elif not seen[i]:
            seen[i] = True
            stack.append(~i)
            stack += targets[i]
    return Forward([i for i in order if columns.kinds[i] != "leaf"], place, targets)


def module_paths(columns: Columns, flow: Forward) -> list[Path]:
    """Return, for each node, the module that it belongs to.

    A leaf belongs to the module that its name says, an operation to the module whose parameters it
    uses. An operation without parameters joins the module around the one whose result it takes;
    where it changes the shape, it joins what is around the module that comes next, as the pooling
    between a network's body and its head does.
    """
    own = _own_modules(columns, flow)
    shapes = columns.shapes
    paths, uses_parameter = own.paths, own.uses_parameter
    # What an operation may come after: results, neither leaves nor views of parameters.
    is_result = [False] * len(paths)
    for i in flow.operations:
        is_result[i] = not own.is_parameter[i]
    users = _users(columns, flow, is_result)
    next_module = _next_modules(flow, own, users)
    for i in flow.operations:
        if uses_parameter[i]:
            continue
        taken = [t for t in flow.targets[i] if is_result[t]]
        if not taken:
            continue
        latest = taken[0] if len(taken) == 1 else max(taken, key=flow.place.__getitem__)
        if shapes[i] != shapes[latest]:
            paths[i] = next_module[i][:-1]
            continue
        around = paths[latest][:-1] if uses_parameter[latest] else paths[latest]
        if len(taken) > 1:
            around = _around_shortcuts(own, around, taken, {t: users[t] for t in taken}, i)
        paths[i] = around
    return paths


def _around_shortcuts(
    own: _Own, path: Path, taken: list[int], users: dict[int, list[int]], i: int
) -> Path:
    """Return the module around ``path`` in which all shortcuts to operation ``i`` begin.

    A shortcut is a result that goes around a module into which it also enters.
    """
    for t in set(taken):
        begins = own.paths[t][:-1] if own.uses_parameter[t] else own.paths[t]
        shared = path[: common_depth(path, begins)]
        inner = path[: len(shared) + 1]
        if not any(own.paths[u][: len(inner)] == inner for u in users[t] if u != i):
            path = shared
    return path


def _users(columns: Columns, flow: Forward, is_result: list[bool]) -> dict[int, list[int]]:
    """Return the first users of each operation that is a result."""
    users: dict[int, list[int]] = {i: [] for i in flow.operations}
    for source, target, _, _ in columns.edges:
        if is_result[target] and len(using := users[target]) < USERS:
            using.append(source)
    return users


def _next_modules(flow: Forward, own: _Own, users: dict[int, list[int]]) -> dict[int, Path]:
    """Return, for each operation, the module with parameters into which its result goes first."""
    found: dict[int, Path] = {}
    for i in reversed(flow.operations):
        if not users[i]:
            found[i] = ()
            continue
        user = users[i][0]
        found[i] = own.paths[user] if own.uses_parameter[user] else found[user]
    return found


def _own_modules(columns: Columns, flow: Forward) -> _Own:
    """Return the modules that parameters' names tell."""
    paths: list[Path] = [()] * len(columns.names)
    is_parameter = [False] * len(paths)
    uses_parameter = [False] * len(paths)
    path_of: dict[str, Path] = {"": ()}  # the parameters of a module share its path
    for i, names in enumerate(columns.names):
        if names and columns.kinds[i] == "leaf" and (name := names[0]):
            module = name.rpartition(".")[0]
            if module not in path_of:
                path_of[module] = tuple(module.split(".")[:DEPTH])
            paths[i] = path_of[module]
            is_parameter[i] = True
    for i in flow.operations:
        targets = flow.targets[i]
        if parameters := [paths[t] for t in targets if is_parameter[t]]:
            path, *others = parameters
            for other in others:
                path = path[: common_depth(path, other)]
            paths[i] = path
            uses_parameter[i] = True
            is_parameter[i] = columns.kinds[i] == "view" and len(parameters) == len(targets)
    return _Own(paths, is_parameter, uses_parameter)


def common_depth(a: Path, b: Path) -> int:
    """Return how many modules, from the outermost one, are the same."""
    depth = 0
    for in_a, in_b in zip(a, b, strict=False):
        if in_a != in_b:
            break
        depth += 1
    return depth
