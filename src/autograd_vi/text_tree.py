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
the indentation grows with the logarithm of the graph's size at most.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

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


def text_tree(graph: Graph) -> str:
    """Return the tree of ``graph``: a line per node and a line per reference."""
    roots, inputs, order = _spanning_tree(graph)
    inline = _levels(inputs, order) > LEVELS
    if inline:
        _move_largest_last(inputs, order)
    labels = _Labels(graph, [*roots, *(entry for i in order for entry in inputs[i])])
    lines: list[str] = []
    printed: set[int] = set()
    for root in roots:
        if inline and lines:
            lines.append("")
        # What stands before a line, and before the lines of its inputs.
        stack = [("", "", root)]
        while stack:
            before, below, entry = stack.pop()
            is_leaf = not inputs[entry.node]
            here = entry.node not in printed if is_leaf else entry.is_home
            arrow = "" if here else "↑ " if entry.node in printed else "↓ "
            lines.append(f"{before}{arrow}{labels.text(entry, in_full=here)}")
            if not here:
                continue
            printed.add(entry.node)
            last = (below, below) if inline else (f"{below}└─ ", f"{below}   ")
            for k, other in enumerate(reversed(inputs[entry.node])):
                stack.append((f"{below}├─ ", f"{below}│  ", other) if k else (*last, other))
    return "\n".join(lines)


def _spanning_tree(graph: Graph) -> tuple[list[_Input], list[list[_Input]], list[int]]:
    """Return the roots, the inputs of each node, and the nodes' ids, depth first."""
    edges: list[list[tuple[int, int, int]]] = [[] for _ in graph.nodes]
    for source, target, slot, output_nr in graph.edges:
        edges[source].append((slot, target, output_nr))
    inputs = [_in_a_row((target, nr) for _, target, nr in sorted(found)) for found in edges]
    roots = _in_a_row(graph.roots)
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


def _in_a_row(values: Iterable[tuple[int, int]]) -> list[_Input]:
    return [_Input(*value, len(list(same)), is_home=False) for value, same in groupby(values)]


def _levels(inputs: list[list[_Input]], order: list[int]) -> int:
    level = dict.fromkeys(order, 1)
    for i in order:
        for entry in inputs[i]:
            if entry.is_home:
                level[entry.node] = level[i] + 1
    return max(level.values(), default=0)


def _move_largest_last(inputs: list[list[_Input]], order: list[int]) -> None:
    """Put the input with the largest subtree last; each other one is then at most half as large."""
    size = dict.fromkeys(order, 1)
    for i in reversed(order):
        sizes = [size[entry.node] if entry.is_home else 0 for entry in inputs[i]]
        size[i] += sum(sizes)
        if max(sizes, default=0) > 1:
            inputs[i].append(inputs[i].pop(sizes.index(max(sizes))))


class _Labels:
    """Writes nodes out, and numbers those that several lines speak of as they turn up."""

    def __init__(self, graph: Graph, entries: list[_Input]) -> None:
        self.nodes = graph.nodes
        lines = Counter(entry.node for entry in entries)
        names = Counter(self.nodes[i].names for i in lines)
        self.numbers: dict[int, int] = {}
        self.numbered = {
            i
            for i, count in lines.items()
            if (names[self.nodes[i].names] > 1 if self.nodes[i].names else count > 1)
            or (self.nodes[i].kind == "leaf" and not self.nodes[i].names)
        }

    def text(self, entry: _Input, *, in_full: bool) -> str:
        """Return the text of one line: with shape and source line only ``in_full``."""
        node = self.nodes[entry.node]
        words = [f"{node.op}[{entry.output_nr}]" if len(node.shapes) > 1 else node.op]
        if node.names:
            words.append(" = ".join(map(_printable, node.names)))
        if node.id in self.numbered:
            words.append(f"#{self.numbers.setdefault(node.id, len(self.numbers) + 1)}")
        if in_full:
            shape = node.shapes[entry.output_nr] if node.shapes else None
            words.append("?" if shape is None else str(shape))
        if entry.times > 1:
            words.append(f"×{entry.times}")
        if in_full and node.source is not None:
            words.append(f" # {node.source.file}:{node.source.line}: {node.source.text}")
        return " ".join(words)


def _printable(name: str) -> str:
    """Return a name that stays on its line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)
