"""What a folded box opens: the picture of its inside, below the large one. Each leads to the other.

A page without the script follows plain links, and most browsers unfold what one leads to; in any case the names below
the picture unfold it too. ``opening.js`` does it where a link within a page does nothing, as in a notebook, and so that
the way back leads to the same box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from autograd_vi.render.folding import fold_inside
from autograd_vi.render.level import box_text
from autograd_vi.render.words import escape, word

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from autograd_vi.graph import Graph
    from autograd_vi.render.picture import Box, Picture
    from autograd_vi.render.sizes import Size
    from autograd_vi.render.words import WriteWord

UNFOLDED = 400  # nodes that all unfolded modules below a picture may have together
PREFIX = "av-part-"
"""What the identifiers begin with; that of the large picture has the number 0. Each figure counts from there."""


class Part(NamedTuple):
    """A folded box of a picture.

    Attributes:
        anchor: the identifier of what it opens.
        box: the same box, unfolded.
    """

    anchor: str
    box: Box


def parts_of(graph: Graph, picture: Picture) -> dict[tuple[int, ...], Part]:
    """Return what the folded modules of a picture open, while there is room, by the nodes of their boxes."""
    folded: dict[tuple[int, ...], str] = {}
    room = UNFOLDED
    for box in picture.walk():
        if box.kind in {"group", "repeat"} and box.inside is None:
            room -= len(box.nodes) // box.copies
            if room >= 0:
                folded[box.nodes] = box.path
    if not folded:
        return {}
    whole = fold_inside(graph, folded.values())
    unfolded = {box.nodes: box for box in whole.walk() if box.path in folded.values()}
    return {nodes: Part(f"{PREFIX}{k}", unfolded[nodes]) for k, nodes in enumerate(folded, start=1)}


def link_svg(
    box: Box, center: tuple[int, int], size: Size, anchor: str, write_word: WriteWord
) -> str:
    """Return the link that lies on a folded box, with its sign at the corner."""
    x, y = center
    left, top = x - size.left, y - size.height // 2
    right = x + size.right - 2
    return "\n".join(
        [
            f'<a class="av-opens" href="#{anchor}">',
            write_word("graph.unfold", "title", name=box_text(box)),
            f'<rect x="{left}" y="{top}" width="{size.left + size.right}" height="{size.height}" rx="4"/>',
            f'<circle cx="{right}" cy="{top + 2}" r="7.5"/>',
            f'<path d="M{right - 4} {top + 2}h8m-4-4v8"/></a>',
        ]
    )


def parts_html(parts: Mapping[tuple[int, ...], Part], draw_part: Callable[[Box, str], str]) -> str:
    """Return each part, folded below its name, with the way back to the large picture.

    Args:
        parts: what the folded boxes open.
        draw_part: returns the picture of a box under an identifier.
    """
    back = f'<a class="av-back" href="#{PREFIX}0">{word("graph.back")}</a>'
    return "\n".join(
        f'<details class="av-unfold"><summary>{_name(part.box)}</summary>'
        f"{draw_part(part.box, part.anchor)}<p>{back}</p></details>"
        for part in parts.values()
    )


def _name(box: Box) -> str:
    return word("graph.unfold", name=f"<code>{escape(box_text(box))}</code>")
