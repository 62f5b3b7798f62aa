"""Which module ran an operation, as far as parameters tell it for certain.

Where nothing was recorded, two facts are left. Torch numbers the nodes as it creates them, so it is known what ran
between two others. And a module that can only run as a whole used its parameters while it ran. If each of them was
used once, all that ran between its first and its last use ran inside the module. Where another module's parameter was
used in between, something else went on than it seems, and nothing is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from autograd_vi.module_code import whole_modules
from autograd_vi.module_tree import NamedModules, once_each

if TYPE_CHECKING:
    from torch.autograd.graph import Node as TorchNode

    from autograd_vi.operations import NodeKind

_Edges: TypeAlias = "Sequence[tuple[int, int, int, int]]"


def certain_modules(
    modules: NamedModules,
    nodes: Sequence[TorchNode],
    kinds: Sequence[NodeKind],
    names: Sequence[tuple[str, ...]],
    edges: _Edges,
) -> list[str | None]:
    """Return for each node the innermost module that certainly ran it; None where none is certain.

    Args:
        modules: the modules of the model whose parameters the leaves' names are, as
            :func:`autograd_vi.module_tree.named_modules` gives them.
        nodes: torch's nodes.
        kinds: their kinds.
        names: the names of leaves, empty for other nodes.
        edges: ``(source, target, slot, output_nr)``.
    """
    found: list[str | None] = [None] * len(nodes)
    operations = [i for i, kind in enumerate(kinds) if kind != "leaf"]
    numbers = [-1] * len(nodes)
    for i in operations:
        numbers[i] = nodes[i]._sequence_nr()
    falls = all(numbers[source] > numbers[target] for source, target, _, _ in edges)
    if not falls or len({numbers[i] for i in operations}) < len(operations):
        return found  # several threads have numbered them
    users, shared = _users(kinds, names, edges)
    if not users:
        return found
    spans = _spans(users, numbers, whole_modules(once_each(modules)) - shared)
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
) -> tuple[dict[int, set[str]], set[str]]:
    """Return which operations use parameters of which modules, and the modules with a parameter used more than once.

    A view of a parameter alone is as the parameter.
    """
    by_target: list[list[int]] = [[] for _ in kinds]
    inputs_of_views: dict[int, set[int]] = {}
    for source, target, _, _ in edges:
        by_target[target].append(source)
        if kinds[source] == "view":
            inputs_of_views.setdefault(source, set()).add(target)
    users: dict[int, set[str]] = {}
    shared: set[str] = set()
    for leaf, of_leaf in enumerate(names):
        if not of_leaf or kinds[leaf] != "leaf":
            continue
        modules = [name.rpartition(".")[0] for name in of_leaf]
        uses, stack = 0, [leaf]
        while stack:
            for user in by_target[i := stack.pop()]:
                if user in users:
                    users[user].update(modules)
                else:
                    users[user] = set(modules)
                if user in inputs_of_views and inputs_of_views[user] == {i}:
                    stack.append(user)
                else:
                    uses += 1
        if uses > 1 or len(of_leaf) > 1:
            shared.update(*map(_around, modules))
    return users, shared


@lru_cache(maxsize=4096)
def _around(module: str) -> tuple[str, ...]:
    """Return the names of a module and those around it, the outermost first; not the whole model's."""
    return (*_around(module.rpartition(".")[0]), module) if module else ()


def _spans(
    users: dict[int, set[str]], numbers: Sequence[int], candidates: set[str]
) -> list[tuple[int, int, int, str]]:
    """Return ``(first number, -last number, depth, name)`` of each module between whose uses no other one's are."""
    order = sorted(users, key=numbers.__getitem__)
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    own: dict[str, int] = {}  # how many of the operations use parameters of nothing outside it
    for place, i in enumerate(order):
        chains = list(map(_around, users[i]))
        for chain in chains:
            for name in chain:
                if name not in first:
                    first[name], own[name] = place, 0
                last[name] = place
        for name in chains[0] if len(chains) == 1 else set(chains[0]).intersection(*chains[1:]):
            own[name] += 1
    return [
        (numbers[order[place]], -numbers[order[last[name]]], name.count("."), name)
        for name, place in first.items()
        if name in candidates and own[name] == last[name] - place + 1
    ]
