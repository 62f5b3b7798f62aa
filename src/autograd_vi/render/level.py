"""A level of a picture with its places: how large boxes and labels are, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from autograd_vi.render.arrivals import arrivals_width, is_counted
from autograd_vi.render.direction import even, mirrored, mirrored_box, mirrored_label
from autograd_vi.render.kept import kept_text
from autograd_vi.render.kinds import KINDS
from autograd_vi.render.labels import label_lines, label_size
from autograd_vi.render.lettering import CHAR, LINE, SMALL, text_width, wrap
from autograd_vi.render.overlay import Overlay
from autograd_vi.render.picture import ENTRY, EXIT, Box, Picture
from autograd_vi.render.placed import Placed
from autograd_vi.render.signs import sign_of, widening
from autograd_vi.render.sizes import Size
from autograd_vi.render.words import WORDS

if TYPE_CHECKING:
    from autograd_vi.columns import Columns

FRAME = 14  # room between an unfolded module's frame and what is in it
HEADER = 6  # and above, where the name stands beside the line that enters
BANNER = 26  # and above in a picture that runs to the right: the name's own line
# The kinds of boxes that are one of torch's own operations.
_SIGNED = frozenset(["operation", "view"])
# The word in a folded box that counts what is in it.
COUNTS = {"counts": "box.counts", "each": "box.counts_each"}
_PORT = Size(2, 2, 0)  # where lines enter an unfolded module, or leave it

Place: TypeAlias = Callable[..., Placed]


class Level(NamedTuple):
    """A level with its places, which are relative to its own corner.

    Attributes:
        picture: what is drawn.
        placed: where boxes, lines and labels go.
        sizes: how large each box is.
        texts: the lines of text in each box.
        signs: the sign before the first of them, or nothing.
        labels: the lines of text beside each link.
        inside: the levels in those boxes that are unfolded.
        entry: the abscissa where lines enter; the ordinate in a picture that runs to the right.
        exit: the same where they leave.
    """

    picture: Picture
    placed: Placed
    sizes: list[Size]
    texts: list[list[str]]
    signs: list[str]
    labels: list[list[str]]
    inside: dict[int, Level]
    entry: int
    exit: int


def lay_out(
    columns: Columns, picture: Picture, overlay: Overlay, place: Place, *, right: bool = False
) -> Level:
    """Return the picture with its places.

    Args:
        columns: the graph.
        picture: what is drawn of it.
        overlay: what a replay adds.
        place: :func:`autograd_vi.render.layout.place`, perhaps with a memory.
        right: whether the picture runs to the right.
    """
    inside: dict[int, Level] = {}
    sizes: list[Size] = []
    rooms: list[Size] = []  # the sizes as the layout is told them
    texts: list[list[str]] = []
    signs: list[str] = []
    for k, box in enumerate(picture.boxes):
        if box.inside is not None:
            inside[k] = lay_out(columns, box.inside, overlay, place, right=right)
            texts.append([box_text(box)])
            signs.append("")
            size, room = (_wide_frame if right else _frame_size)(inside[k], box)
            sizes.append(size)
            rooms.append(room)
            continue
        lines = box_lines(box)
        texts.append(lines)
        signs.append(sign_of(columns.ops[box.nodes[0]]) if box.kind in _SIGNED else "")
        sizes.append(_box_size(box, lines, overlay, widening(signs[-1])))
        rooms.append(mirrored_box(sizes[-1]) if right else sizes[-1])
    labels = [label_lines(columns, link, overlay) for link in picture.links]
    ends = [(link.source, link.target) for link in picture.links]
    # Only a level that something enters or leaves has a vertex for it.
    ports = [ENTRY] if ENTRY in [a for a, _ in ends] else []
    ports += [EXIT] if EXIT in [b for _, b in ends] else []
    vertex_of = {port: len(sizes) + k for k, port in enumerate(ports)}
    placed = place(
        (*rooms, *[_PORT] * len(ports)),
        tuple([(vertex_of.get(a, a), vertex_of.get(b, b)) for a, b in ends] if ports else ends),
        tuple(
            [mirrored_label(label_size(lines)) if right else label_size(lines) for lines in labels]
        ),
        vertex_of.get(EXIT),
    )
    middle = placed.width // 2
    entry = placed.centers[vertex_of[ENTRY]][0] if ENTRY in vertex_of else middle
    leave = placed.centers[vertex_of[EXIT]][0] if EXIT in vertex_of else middle
    if right:
        placed = mirrored(placed)
        for (
            k,
            inner,
        ) in inside.items():  # the layout knows a frame by the height at which lines enter it
            x, y = placed.centers[k]
            placed.centers[k] = x, y - BANNER - inner.entry + sizes[k].height // 2
    return Level(picture, placed, sizes, texts, signs, labels, inside, entry, leave)


def box_text(box: Box) -> str:
    """Return a box's name in one line, in English; a repeat's says how often it comes."""
    if box.kind != "repeat":
        return box.label
    if box.label:
        return f"{box.label} ×{box.times:,}"
    return WORDS[box.times_word].format(n=f"{box.times:,}")


def box_lines(box: Box) -> list[str]:
    """Return the lines of a box's name."""
    if box.is_numbered_root:
        key = "box.root_nr" if box.label else "box.root"
        return [WORDS[key].format(n=box.label)]
    lines = wrap(box_text(box))
    if KINDS[box.kind].folded == "times":
        lines[-1] += f" ×{len(box.nodes) // box.copies:,}"
    return lines


