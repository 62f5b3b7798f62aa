"""Which module ran each node of a graph, and in which order the forward pass went through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

DEPTH = 100  # deeper module names are cut

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


def module_paths(columns: Columns) -> list[Path]:
    """Return, for each node, the module that ran it; the whole graph's where none is known, and for leaves."""
    path_of: dict[str | None, Path] = {None: (), "": ()}
    for name in columns.modules:
        if name is not None and name not in path_of:
            path_of[name] = tuple(name.split(".")[:DEPTH])
    return list(map(path_of.__getitem__, columns.modules))


def common_depth(a: Path, b: Path) -> int:
    """Return how many modules, from the outermost one, are the same."""
    if a == b:
        return len(a)
    for depth, (in_a, in_b) in enumerate(zip(a, b, strict=False)):
        if in_a != in_b:
            return depth
    return min(len(a), len(b))
