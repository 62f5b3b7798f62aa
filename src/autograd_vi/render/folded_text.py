"""The text of a picture: a tree for each of its levels, one below the other.

What is folded is a line. What is unfolded is a line too, and has a tree of its own further down:

    SumBackward0 ()
    StackBackward0 (1000, 2)
    ×1,000, side by side ×1,000

    ×1,000, side by side; each: operations: 2, leaves: 1
    MulBackward0 (2,)
    ...
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from autograd_vi.columns import columns_of
from autograd_vi.node import Edge, Node
from autograd_vi.render.folding import fold
from autograd_vi.render.kinds import KINDS
from autograd_vi.render.level import COUNTS, box_lines, box_text
from autograd_vi.render.picture import ENTRY, EXIT, Box, Link, Picture
from autograd_vi.render.words import WORDS
from autograd_vi.text_tree import printable, saved_line, text_tree

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.graph import Graph
    from autograd_vi.render.folding import Unfold

_FROM = {False: "from outside", True: "from outside or from the copy before"}
_MANY = 1 << 40  # slots below zero are not printed: those of what is folded tell nothing


def folded_text(graph: Graph, unfold: Unfold) -> str:
    """Return the text of the picture of ``graph``; ``unfold`` as for :meth:`autograd_vi.Graph.to_svg`."""
    columns, picture = columns_of(graph), fold(graph, unfold)
    cls = type(graph)
    parts = [text_tree(_as_graph(cls, columns, picture, graph.root_names))]
    parts += [
        f"{_in_one_line(box)}\n{text_tree(_as_graph(cls, columns, box.inside, chained=box.chained))}"
        for box in picture.walk()
        if box.inside is not None
    ]
    if graph.saved is not None:
        parts.append(saved_line(graph))
    parts.append(f"folded: {len(columns.ops):,} nodes; text(unfold=True) has a line for each")
    return "\n\n".join(parts)


def _as_graph(
    cls: type[Graph],  # graph.py imports this module
    columns: Columns,
    picture: Picture,
    root_names: tuple[str, ...] = (),
    *,
    chained: bool = False,
) -> Graph:
    """Return a level of the picture as a graph, with a node for each of its boxes."""
    boxes = picture.boxes
    nodes = [_as_node(columns, k, box) for k, box in enumerate(boxes)]
    outside = len(nodes)
    nodes.append(Node(outside, "input", "leaf", (_FROM[chained],), (), (), None))
    edges: list[Edge] = []
    folded_slots: dict[int, int] = defaultdict(lambda: -_MANY)
    for link in picture.links:
        if link.source < 0 or boxes[link.source].kind == "root":
            continue
        target = outside if link.target == EXIT else link.target
        for slot, output_nr in _slots(boxes, link):
            if slot < 0:
                folded_slots[link.source] += 1
                slot = folded_slots[link.source]  # noqa: PLW2901 (each has one of its own)
            edges.append(Edge(link.source, target, slot, output_nr))
    return cls(nodes, sorted(edges), _roots(columns, picture), root_names)


def _roots(columns: Columns, picture: Picture) -> list[tuple[int, int]]:
    """Return the boxes with which the tree of a level starts."""
    boxes = picture.boxes
    by_root = {
        link.root: (link.target, columns.roots[link.root][1] * _is_node(boxes[link.target]))
        for link in picture.links
        if link.root is not None and link.source != ENTRY
    }
    if by_root:
        return [by_root[root] for root in sorted(by_root)]
    used = {link.target for link in picture.links if link.source >= 0}
    return [(k, 0) for k in range(len(boxes)) if k not in used]


def _slots(boxes: tuple[Box, ...], link: Link) -> list[tuple[int, int]]:
    """Return the slot and the output number of each edge of a link, of one copy; -1 where there is no slot."""
    from_node = _is_node(boxes[link.source])
    to_node = link.target >= 0 and _is_node(boxes[link.target])
    edges = link.edges[:: link.copies] if len(link.edges) % link.copies == 0 else link.edges[:1]
    if not from_node:  # which output it is matters only where all are the same
        numbers = {edge.output_nr for edge in edges} if to_node else {0}
        number = numbers.pop() if len(numbers) == 1 else -1
        return [(-1, number)] * len(edges)
    return [(edge.slot, edge.output_nr if to_node else 0) for edge in edges]


def _is_node(box: Box) -> bool:
    return not KINDS[box.kind].folded and box.kind != "root"


def _as_node(columns: Columns, k: int, box: Box) -> Node:
    if not _is_node(box):
        return Node(k, _in_one_line(box), "operation", (), (), (), None)
    node = box.nodes[0]
    op, shapes = columns.ops[node], columns.shapes(node)
    if columns.kinds[node] == "leaf":
        names = () if box.label == op else (box.label,)
        return Node(k, op, "leaf", names, shapes, (), None)
    return Node(k, printable(box.label), "operation", (), shapes, (), None)


def _in_one_line(box: Box) -> str:
    """Return the name of a folded box, and what is in it."""
    name = box_text(box) if box.kind == "repeat" else "".join(box_lines(box))
    if box.leaves == len(box.nodes):  # leaves folded together have their names alone in the picture
        name = f"AccumulateGrad {name.removeprefix('AccumulateGrad').lstrip()}"
    key = COUNTS.get(KINDS[box.kind].folded)
    return printable(f"{name}; {WORDS[key].format_map(box.counts)}" if key else name)
