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
        order: all vertices, depth first.
        below: the vertices right below each one, from left to right.
        roots: the vertices at the top.
    """

    order: list[int]
    below: list[list[int]]
    roots: list[int]


def trees(layers: Sequence[int], edges: Sequence[tuple[int, int]]) -> Trees | None:
    """Return the trees that the edges form; None if a vertex has two edges from above.

    Args:
        layers: the layer of each vertex; each edge leads to the next one.
        edges: pairs of vertices, the upper one first, those of each vertex from left to right.
    """
    below: list[list[int]] = [[] for _ in layers]
    is_root = [True] * len(layers)
    for source, target in edges:
        if not is_root[target]:
            return None
        is_root[target] = False
        below[source].append(target)
    roots = [v for v, root in enumerate(is_root) if root]
    if any(layers[root] for root in roots):  # a tree that starts further down may meet another one
        return None
    order: list[int] = []
    waiting = roots[::-1]
    while waiting:
        v = waiting.pop()
        order.append(v)
        waiting += reversed(below[v])
    return Trees(order, below, roots)


def tidy(found: Trees, sizes: Sequence[Size], gap: float, straight: float) -> list[float]:
    """Return the abscissas: each vertex in the middle of those below it, trees as near as they can be.

    If all its lines leave a vertex at one point, this point is in the middle.

    A tree's outline tells how far its layers reach to the left and to the right, the lowest first.
    It grows by the layer of the root, and the outline of the deepest tree takes in those beside it,
    so that the time is linear in the number of vertices.

    Args:
        found: the trees.
        sizes: how far each vertex reaches to the left and to the right of its axis.
        gap: the room between two neighbours in a layer.
        straight: a vertex leaves the middle by less than this to stand right above another one.
    """
    xs = [0.0] * len(sizes)  # of a vertex, as its own tree counts
    shifts = [0.0] * len(sizes)  # from there to how the tree around it counts
    outlines: dict[int, _Outline] = {}
    for v in reversed(found.order):
        inner, size = found.below[v], sizes[v]
        port = size.bottom or 0.0
        if not inner:
            outline: _Outline = ([], [])
        elif len(inner) == 1:
            outline = outlines[inner[0]]
            xs[v] = xs[inner[0]] - port
        else:
            outline = _beside(inner, outlines, shifts, gap)
            across = [xs[u] + shifts[u] - port for u in inner]
            middle = sum(across) / len(inner)
            # A little out of the middle, if that makes a line straight.
            xs[v] = next((x for x in across if abs(x - middle) < straight), middle)
        outline[0].append(xs[v] - size.left)
        outline[1].append(xs[v] + size.right)
        outlines[v] = outline
    if len(found.roots) > 1:
        _beside(found.roots, outlines, shifts, gap)
    for v in found.order:
        if shift := shifts[v]:
            xs[v] += shift
            for u in found.below[v]:
                shifts[u] += shift
    return xs


_Outline = tuple[list[float], list[float]]


def _beside(
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
