"""How many of the contributions to a leaf's gradient have arrived: a dot for each, and the count.

A leaf that only one line reaches has nothing to count.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_vi.render.lettering import SMALL, text_width
from autograd_vi.render.overlay import lit_attribute
from autograd_vi.render.words import WORDS, WriteWord

DOTS = 12  # more contributions than this have no room for a dot each
_DOT = 10  # from the middle of one dot to the middle of the next
_GAP = 5  # between the last dot and the count
_FOREVER = 10**9  # a step that no replay reaches


def is_counted(steps: Sequence[int]) -> bool:
    """Whether a leaf shows how many contributions have arrived; ``steps`` are those in which one does."""
    return len(steps) > 1


def arrivals_width(steps: Sequence[int]) -> float:
    """Return the room that dots and count take beside each other, in pixels."""
    n = len(steps)
    longest = WORDS["box.arrived"].format(k=n, n=n)
    return _dots_width(n) + text_width(longest) * SMALL * 1.15


def arrivals_svg(
    steps: Sequence[int], middle: float, baseline: int, write_word: WriteWord
) -> list[str]:
    """Return the elements; each says in which steps it is lit.

    Args:
        steps: for each contribution, in order, the step in which it arrives.
        middle: the abscissa of the middle of both.
        baseline: the ordinate on which the count stands.
        write_word: makes elements of keyed words.
    """
    n = len(steps)
    x = middle - arrivals_width(steps) / 2
    dots = [
        f'<circle class="av-dot" cx="{x + _DOT * k + 4:.1f}" cy="{baseline - 4}" r="3.5"{lit_attribute([step])}/>'
        for k, step in enumerate(steps if n <= DOTS else ())
    ]
    left = x + _dots_width(n)
    return dots + [
        write_word(
            "box.arrived",
            "text",
            f' class="av-arrived{" av-all" if k == n else ""}" x="{left:.1f}" y="{baseline}"{lit}',
            k=str(k),
            n=str(n),
        )
        for k, lit in _counts(steps)
    ]


def _dots_width(n: int) -> int:
    return n * _DOT + _GAP if n <= DOTS else 0


def _counts(steps: Sequence[int]) -> list[tuple[int, str]]:
    """Return each count with the attribute that says when it is shown; of many, only the first and the last."""
    n = len(steps)
    found = []
    for k in range(n + 1):
        if n > DOTS and 0 < k < n:
            continue
        start = steps[k - 1] if k else 0
        end = _FOREVER if k == n else (steps[-1] if n > DOTS else steps[k]) - 1
        if start <= end:
            found.append((k, f' data-av-at="{start}-{end}"'))
    return found
