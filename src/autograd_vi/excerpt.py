"""Which steps of a long backward pass are told: the beginning, the end, and where a number first goes wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.rules.saved import EDGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.recorded import NonFinite, Step

ENDS = EDGES  # steps told at the beginning and at the end of a longer story
MARKS: dict[NonFinite, str] = {"nan": "NaN", "inf": "Inf"}


def first_nonfinite(steps: Iterable[Step]) -> dict[NonFinite, int]:
    """Return the numbers, from 1, of the first steps with an infinity and with NaN, as far as there are any."""
    found: dict[NonFinite, int] = {}
    for k, step in enumerate(steps, 1):
        if (kind := step.nonfinite) is not None:
            found.setdefault(kind, k)
            if kind == "nan":
                break
    return dict(sorted(found.items(), key=lambda item: item[1]))


def told(steps: int, always: Iterable[int]) -> list[range]:
    """Return which steps a story tells, from 1, in stretches between which others are left out."""
    if steps <= 2 * ENDS:
        return [range(1, steps + 1)]
    middle = sorted({k for k in always if ENDS < k <= steps - ENDS})
    return [
        range(1, ENDS + 1),
        *(range(k, k + 1) for k in middle),
        range(steps - ENDS + 1, steps + 1),
    ]
