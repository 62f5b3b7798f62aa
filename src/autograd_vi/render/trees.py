"""Where the vertices of trees go, as in Reingold and Tilford, "Tidier Drawings of Trees" (1981).

Many a level is a tree, or several: it uses no result twice. Then no lines need to cross, and two
passes find all places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autograd_vi.render.sizes import Size


class Trees(NamedTuple):
    """Trees side by side.

    Attributes:
        order: all vertices, depth first; those on a line come right before the box where it ends.
        below: the boxes right below each box, from left to right.
        roots: the boxes at the top.
    """

    order: list[int]
    below: list[list[int]]
    roots: list[int]


def find_trees(layers: Sequence[int], chains: Sequence[Sequence[int]]) -> Trees | None:
    """Return the trees that the lines form; None if a box has two lines from above.

    Args:
        layers: the layer of each box. Boxes count from 0; what is on lines counts on after them.
        chains: for each line its upper box, what is on it from top to bottom, and its lower box;
            the lines of each upper box from left to right.
    """
    below: list[list[int]] = [[] for _ in layers]
    ends: list[Sequence[int]] = [()] * len(layers)  # the line that ends in each box, and the box
    for chain in chains:
        target = chain[-1]
        if ends[target]:
            return None
        ends[target] = chain[1:]
        below[chain[0]].append(target)
    roots = [v for v, end in enumerate(ends) if not end]
    if any(layers[root] for root in roots):  # a tree that starts further down may meet another one
        return None
    order: list[int] = []
    waiting = roots[::-1]
    while waiting:
        v = waiting.pop()
        order += ends[v] or (v,)
        waiting += reversed(below[v])
    return Trees(order, below, roots)


def tree_abscissas(trees: Trees, sizes: Sequence[Size], gap: int, straight: int) -> list[float]:
    """Return the abscissas: each box in the middle of those below it, trees as near as they can be.

    If all its lines leave a box at one point, this point is in the middle. What is on a line stands
    right above the box where the line ends.

    A tree's outline tells how far its layers reach to the left and to the right, the lowest first.
    It grows by the root and what is above it, and the outline of the deepest tree takes in those
    beside it, so that the time is linear in the number of vertices.

    Args:
        trees: the trees.
        sizes: how far each vertex reaches to the left and to the right of its axis.
        gap: the room between two neighbours in a layer.
        straight: a box leaves the middle by less than this to stand right above another one.
    """
    n = len(trees.below)
    xs = [0.0] * len(sizes)  # of a vertex, as its own tree counts
    shifts = [0.0] * n  # from there to how the tree around it counts
    outlines: dict[int, _Outline] = {}
    x = 0.0
    lefts: list[float] = []
    rights: list[float] = []
    for v in reversed(trees.order):
        size = sizes[v]
        if v < n:  # else it is on the line to the box before it
            inner = trees.below[v]
            if not inner:
                x, lefts, rights = 0.0, [], []
            elif len(inner) == 1:
                x = xs[inner[0]] - (size.bottom or 0)
                lefts, rights = outlines[inner[0]]
            else:
                lefts, rights = _put_beside(inner, outlines, shifts, gap)
                x = _middle([xs[u] + shifts[u] - (size.bottom or 0) for u in inner], straight)
            xs[v] = x
            outlines[v] = lefts, rights
        lefts.append(x - size.left)
        rights.append(x + size.right)
    if len(trees.roots) > 1:
        _put_beside(trees.roots, outlines, shifts, gap)
    _add_shifts(trees, shifts, xs)
    return xs


_Outline = tuple[list[float], list[float]]


def _middle(xs: list[float], straight: int) -> float:
    """Return the middle; a little out of it, if that makes a line straight."""
    middle = sum(xs) / len(xs)
    return next((x for x in xs if abs(x - middle) < straight), middle)


def _add_shifts(trees: Trees, shifts: list[float], xs: list[float]) -> None:
    """Let all abscissas count as the picture does, and put what is on a line above its lower end."""
    n = len(trees.below)
    for v in trees.order:
        if v < n and (shift := shifts[v]):
            xs[v] += shift
            for u in trees.below[v]:
                shifts[u] += shift
    x = 0.0
    for v in reversed(trees.order):
        if v < n:
            x = xs[v]
        xs[v] = x


def _put_beside(
    roots: list[int], outlines: dict[int, _Outline], shifts: list[float], gap: float
) -> _Outline:
    """Move trees beside each other; return the outline of all."""
    lefts, rights = outlines[roots[0]]
    for k, root in enumerate(roots[1:], start=1):
        inner_lefts, inner_rights = outlines[root]
        common = min(len(lefts), len(inner_lefts))
        upper = zip(rights[-common:], inner_lefts[-common:], strict=True)
        shift = max([right - left for right, left in upper]) + gap
        if common == len(inner_lefts):
            shifts[root] = shift
            rights[-common:] = [right + shift for right in inner_rights]
            continue
        for moved in roots[:k]:
            shifts[moved] -= shift
        inner_lefts[-common:] = [left - shift for left in lefts]
        lefts, rights = inner_lefts, inner_rights
    return lefts, rights
