"""A line through given points, as a path in SVG."""

from __future__ import annotations

from itertools import pairwise


def curve(points: list[tuple[int, int]], shorten: int) -> str:
    """Return a smooth path through the points, vertical at both ends and where it turns back.

    Args:
        points: from top to bottom.
        shorten: how far above the last point it ends, in pixels.
    """
    (first_x, first_y), (last_x, last_y) = points[0], points[-1]
    if len(points) == 2 and first_x == last_x:  # as most are
        return f"M{first_x} {first_y}V{last_y - shorten}"
    points = [*points[:-1], (last_x, last_y - shorten)]
    slopes = [0.0]
    for (ax, ay), (bx, _), (cx, cy) in zip(points, points[1:], points[2:], strict=False):
        monotone = (bx - ax) * (cx - bx) > 0
        slopes.append((cx - ax) / (cy - ay) if monotone else 0.0)
    slopes.append(0.0)
    path = [f"M{first_x} {first_y}"]
    for nth, ((ax, ay), (bx, by)) in enumerate(pairwise(points)):
        reach = (by - ay) / 2 if len(points) == 2 else (by - ay) / 2.5
        a, b = ax + slopes[nth] * reach, bx - slopes[nth + 1] * reach
        if abs(a - bx) < 0.05 and abs(b - ax) < 0.05 and abs(ax - bx) < 0.05:
            path.append(f"V{by}")
        else:
            path.append(f"C{a:.1f} {ay + reach:.1f} {b:.1f} {by - reach:.1f} {bx} {by}")
    return "".join(path)
