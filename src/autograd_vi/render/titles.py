"""The titles of a picture and of its boxes: what a pointer shows, and a screen reader reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from autograd_vi.render.kept import kept_list
from autograd_vi.render.kinds import KINDS, word_key
from autograd_vi.render.labels import shape_text

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.render.overlay import Overlay
    from autograd_vi.render.picture import Box, Picture
    from autograd_vi.render.words import WriteWord

_TITLES = {
    "box.steps": "box.title_steps",
    "box.branches": "box.title_branches",
}


def picture_title(columns: Columns, picture: Picture, write_word: WriteWord) -> str:
    """Return the title of a picture."""
    if len(picture.boxes) == 1 and picture.boxes[0].inside is not None:  # one module alone
        return box_title(columns, picture.boxes[0], write_word)
    n, m = str(len(columns.ops)), str(len(columns.edges))
    return write_word("graph.title", "title", n=n, m=m)


def box_title(
    columns: Columns, box: Box, write_word: WriteWord, overlay: Overlay | None = None
) -> str:
    """Return the title of a box."""
    if box.kind == "root":
        return write_word(word_key("root"), "title")
    if box.kind == "repeat":
        values = {"n": f"{box.times:,}", **box.counts}
        if box.label:
            return write_word("box.title_each", "title", name=box.label, **values)
        return write_word(_TITLES[box.times_word], "title", **values)
    if KINDS[box.kind].folded:
        name = box.label if box.copies > 1 else box.path or box.label
        return write_word("box.title", "title", name=name, **box.counts)
    return _node_title(columns, box.nodes, write_word, overlay)


def _node_title(
    columns: Columns, nodes: tuple[int, ...], write_word: WriteWord, overlay: Overlay | None
) -> str:
    """Return the title of a node, or of the equal nodes in the copies of a repeat."""
    node = nodes[0]
    op, names, source = columns.ops[node], columns.names[node], columns.sources[node]
    shape = ", ".join([shape_text(shape) for shape in columns.shapes(node)]) or "?"
    if len(nodes) > 1:
        return write_word("node.copies", "title", op=op, n=f"{len(nodes):,}", shape=shape)
    if columns.kinds[node] == "leaf" and names:
        return write_word("node.leaf", "title", op=op, name=", ".join(names), shape=shape)
    if columns.kinds[node] == "leaf":
        return write_word("node.unnamed_leaf", "title", op=op, shape=shape)
    if source is None and (overlay is None or not overlay.saved):
        return _plain_title(write_word, op, shape)
    values = {"op": op, "shape": shape}
    if source is not None:
        values["line"] = source.text
    kept = overlay.saved[node] if overlay is not None and overlay.saved else ()
    if kept:
        values["what"] = kept_list(kept)
    key = f"node.{'plain' if source is None else 'source'}{'_keeps' if kept else ''}"
    return write_word(key, "title", **values)


@lru_cache(maxsize=1024)  # a network has few different operations, and each stands in many places
def _plain_title(write_word: WriteWord, op: str, shape: str) -> str:
    return write_word("node.plain", "title", op=op, shape=shape)
