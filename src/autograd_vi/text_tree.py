"""The text tree of a graph.

A shallow graph is printed as a tree, inputs in the order of their slots:

    SubBackward0 ()
    ├─ MulBackward0 ()
    │  ├─ AccumulateGrad a ()
    │  └─ PowBackward0 #1 ()
    │     └─ AccumulateGrad x () ×2
    └─ ↑ PowBackward0 #1

What several operations use has a number and is printed once; ``↑`` and ``↓`` point to that line. ``×2``
says that the same value fills two slots in a row, as in ``x * x``.

In a graph of more than ``LEVELS`` levels the input with the most behind it stands straight below its
operation, without indentation, after the other inputs. A long chain then runs straight down, and
the indentation grows with the logarithm of the graph's size at most. Where inputs so change places,
each says in front which slot it fills. This is deep - w:

    SubBackward0 ()
    ├─ [1] AccumulateGrad w ()
    [0] SinBackward0 ()
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from autograd_vi.saved import saved_text, size_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.graph import Graph

LEVELS = 12


class _Input(NamedTuple):
    """The same output of a node in ``times`` slots in a row."""

    node: int
    output_nr: int
    times: int
    is_home: bool  # whether the node is printed here; elsewhere a reference points to it
    slot: int  # the first of these slots; -1 where the order of lines tells it


def text_tree(graph: Graph) -> str:
    """Return the tree of ``graph``: a line per node and a line per reference."""
    roots, inputs, order = _spanning_tree(graph)
    inline = _levels(inputs, order) > LEVELS
    if inline:
        _move_largest_last(inputs, order)
    else:
        inputs = list(map(_without_slots, inputs))
    labels = _Labels(graph, [*roots, *(entry for i in order for entry in inputs[i])])
    root_names = _telling_names(graph)
    lines: list[str] = []
    printed: set[int] = set()
    for nth, root in enumerate(roots):
        if inline and lines:
            lines.append("")
        # What stands before a line, and before the lines of its inputs.
        stack = [("", "", root)]
        while stack:
            before, below, entry = stack.pop()
            is_leaf = not inputs[entry.node]
            here = entry.node not in printed if is_leaf else entry.is_home
            arrow = "" if here else "↑ " if entry.node in printed else "↓ "
            slot = "" if entry.slot < 0 else f"[{entry.slot}] "
            if entry is root and root_names:
                slot = f"{printable(root_names[nth])}: "
            lines.append(f"{before}{slot}{arrow}{labels.text(entry, in_full=here)}")
            if not here:
                continue
            printed.add(entry.node)
            last = (below, below) if inline else (f"{below}└─ ", f"{below}   ")
            for k, other in enumerate(reversed(inputs[entry.node])):
                stack.append((f"{below}├─ ", f"{below}│  ", other) if k else (*last, other))
    if graph.saved is not None:
        lines += ["", saved_line(graph)]
    return "\n".join(lines)


def saved_line(graph: Graph) -> str:
    """Return how much memory a graph keeps, in words."""
    every, own = graph.saved_bytes(), graph.saved_bytes(leaves=False)
    return f"saved: {size_text(every)}, of which leaves {size_text(every - own)}"


def _spanning_tree(graph: Graph) -> tuple[list[_Input], list[list[_Input]], list[int]]:
    """Return the roots, the inputs of each node, and the nodes' ids, depth first."""
    edges: list[list[tuple[int, int, int]]] = [[] for _ in graph.nodes]
    for source, target, slot, output_nr in graph.edges:
        edges[source].append((slot, target, output_nr))
    inputs = [_in_a_row(sorted(found)) for found in edges]
    roots = (
        [_Input(*root, 1, is_home=False, slot=-1) for root in graph.roots]
        if _telling_names(graph)
        else _without_slots(_in_a_row((k, *root) for k, root in enumerate(graph.roots)))
    )
    order: list[int] = []
    met: set[int] = set()
    stack = [(roots, k) for k in reversed(range(len(roots)))]
    while stack:
        entries, k = stack.pop()
        i = entries[k].node
        if i in met:
            continue
        met.add(i)
        order.append(i)
        entries[k] = entries[k]._replace(is_home=True)
        stack += ((inputs[i], j) for j in reversed(range(len(inputs[i]))))
    return roots, inputs, order


