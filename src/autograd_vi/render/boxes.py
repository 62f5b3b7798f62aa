"""From cells, which say what each box of a level stands for, to boxes with their names, and links between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd_vi.node import new_edge
from autograd_vi.render.picture import ENTRY, EXIT, Box, Link

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.render.groups import Group
    from autograd_vi.render.modules import Path
    from autograd_vi.render.picture import Picture

PARALLEL = 4  # more links than this between two boxes are drawn as one


def root_box(columns: Columns, root: int) -> Box:
    """Return the box of a root, with its name in a container, or its number where there are several."""
    name = columns.root_names[root] if columns.root_names else ""
    if name and any(name != f"[{k}]" for k, name in enumerate(columns.root_names)):
        return Box("root", name, ())
    return Box("root", str(root + 1) if len(columns.roots) > 1 else "", ())


def node_box(columns: Columns, node: int, path: Path) -> Box:
    """Return the box of a node in a module of this path."""
    return Box(columns.kinds[node], _node_label(columns, node, path), (node,))


def module_box(columns: Columns, path: Path, nodes: list[int], inside: Picture | None) -> Box:
    """Return the box of a module; ``inside`` is what is in it, if it is unfolded."""
    name = ".".join(path)
    return Box("group", name, tuple(nodes), inside, name, _count_leaves(columns, nodes))


def run_box(columns: Columns, nodes: list[int], path: Path) -> Box:
    """Return the box of several nodes in a module of this path."""
    label = _run_label(columns, nodes, path)
    return Box("run", label, tuple(nodes), leaves=_count_leaves(columns, nodes))


def _count_leaves(columns: Columns, nodes: Sequence[int]) -> int:
    kinds = columns.kinds
    return [kinds[i] for i in nodes].count("leaf")


def _node_label(columns: Columns, node: int, path: Path) -> str:
    names, op = columns.names[node], columns.ops[node]
    if columns.kinds[node] != "leaf":
        return f"{op} {' = '.join(names)}" if names else op
    around = ".".join([*path, ""])
    return " = ".join([name.removeprefix(around) for name in names]) or op


def _run_label(columns: Columns, nodes: list[int], path: Path) -> str:
    ops = [columns.ops[i] for i in reversed(nodes) if columns.kinds[i] != "leaf"]
    if not ops:
        first, last = (_node_label(columns, i, path) for i in (nodes[0], nodes[-1]))
        return first if first == last else f"{first} … {last}"
    for period in (1, 2, 3):
        if all(op == ops[k % period] for k, op in enumerate(ops)):
            return ", ".join(ops[:period])
    return f"{ops[0]} … {ops[-1]}"


def links_between(
    columns: Columns, group: Group, cells: list[list[int]], boxes: tuple[Box, ...]
) -> tuple[Link, ...]:
    """Return the links between the boxes of a level; many between the same two are one."""
    box_of = {item: k for k, cell in enumerate(cells) for item in cell}
    box_of[ENTRY], box_of[EXIT] = ENTRY, EXIT
    bundles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for source, target, e in group.links:
        ends = box_of[source], box_of[target]
        if ends[0] != ends[1]:
            bundles[ends].append(e)
    links: list[Link] = []
    rows = columns.edges
    n = len(rows)
    for (source, target), found in bundles.items():
        if found[0] >= n:  # a root's line
            links.append(Link(source, target, (), found[0] - n))
            continue
        edges = tuple([new_edge(rows[e]) for e in found])
        if (
            1 < len(edges) <= PARALLEL
            and min(source, target) >= 0
            and len(boxes[source].nodes) == len(boxes[target].nodes) == 1
        ):
            links.extend([Link(source, target, (edge,)) for edge in edges])
        else:
            links.append(Link(source, target, edges))
    return tuple(links)
