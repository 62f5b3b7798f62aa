"""A folded graph in Graphviz's language, for those who have Graphviz."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.graph import columns_of
from autograd_vi.render.folding import ENTRY, EXIT, Box, Link, Picture
from autograd_vi.render.svg import output_shape

if TYPE_CHECKING:
    from autograd_vi.graph import Graph
    from autograd_vi.notes import Columns

_STYLES = {
    "root": 'shape=invhouse color="#b34700"',
    "operation": "shape=box",
    "view": "shape=box style=dashed",
    "custom": "shape=octagon penwidth=2",
    "leaf": 'shape=box style=rounded penwidth=2 color="#00734f"',
    "run": "shape=box3d",
    "group": 'shape=folder color="#0062a3"',
}


def dot(graph: Graph, picture: Picture) -> str:
    """Return the picture as the text of a ``.dot`` file."""
    lines = ["digraph autograd {", "  node [fontname=monospace];", "  edge [fontname=monospace];"]
    _level(columns_of(graph), picture, "b", "  ", lines)
    lines.append("}")
    return "\n".join(lines) + "\n"


def _level(graph: Columns, picture: Picture, prefix: str, indent: str, lines: list[str]) -> None:
    for k, box in enumerate(picture.boxes):
        name = f"{prefix}{k}"
        if box.inside is None:
            label = quote(_label(box))
            lines.append(f"{indent}{name} [label={label} {_STYLES[box.kind]}];")
            continue
        lines.append(f"{indent}subgraph cluster_{name} {{")
        lines.append(f'{indent}  label={quote(box.label)}; style=dotted; color="#0062a3";')
        # Lines cannot end at a cluster: two points stand for where they enter and leave it.
        points = f"{name}_in {name}_out".split()
        lines += [f'{indent}  {point} [shape=point width=0.03 label=""];' for point in points]
        _level(graph, box.inside, f"{name}_", indent + "  ", lines)
        lines.append(f"{indent}}}")
    for link in picture.links:
        source = _end(picture, link.source, prefix, "out")
        target = _end(picture, link.target, prefix, "in")
        lines.append(f"{indent}{source} -> {target} [label={quote(_edge_label(graph, link))}];")


def _end(picture: Picture, k: int, prefix: str, port: str) -> str:
    if k == ENTRY:
        return f"{prefix}in"
    if k == EXIT:
        return f"{prefix}out"
    name = f"{prefix}{k}"
    return name if picture.boxes[k].inside is None else f"{name}_{port}"


def _label(box: Box) -> str:
    if box.kind == "root":
        return f"root {box.label}".strip()
    if box.kind in {"run", "group"}:
        return f"{box.label}\n×{len(box.nodes):,}"
    return box.label


def _edge_label(graph: Columns, link: Link) -> str:
    if min(link.source, link.target) < 0:
        return ""
    if link.root is not None:
        node, nr = graph.roots[link.root]
        ends = [(node, nr)]
    else:
        ends = [(edge.target, edge.output_nr) for edge in link.edges]
    texts = {output_shape(graph, node, nr) for node, nr in ends}
    count = f" ×{len(ends):,}" if len(ends) > 1 else ""
    return (texts.pop() if len(texts) == 1 else "") + count


def quote(text: str) -> str:
    """Return ``text`` as a quoted string of the language, with backslashes and line ends kept."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
