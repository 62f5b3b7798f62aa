"""Layers from top to bottom: which one each box is in, what is on a line in between, how high each layer is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd_vi.render.sizes import BEND, Size

LAYER_GAP = 14  # between a layer of boxes and a layer of labels


class Layered(NamedTuple):
    """Boxes and lines in layers. Boxes are vertices, and so is what is on a line, in each layer that the line passes.

    Attributes:
        layers: the layer of each vertex. Boxes come first, in even layers.
        sizes: the size of each vertex.
        chains: the vertices of each line, from end to end. The last one before its target is the label.
    """

    layers: list[int]
    sizes: list[Size]
    chains: list[list[int]]


def put_in_layers(
    boxes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[Size],
    lowest: int | None,
) -> Layered:
    """Put boxes into layers and what is on lines between them; arguments as for ``place``."""
    layers = [2 * depth for depth in longest_paths(len(boxes), edges)]
    if lowest is not None and len(boxes) > 1:
        layers[lowest] = max([layer for v, layer in enumerate(layers) if v != lowest]) + 1
    sizes = list(boxes)
    chains: list[list[int]] = []
    for (source, target), label in zip(edges, labels, strict=True):
        first = len(layers)
        layers += range(layers[source] + 1, layers[target])
        inner = range(first, len(layers))
        if inner:
            # The label stands right above the target: there lines of one source have parted.
            sizes += [BEND] * (len(inner) - 1)
            sizes.append(label)
        chains.append([source, *inner, target])
    return Layered(layers, sizes, chains)


def longest_paths(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the length of the longest path that ends in each vertex.

    Raises:
        ValueError: if the edges have a cycle.
    """
    below: list[list[int]] = [[] for _ in range(n)]
    waiting = [0] * n
    for source, target in edges:
        below[source].append(target)
        waiting[target] += 1
    ready = [v for v in range(n) if not waiting[v]]
    lengths = [0] * n
    for v in ready:
        for target in below[v]:
            lengths[target] = max(lengths[target], lengths[v] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    if len(ready) < n:
        msg = "the edges have a cycle"
        raise ValueError(msg)
    return lengths


def ordinates(rows: list[list[int]], sizes: list[Size]) -> tuple[list[int], list[int]]:
    """Return the middle height of each layer, and how tall it is."""
    ys: list[int] = []
    heights: list[int] = []
    y = -LAYER_GAP
    for row in rows:
        height = sizes[row[0]].height
        if len(row) > 1:
            height = max([sizes[v].height for v in row])
        y += LAYER_GAP + height // 2
        ys.append(y)
        heights.append(height)
        y += height // 2
    return ys, heights
