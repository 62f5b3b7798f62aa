"""A level of a picture with its places: how large boxes and labels are, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from autograd_vi.render.kinds import KINDS
from autograd_vi.render.labels import label_lines, label_size
from autograd_vi.render.lettering import CHAR, LINE, SMALL, text_width, wrap
from autograd_vi.render.overlay import Overlay
from autograd_vi.render.picture import ENTRY, EXIT, Box, Picture
from autograd_vi.render.placed import Placed
from autograd_vi.render.sizes import Size
from autograd_vi.render.words import WORDS

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

FRAME = 14  # room between an unfolded module's frame and what is in it
HEADER = 6  # and above, where the name stands beside the line that enters
_PORT = Size(2, 2, 0)  # where lines enter an unfolded module, or leave it

Place: TypeAlias = Callable[..., Placed]


class Level(NamedTuple):
    """A level with its places, which are relative to its own corner.

    Attributes:
        picture: what is drawn.
        placed: where boxes, lines and labels go.
        sizes: how large each box is.
        texts: the lines of text in each box.
        labels: the lines of text beside each link.
        inside: the levels in those boxes that are unfolded.
        entry: the abscissa where lines enter.
        exit: the abscissa where they leave.
    """

    picture: Picture
    placed: Placed
    sizes: list[Size]
    texts: list[list[str]]
    labels: list[list[str]]
    inside: dict[int, Level]
    entry: int
    exit: int


def lay_out(columns: Columns, picture: Picture, overlay: Overlay, place: Place) -> Level:
    """Return the picture with its places.

    ``place`` is :func:`autograd_vi.render.layout.place`, perhaps with a memory.
    """
    inside: dict[int, Level] = {}
    sizes: list[Size] = []
    texts: list[list[str]] = []
    for k, box in enumerate(picture.boxes):
        if box.inside is not None:
            inside[k] = lay_out(columns, box.inside, overlay, place)
            texts.append([box.label])
            sizes.append(_frame_size(inside[k], box.label))
            continue
        lines = box_lines(box)
        texts.append(lines)
        sizes.append(_box_size(box, lines, overlay))
    labels = [label_lines(columns, link, overlay) for link in picture.links]
    ends = [(link.source, link.target) for link in picture.links]
    # Only a level that something enters or leaves has a vertex for it.
    ports = [ENTRY] if ENTRY in [a for a, _ in ends] else []
    ports += [EXIT] if EXIT in [b for _, b in ends] else []
    vertex_of = {port: len(sizes) + k for k, port in enumerate(ports)}
    placed = place(
        (*sizes, *[_PORT] * len(ports)),
        tuple([(vertex_of.get(a, a), vertex_of.get(b, b)) for a, b in ends] if ports else ends),
        tuple(map(label_size, labels)),
        vertex_of.get(EXIT),
    )
    middle = placed.width // 2
    entry = placed.centers[vertex_of[ENTRY]][0] if ENTRY in vertex_of else middle
    leave = placed.centers[vertex_of[EXIT]][0] if EXIT in vertex_of else middle
    return Level(picture, placed, sizes, texts, labels, inside, entry, leave)


def box_lines(box: Box) -> list[str]:
    """Return the lines of a box's name."""
    if box.kind == "root":
        key = "box.root_nr" if box.label else "box.root"
        return [WORDS[key].format(n=box.label)]
    lines = wrap(box.label)
    if KINDS[box.kind].folded == "times":
        lines[-1] += f" ×{len(box.nodes):,}"
    return lines


def shows_grad(box: Box, overlay: Overlay) -> bool:
    """Whether a box is a leaf whose ``.grad`` was recorded."""
    return len(box.nodes) == 1 and box.nodes[0] in overlay.leaves


def _box_size(box: Box, lines: list[str], overlay: Overlay) -> Size:
    kind = KINDS[box.kind]
    width: float = max(map(text_width, lines)) * CHAR + 20 + kind.padding
    height = len(lines) * LINE + 14
    if kind.folded == "counts":
        counts = WORDS["box.counts"].format_map(box.counts)
        width = max(width, text_width(counts) * SMALL * 1.15 + 22)
        height += LINE
    if overlay.leaves and shows_grad(box, overlay):
        found = (overlay.before[box.nodes[0]], overlay.leaves[box.nodes[0]])
        width = max(width, *(text_width(text) * SMALL + 22 for text in found))
        height += LINE + 8
    half = max(int(width / 2) + 1, 27)
    return Size(half, half, height)


def _frame_size(level: Level, label: str) -> Size:
    width = max(level.placed.width + 2 * FRAME, text_width(label) * CHAR + 24)
    shift = (width - level.placed.width) // 2
    axis = shift + level.entry
    height = level.placed.height + FRAME + HEADER
    return Size(axis, width - axis, height, 0, level.exit - level.entry)
