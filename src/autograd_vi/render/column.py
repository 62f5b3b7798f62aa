"""A chain of boxes is a column: all its lines are straight, and there is nothing to weigh up."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_vi.render.layers import LAYER_GAP
from autograd_vi.render.placed import Placed
from autograd_vi.render.sizes import Size


def find_path(n: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """Return the boxes in their order if each one leads to the next; nothing if they do not."""
    below = dict(edges)
    targets = set(below.values())
    if not len(edges) == len(below) == len(targets) == n - 1:
        return []
    (v,) = set(range(n)) - targets
    order = [v]
    while v in below:
        v = below[v]
        order.append(v)
    return order if len(order) == n else []  # else the others are in a cycle


def place_column(
    order: list[int],
    boxes: Sequence[Size],
    edges: Sequence[tuple[int, int]],
    labels: Sequence[Size],
    lowest: int | None,
) -> Placed:
    """Place boxes below each other in this order; the other arguments are as for ``place``."""
    line_to = {target: k for k, (_, target) in enumerate(edges)}
    xs, ys, label_ys = [0] * len(boxes), [0] * len(boxes), [0] * len(labels)
    sides: list[tuple[int, int]] = []
    x = y = 0
    for v in order:
        size = boxes[v]
        if v != order[0]:
            k = line_to[v]
            y += LAYER_GAP
            if v == lowest:  # there is no room for a label
                label_ys[k] = y + size.height // 2
            else:
                sides.append((x - labels[k].left, x + labels[k].right))
                label_ys[k] = y + labels[k].height // 2
                y += labels[k].height + LAYER_GAP
        xs[v], ys[v] = x, y
        sides.append((x - size.left, x + size.right))
        x += size.bottom or 0
        y += size.height
    left = min([side for side, _ in sides])
    return Placed(
        max([side for _, side in sides]) - left,
        y,
        [(x - left, y + size.height // 2) for x, y, size in zip(xs, ys, boxes, strict=True)],
        [[(xs[b] - left, ys[a] + boxes[a].height), (xs[b] - left, ys[b])] for a, b in edges],
        [(xs[b] - left, y) for (_, b), y in zip(edges, label_ys, strict=True)],
    )
