"""What stands beside a line: the shape of the gradient, how many lines it is, and what was recorded."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from autograd_vi.render.lettering import SMALL, SMALL_LINE, text_width
from autograd_vi.render.overlay import Overlay
from autograd_vi.render.picture import Link
from autograd_vi.render.sizes import Size

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

_SCALAR = "()"
_NO_LABEL = Size(2, 2, 4)


@lru_cache  # a graph has few shapes, and each stands in many places
def shape_text(shape: tuple[int, ...] | None) -> str:
    """Return a shape as Python writes a tuple; a question mark where it is unknown."""
    return "?" if shape is None else str(tuple(shape))


def label_lines(columns: Columns, link: Link, overlay: Overlay) -> list[str]:
    """Return the lines beside a link: its shape and count, and the gradient that ran along it."""
    above, below, edges, root, _ = link
    if above < 0 or below < 0:  # it enters or leaves
        return []
    text = link_label(columns, link)
    value: str | None = None
    if len(edges) == 1 and overlay.values:
        source, _, slot, _ = edges[0]
        value = overlay.values.get((source, slot))
    elif root is not None and overlay.roots:
        value = overlay.roots[root]
    if value is None:
        return [text]
    # A number alone says itself that it is one.
    return [value] if text == _SCALAR else [text, value]


def link_label(columns: Columns, link: Link) -> str:
    """Return the shape that all edges of a link have, if it is the same, and how many they are in each copy."""
    _, _, edges, root, copies = link
    if root is not None:
        return _output_shape(columns, *columns.roots[root])
    if len(edges) == copies:
        _, target, _, output_nr = edges[0]
        return _output_shape(columns, target, output_nr)
    shapes = {_output_shape(columns, target, nr) for _, target, _, nr in edges}
    shape = shapes.pop() if len(shapes) == 1 else ""
    return f"{shape} ×{len(edges) // copies:,}".strip()


def _output_shape(columns: Columns, node: int, output_nr: int) -> str:
    shapes = columns.shapes(node)
    return shape_text(shapes[output_nr]) if output_nr < len(shapes) else "?"


def label_size(lines: list[str]) -> Size:
    """Return the room that a label takes."""
    if not lines:
        return _NO_LABEL
    letters = text_width(lines[0]) if len(lines) == 1 else max(map(text_width, lines))
    width = int(letters * SMALL) + 9
    return Size(4, width, len(lines) * SMALL_LINE + 4)
