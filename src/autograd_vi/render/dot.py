"""A folded graph in Graphviz's language, for those who have Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.columns import columns_of
from autograd_vi.render.direction import Direction, runs_right
from autograd_vi.render.kinds import KINDS
from autograd_vi.render.labels import link_label
from autograd_vi.render.level import box_text
from autograd_vi.render.picture import ENTRY, EXIT, Box, Picture

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.graph import Graph

# How a module and a repeat look that are unfolded.
_CLUSTERS = {
    "group": KINDS["frame"].dot,
    "repeat": 'style=bold color="#0062a3"',
}


def dot(graph: Graph, picture: Picture, direction: Direction = "down") -> str:
    """Return the picture as the text of a ``.dot`` file."""
    lines = ["digraph autograd {", "  node [fontname=monospace];", "  edge [fontname=monospace];"]
    if runs_right(direction):
        lines.insert(1, "  rankdir=LR;")
    _level(columns_of(graph), picture, "b", "  ", lines)
    lines.append("}")
    return "\n".join(lines) + "\n"


def _level(columns: Columns, picture: Picture, prefix: str, indent: str, lines: list[str]) -> None:
    for k, box in enumerate(picture.boxes):
        name = f"{prefix}{k}"
        if box.inside is None:
            label = quote(_label(box))
            lines.append(f"{indent}{name} [label={label} {KINDS[box.kind].dot}];")
            continue
        lines.append(f"{indent}subgraph cluster_{name} {{")
        lines.append(f"{indent}  label={quote(box_text(box))}; {_CLUSTERS[box.kind]};")
        # Lines cannot end at a cluster: two points stand for where they enter and leave it.
        points = f"{name}_in {name}_out".split()
        lines += [f'{indent}  {point} [shape=point width=0.03 label=""];' for point in points]
        _level(columns, box.inside, f"{name}_", indent + "  ", lines)
        lines.append(f"{indent}}}")
    for link in picture.links:
        source = _end(picture, link.source, prefix, "out")
        target = _end(picture, link.target, prefix, "in")
        label = "" if min(link.source, link.target) < 0 else link_label(columns, link)
        lines.append(f"{indent}{source} -> {target} [label={quote(label)}];")


def _end(picture: Picture, k: int, prefix: str, port: str) -> str:
    if k == ENTRY:
        return f"{prefix}in"
    if k == EXIT:
        return f"{prefix}out"
    name = f"{prefix}{k}"
    return name if picture.boxes[k].inside is None else f"{name}_{port}"


def _label(box: Box) -> str:
    if box.is_numbered_root:
        return f"root {box.label}".strip()
    if box.kind == "repeat":
        return f"{box_text(box)}\n×{len(box.nodes) // box.copies:,}"
    if KINDS[box.kind].folded:
        return f"{box.label}\n×{len(box.nodes) // box.copies:,}"
    return box.label


def quote(text: str) -> str:
    """Return ``text`` as a quoted string of the language, with backslashes and line ends kept."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