def _telling_names(graph: Graph) -> tuple[str, ...]:
    """Return the roots' names, if they tell more than the place in a list."""
    names = graph.root_names
    plain = [f"[{k}]" for k in range(len(names))]
    return names if any(names) and list(names) != plain else ()


def _in_a_row(slots: Iterable[tuple[int, int, int]]) -> list[_Input]:
    entries = []
    for (node, output_nr), same in groupby(slots, key=itemgetter(1, 2)):
        filled = [slot for slot, *_ in same]
        entries.append(_Input(node, output_nr, len(filled), is_home=False, slot=filled[0]))
    return entries


def _levels(inputs: list[list[_Input]], order: list[int]) -> int:
    level = dict.fromkeys(order, 1)
    for i in order:
        for entry in inputs[i]:
            if entry.is_home:
                level[entry.node] = level[i] + 1
    return max(level.values(), default=0)


def _move_largest_last(inputs: list[list[_Input]], order: list[int]) -> None:
    """Put the input with the largest subtree last; each other one is then at most half as large.

    Slots are kept for those inputs whose order changes.
    """
    size = dict.fromkeys(order, 1)
    for i in reversed(order):
        sizes = [size[entry.node] if entry.is_home else 0 for entry in inputs[i]]
        size[i] += sum(sizes)
        largest = sizes.index(max(sizes)) if max(sizes, default=0) > 1 else len(sizes) - 1
        if largest < len(sizes) - 1:
            inputs[i].append(inputs[i].pop(largest))
        else:
            inputs[i] = _without_slots(inputs[i])


def _without_slots(entries: list[_Input]) -> list[_Input]:
    return [entry._replace(slot=-1) for entry in entries]


class _Labels:
    """Writes nodes out, and numbers those that several lines speak of as they turn up."""

    def __init__(self, graph: Graph, entries: list[_Input]) -> None:
        self.nodes = graph.nodes
        lines = Counter(entry.node for entry in entries)
        self.names_of, self.saved = graph.names_of, graph.saved
        names = Counter(self.nodes[i].names for i in lines)
        self.numbers: dict[int, int] = {}
        self.numbered = {
            i
            for i, count in lines.items()
            if (names[self.nodes[i].names] > 1 if self._has_one_name(i) else count > 1)
            or (self.nodes[i].kind == "leaf" and not self.nodes[i].names)
        }

    def _has_one_name(self, i: int) -> bool:
        """Whether a node's names say all: not so where one of several outputs has them."""
        return bool(self.nodes[i].names) and len(self.nodes[i].shapes) < 2

    def text(self, entry: _Input, *, in_full: bool) -> str:
        """Return the text of one line: with shape and source line only ``in_full``."""
        node = self.nodes[entry.node]
        has_number = len(node.shapes) > 1 and entry.output_nr >= 0  # below 0: several of them
        words = [f"{node.op}[{entry.output_nr}]" if has_number else node.op]
        names = self.names_of(node.id, entry.output_nr) if node.kind != "leaf" else node.names
        if names:
            words.append(" = ".join(map(printable, names)))
        if node.id in self.numbered:
            words.append(f"#{self.numbers.setdefault(node.id, len(self.numbers) + 1)}")
        if in_full and node.shapes:
            several = entry.output_nr < 0 and len(set(node.shapes)) > 1
            shape = None if several else node.shapes[entry.output_nr]
            words.append("?" if shape is None else str(shape))
        if entry.times > 1:
            words.append(f"×{entry.times}")
        if in_full and self.saved is not None and (kept := saved_text(self.saved[node.id])):
            words.append(f" {kept}")
        if in_full and node.source is not None:
            words.append(f" # {node.source.file}:{node.source.line}: {node.source.text}")
        return " ".join(words)


def printable(name: str) -> str:
    """Return a name that stays on its line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