def shows_grad(box: Box, overlay: Overlay) -> bool:
    """Whether a box is a leaf whose ``.grad`` was recorded."""
    return len(box.nodes) == 1 and box.nodes[0] in overlay.leaves


def _box_size(box: Box, lines: list[str], overlay: Overlay, sign: int) -> Size:
    kind = KINDS[box.kind]
    width: float = max(map(text_width, lines)) * CHAR + 20 + kind.padding + sign
    height = len(lines) * LINE + 14
    if key := COUNTS.get(kind.folded):
        counts = WORDS[key].format_map(box.counts)
        width = max(width, text_width(counts) * SMALL * 1.15 + 22)
        height += LINE
    if kept := kept_text(box, overlay):
        width = max(width, text_width(kept) * SMALL * 1.15 + 22)
        height += LINE
    if overlay.leaves and shows_grad(box, overlay):
        found = (overlay.before[box.nodes[0]], overlay.leaves[box.nodes[0]])
        # The ends of a leaf's box are round, and its second line stands where they leave room.
        width = max(width, *(text_width(text) * SMALL + 12 for text in found))
        height += LINE
        if is_counted(steps := overlay.arrivals.get(box.nodes[0], ())):
            width = max(width, arrivals_width(steps) + 22)
            height += LINE
    half = max(int(width / 2) + 1, 27)
    return Size(half, half, height)


def _frame_size(level: Level, box: Box) -> tuple[Size, Size]:
    """Return the size of an unfolded module or repeat, twice: it is the room that it takes."""
    label = text_width(box_text(box)) * CHAR
    width = max(level.placed.width + 2 * FRAME, label + 24)
    shift = (width - level.placed.width) // 2
    if box.kind == "repeat":  # a name so long stands beside the line that enters, not across it
        beside = max(shift, label + 18 - level.entry)
        width += beside - shift
        shift = beside
    axis = shift + level.entry
    height = level.placed.height + FRAME + HEADER
    size = Size(axis, width - axis, height, 0, level.exit - level.entry)
    return size, size


def _wide_frame(level: Level, box: Box) -> tuple[Size, Size]:
    """Return the size of an unfolded module in a picture to the right, and the room as the layout is told it."""
    width = even(max(level.placed.width + 2 * FRAME, text_width(box_text(box)) * CHAR + 24))
    height = even(BANNER + level.placed.height + FRAME)
    above = BANNER + level.entry
    room = Size(above, height - above, width, 0, level.exit - level.entry)
    return Size(width // 2, width // 2, height), room
