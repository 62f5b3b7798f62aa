"""From cells, which say what each box of a level stands for, to boxes with their names, and links between them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from autograd_vi.node import new_edge
from autograd_vi.render.picture import ENTRY, EXIT, Box, Link

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.node import Edge
    from autograd_vi.render.levels import Level
    from autograd_vi.render.modules import Path
    from autograd_vi.render.picture import Picture
    from autograd_vi.render.repeats import Repeat

PARALLEL = 4  # more links than this between two boxes are drawn as one


def root_box(columns: Columns, root: int) -> Box:
    """Return the box of a root: with its name in a container, else its variable's, else its number among several."""
    name = columns.root_names[root] if columns.root_names else ""
    if name and any(name != f"[{k}]" for k, name in enumerate(columns.root_names)):
        return Box("root", name, ())
    if columns.root_variables and (variable := columns.root_variables[root]):
        return Box("root", variable, ())
    return Box("root", str(root + 1) if len(columns.roots) > 1 else "", ())


def node_box(columns: Columns, nodes: list[int], path: Path) -> Box:
    """Return the box of a node in a module of this path, or of the node that it is in each copy of a repeat."""
    kind = columns.kinds[nodes[0]]
    label = _node_label(columns, nodes, path)
    return Box(kind, label, tuple(nodes), copies=len(nodes))


def module_box(
    columns: Columns, around: Level, module: Level, nodes: list[int], inside: Picture | None
) -> Box:
    """Return the box of a module; ``inside`` is what is in it, if it is unfolded."""
    depth = len(around.path)
    path, last = module.path, module.last_path
    name = label = ".".join(path)
    if path != last:  # each copy of a repeat has one
        same = path[depth:] == last[depth:] and around.path != around.last_path
        label = ".".join(path[depth:]) if same else f"{name} … {'.'.join(last)}"
    leaves = _count_leaves(columns, nodes)
    return Box("group", label, tuple(nodes), inside, name, leaves, module.copies)


def repeat_box(  # noqa: PLR0917  # as module_box, and the repeat
    columns: Columns,
    around: Level,
    copy: Level,
    repeat: Repeat,
    nodes: list[int],
    inside: Picture | None,
) -> Box:
    """Return the box of equal copies; ``copy`` is the level of one of them."""
    is_module = copy.path != around.path
    name = ".".join(copy.path) if is_module else ""
    label = f"{name} … {'.'.join(copy.last_path)}" if is_module else ""
    if is_module and around.path != around.last_path:
        first, last = (".".join(path[len(around.path) :]) for path in (copy.path, copy.last_path))
        label = f"{first} … {last}"
    leaves, times = _count_leaves(columns, nodes), len(repeat.copies)
    more = (leaves, copy.copies, times, repeat.chained)
    return Box("repeat", label, tuple(nodes), inside, name, *more)


def run_box(columns: Columns, nodes: list[int], path: Path, copies: int) -> Box:
    """Return the box of several nodes in a module of this path."""
    leaves = _count_leaves(columns, nodes)
    label = _run_label(columns, nodes[::copies] if copies > 1 else nodes, path)
    return Box("run", label, tuple(nodes), leaves=leaves, copies=copies)


def _count_leaves(columns: Columns, nodes: Sequence[int]) -> int:
    kinds = columns.kinds
    return [kinds[i] for i in nodes].count("leaf")


def _node_label(columns: Columns, nodes: Sequence[int], path: Path) -> str:
    """Return the name of a node; of equal ones in copies, the first and the last name if they differ."""
    node = nodes[0]
    names, op = columns.names[node], columns.ops[node]
    if columns.kinds[node] != "leaf":
        own = _first_and_last([" = ".join(columns.names[i]) for i in (node, nodes[-1])])
        return f"{op} {own}" if names else op
    around = ".".join([*path, ""])
    # The modules around the other copies have other names, of as many parts.
    cut = [len(path) if name.startswith(around) else 0 for name in names]
    each = [
        " = ".join(
            ".".join(name.split(".")[d:]) for name, d in zip(columns.names[i], cut, strict=False)
        )
        for i in (node, nodes[-1])
    ]
    return _first_and_last(each) or op


def _first_and_last(names: list[str]) -> str:
    first, last = names
    return first if first == last else f"{first} … {last}"


def _run_label(columns: Columns, nodes: list[int], path: Path) -> str:
    ops = [columns.ops[i] for i in reversed(nodes) if columns.kinds[i] != "leaf"]
    if not ops:
        return _first_and_last([_node_label(columns, [i], path) for i in (nodes[0], nodes[-1])])
    for period in (1, 2, 3):
        if all(op == ops[k % period] for k, op in enumerate(ops)):
            return ", ".join(ops[:period])
    return f"{ops[0]} … {ops[-1]}"


def links_between(
    columns: Columns,
    items: Sequence[tuple[int, int, int]],
    cells: list[list[int]],
    boxes: tuple[Box, ...],
    copies: int,
) -> tuple[Link, ...]:
    """Return the links between the boxes of a level; many between the same two are one.

    Args:
        columns: the graph.
        items: what runs between two items, and its edge.
        cells: the items that each box stands for.
        boxes: the boxes.
        copies: how many copies of a repeat the level stands for.
    """
    box_of = {item: k for k, cell in enumerate(cells) for item in cell}
    box_of[ENTRY], box_of[EXIT] = ENTRY, EXIT
    bundles: dict[tuple[int, int], list[int]] = defaultdict(list)
    for source, target, e in items:
        ends = box_of[source], box_of[target]
        if ends[0] != ends[1]:
            bundles[ends].append(e)
    links: list[Link] = []
    rows = columns.edges
    n = len(rows)
    for (source, target), found in bundles.items():
        if min(found) >= n:  # a root's line
            links.append(Link(source, target, (), found[0] - n))
            continue
        edges = tuple([new_edge(rows[e]) for e in found if e < n])
        if (
            copies < len(edges) <= PARALLEL * copies
            and min(source, target) >= 0
            and len(boxes[source].nodes) == len(boxes[target].nodes) == copies
        ):
            by_slot: dict[int, list[Edge]] = defaultdict(list)
            for edge in edges:
                by_slot[edge.slot].append(edge)
            links.extend(
                [Link(source, target, tuple(each), None, copies) for each in by_slot.values()]
            )
        else:
            links.append(Link(source, target, edges, None, copies))
    return tuple(links)
