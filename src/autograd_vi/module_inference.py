"""Which module ran an operation, as far as parameters tell it for certain.

Where nothing was recorded, two facts are left. Torch numbers the nodes as it creates them, so it is known what ran
between two others. And a module that can only run as a whole used its parameters while it ran. If each of them was
used once, all that ran between its first and its last use ran inside the module. Where another module's parameter was
used in between, something else went on than it seems, and nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

from autograd_vi.module_code import whole_modules

if TYPE_CHECKING:
    from torch import nn
    from torch.autograd.graph import Node as TorchNode

    from autograd_vi.operations import NodeKind

_Edges: TypeAlias = "Sequence[tuple[int, int, int, int]]"
_Path: TypeAlias = "tuple[str, ...]"


def certain_modules(
    model: nn.Module,
    nodes: Sequence[TorchNode],
    kinds: Sequence[NodeKind],
    names: Sequence[tuple[str, ...]],
    edges: _Edges,
) -> list[str | None]:
    """Return for each node the innermost module that certainly ran it; None where none is certain.

    Args:
        model: the model whose parameters the leaves' names are.
        nodes: torch's nodes.
        kinds: their kinds.
        names: the names of leaves, empty for other nodes.
        edges: ``(source, target, slot, output_nr)``.
    """
    found: list[str | None] = [None] * len(nodes)
    numbers = [-1 if kinds[i] == "leaf" else node._sequence_nr() for i, node in enumerate(nodes)]
    operations = [i for i, kind in enumerate(kinds) if kind != "leaf"]
    falls = all(numbers[source] > numbers[target] for source, target, _, _ in edges)
    if not falls or len({numbers[i] for i in operations}) < len(operations):
        return found  # several threads have numbered them
    users, shared = _users(kinds, names, edges)
    if not users:
        return found
    spans = _spans(users, numbers, whole_modules(model) - shared)
    operations.sort(key=numbers.__getitem__)
    starts = sorted(spans, reverse=True)
    open_spans: list[tuple[int, str]] = []
    for i in operations:
        number = numbers[i]
        while starts and starts[-1][0] <= number:
            _, minus_last, _, name = starts.pop()
            open_spans.append((-minus_last, name))
        while open_spans and open_spans[-1][0] < number:
            open_spans.pop()
        if open_spans:
            found[i] = open_spans[-1][1]
    return found


def _users(
    kinds: Sequence[NodeKind], names: Sequence[tuple[str, ...]], edges: _Edges
) -> tuple[dict[int, set[_Path]], set[str]]:
    """Return which operations use parameters of which modules, and the modules with a parameter used more than once.

    A view of a parameter alone is as the parameter.
    """
    inputs: dict[int, list[int]] = {}
    by_target: dict[int, list[int]] = {}
    for source, target, _, _ in edges:
        inputs.setdefault(source, []).append(target)
        by_target.setdefault(target, []).append(source)
    users: dict[int, set[_Path]] = {}
    shared: set[str] = set()
    for leaf, of_leaf in enumerate(names):
        if kinds[leaf] != "leaf" or not of_leaf:
            continue
        paths = [tuple(name.split(".")[:-1]) for name in of_leaf]
        uses, stack = 0, [leaf]
        while stack:
            for user in by_target.get(i := stack.pop(), ()):
                users.setdefault(user, set()).update(paths)
                if kinds[user] == "view" and set(inputs[user]) == {i}:
                    stack.append(user)
                else:
                    uses += 1
        if uses > 1 or len(of_leaf) > 1:
            shared.update(".".join(path[:n]) for path in paths for n in range(1, len(path) + 1))
    return users, shared


def _spans(
    users: dict[int, set[_Path]], numbers: Sequence[int], candidates: set[str]
) -> list[tuple[int, int, int, str]]:
    """Return ``(first number, -last number, depth, name)`` of each module between whose uses no other one's are."""
    order = sorted(users, key=numbers.__getitem__)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    own: dict[str, int] = {}
    for place, i in enumerate(order):
        paths = users[i]
        around = {path[:n] for path in paths for n in range(1, len(path) + 1)}
        for path in around:
            name = ".".join(path)
            first.setdefault(name, place)
            last[name] = place
            if all(other[: len(path)] == path for other in paths):
                own[name] = own.get(name, 0) + 1
    return [
        (numbers[order[first[name]]], -numbers[order[last[name]]], name.count("."), name)
        for name in first
        if name in candidates and own.get(name) == last[name] - first[name] + 1
    ]
