"""The kinds of boxes: how each looks in a picture, in Graphviz and in the key, and what the key says of it.

A new kind needs an entry of the table ``KINDS`` here and, for its colours, a rule for its class in ``graph.css``.
What is read here must not need torch: a site without torch reads the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .sizes import Size

Outline: TypeAlias = Callable[[int, int, Size], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """How boxes of one kind are drawn.

    Attributes:
        meaning: what the key says of it, in English. Catalogues know this word as ``kind.`` and the kind's name.
        outline: returns the box's outline in SVG, from its axis, its middle height and its size.
        dot: its attributes in Graphviz's language.
        padding: room that the outline needs beside the text, in pixels.
        folded: how a box tells what it folds: ``times`` adds the number of nodes to its name, ``counts`` has a line
            of its own for operations and leaves, ``each`` adds the number of copies and has such a line for one of
            them. Empty for a box that is one node.
    """

    meaning: str
    outline: Outline
    dot: str
    padding: int = 0
    folded: Literal["", "times", "counts", "each"] = ""


def css_class(kind: str) -> str:
    """Return the class of all boxes of this kind."""
    return f"av-{kind}"


def word_key(kind: str) -> str:
    """Return the key of the word that says what this kind means."""
    return f"kind.{kind}"


def _rounded(radius: int) -> Outline:
    """Return a rectangle whose corners have this radius; less where the box is low."""

    def outline(x: int, y: int, size: Size) -> str:
        left, top, right, bottom = _sides(x, y, size)
        corner = min(radius, size.height // 2)
        return (
            f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" '
            f'rx="{corner}"/>'
        )

    return outline


def _pointed(x: int, y: int, size: Size) -> str:
    """Return a rectangle that points downwards."""
    left, top, right, bottom = _sides(x, y, size)
    point = f"V{bottom - 7}L{x} {bottom}L{left} {bottom - 7}z"
    return f'<path d="M{left} {top}H{right}{point}"/>'


def _octagon(x: int, y: int, size: Size) -> str:
    """Return a rectangle without its corners."""
    left, top, right, bottom = _sides(x, y, size)
    cut = 7
    right_side = f"L{right} {top + cut}V{bottom - cut}L{right - cut} {bottom}"
    left_side = f"H{left + cut}L{left} {bottom - cut}V{top + cut}z"
    return f'<path d="M{left + cut} {top}H{right - cut}{right_side}{left_side}"/>'


def _folder(x: int, y: int, size: Size) -> str:
    """Return a rectangle with a tab."""
    left, top, right, bottom = _sides(x, y, size)
    tab = min(24, (right - left) // 2)
    return f'<path d="M{left} {top - 5}h{tab}l5 5H{right}V{bottom}H{left}z"/>'


def _pile(x: int, y: int, size: Size) -> str:
    """Return a rectangle with another one behind it."""
    left, top, right, bottom = _sides(x, y, size)
    behind = f"M{left + 4} {bottom}v4H{right + 4}V{top + 4}h-4"
    return f'<path d="{behind}"/>\n{_rounded(4)(x, y, size)}'


def _folders(x: int, y: int, size: Size) -> str:
    """Return a rectangle with two others behind it."""
    left, top, right, bottom = _sides(x, y, size)
    behind = "".join(f"M{left + d} {bottom + d - 4}v4H{right + d}V{top + d}h-4" for d in (4, 8))
    return f'<path class="av-behind" d="{behind}"/>\n{_rounded(5)(x, y, size)}'


def _sides(x: int, y: int, size: Size) -> tuple[int, int, int, int]:
    """Return the left, upper, right and lower side of a box."""
    return x - size.left, y - size.height // 2, x + size.right, y + size.height // 2


# In the order of the key. "frame" is a module that is unfolded: a cluster in Graphviz's language.
KINDS: dict[str, Kind] = {
    "root": Kind("root: the backward pass starts here", _pointed, 'shape=invhouse color="#b34700"'),
    "operation": Kind("operation", _rounded(4), "shape=box"),
    "view": Kind("view: shares memory with its input", _rounded(4), "shape=box style=dashed"),
    "custom": Kind("custom Function", _octagon, "shape=octagon penwidth=2"),
    "leaf": Kind(
        "leaf: accumulates in .grad",
        _rounded(18),
        'shape=box style=rounded penwidth=2 color="#00734f"',
        padding=10,
    ),
    "run": Kind("folded: × counts the nodes", _pile, "shape=box3d", folded="times"),
    "group": Kind("module, folded", _folder, 'shape=folder color="#0062a3"', folded="counts"),
    "repeat": Kind(
        "equal copies, drawn once: × counts them",
        _folders,
        'shape=folder peripheries=2 color="#0062a3"',
        padding=8,
        folded="each",
    ),
    "frame": Kind("module, unfolded", _rounded(5), 'style=dotted color="#0062a3"'),
}
