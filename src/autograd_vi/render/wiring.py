"""One level of a picture as what is to be compared: the kind of each item, and how it is wired."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from autograd_vi.render.groups import group_of
from autograd_vi.render.picture import ENTRY, EXIT

if TYPE_CHECKING:
    from autograd_vi.render.equality import Equality

Port: TypeAlias = "tuple[int, ...]"


class Below(NamedTuple):
    """One input of an item: at which port, of what, which of its outputs, and the number of its shape and dtype."""

    port: Port
    target: int
    output: Port
    value: int


class Above(NamedTuple):
    """One use of an item: by what, at which port, and which output of the item is used."""

    source: int
    port: Port
    output: Port


class Wiring(NamedTuple):
    """The items of a level.

    Attributes:
        kinds: the number of each item that may be in a copy. What is equal has the same.
        below: the inputs of each of them.
        above: the uses of each item, also of those that may not.
        depths: how many items, at most, are in a row below each.
        loose: the operations among the items.
    """

    kinds: dict[int, int]
    below: dict[int, list[Below]]
    above: dict[int, list[Above]]
    depths: dict[int, int]
    loose: set[int]


def read_wiring(
    equality: Equality,
    items: Iterable[int],
    links: Iterable[tuple[int, int, int]],
    apart: set[int],
) -> Wiring:
    """Read the wiring of a level; no copy may have the items ``apart``."""
    columns = equality.columns
    n, n_edges = len(columns.ops), len(columns.edges)
    kinds: dict[int, int] = {}
    loose: set[int] = set()
    in_order: list[int] = []  # operations and groups, each after what it uses
    for item in items:
        if item < n and (item < 0 or columns.kinds[item] != "leaf"):
            in_order.append(item)
        if item < n and item not in apart:
            # Nodes and groups have numbers from one series, so they never mix.
            kinds[item] = equality.node(item) if item >= 0 else equality.group(group_of(item))
            if item >= 0 and columns.kinds[item] != "leaf":
                loose.add(item)
    below: dict[int, list[Below]] = defaultdict(list)
    above: dict[int, list[Above]] = defaultdict(list)
    for source, target, e in links:
        if e >= n_edges:  # a root's line
            above[target].append(Above(source, (), ()))
            continue
        from_node, to_node, slot, output_nr = columns.edges[e]
        port = _port(equality, source, from_node, slot)
        output = _port(equality, target, to_node, output_nr)
        below[source].append(Below(port, target, output, equality.value(to_node, output_nr)))
        above[target].append(Above(source, port, output))
    for found in below.values():
        found.sort()
    depths: dict[int, int] = {}
    for item in in_order:
        depths[item] = 1 + max([depths.get(b.target, 0) for b in below[item]], default=0)
    return Wiring(kinds, below, above, depths, loose)


def _port(equality: Equality, item: int, node: int, number: int) -> Port:
    """Return by which of an item's nodes, and where there, an edge is tied to it."""
    if item >= 0 or item in {ENTRY, EXIT}:
        return (number,)
    return equality.places(group_of(item))[node], number
