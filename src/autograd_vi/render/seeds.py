"""Where equal copies may start: along the longest path of a level, and beside each other around one item."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from autograd_vi.render.wiring import Wiring

FEWEST = 4  # fewer copies are drawn one by one
_GRAMS = (1, 4)  # lengths of the stretches by which periods are found
_PERIODS = 6  # the most frequent ones that are looked at
_AROUND = 24  # items around which seeds are looked for, those with the most first


class Stretch(NamedTuple):
    """A part of a path, from the inputs upwards, along which kinds come again and again."""

    path: list[int]
    period: int

    @property
    def copies(self) -> int:
        """How often the kinds come in full."""
        return len(self.path) // self.period

    def rows(self, phase: int, most: int | None = None) -> list[list[int]]:
        """Return its items as seeds, so many items further up; not more than ``most`` copies, from its middle."""
        n = (len(self.path) - phase) // self.period
        first = 0 if most is None else max((n - most) // 2, 0)
        start = phase + first * self.period
        count = n if most is None else min(n, most)
        end = start + count * self.period
        return [self.path[start + k : end : self.period] for k in range(self.period)]


def find_stretch(wiring: Wiring) -> Stretch | None:
    """Return the stretch of the longest path that covers most of it."""
    path = _longest_path(wiring)
    kinds = [wiring.kinds[item] for item in path]
    best: Stretch | None = None
    for period in _likely_periods(kinds):
        for start, end in _periodic(kinds, period):
            found = Stretch(path[start:end], period)
            if found.copies >= FEWEST and (
                best is None
                or len(found.path) > len(best.path) + period
                or (len(found.path) >= len(best.path) and period < best.period)
            ):
                best = found
    return best


def _longest_path(wiring: Wiring) -> list[int]:
    """Return the longest path through operations and groups that may be copied, inputs first."""
    kinds = wiring.kinds
    length: dict[int, int] = {}
    behind: dict[int, int | None] = {}
    for item in wiring.depths:  # in forward order
        if item not in kinds:
            continue
        longest, below = 0, None
        for b in wiring.below[item]:
            if length.get(b.target, 0) > longest:
                longest, below = length[b.target], b.target
        length[item], behind[item] = longest + 1, below
    path: list[int] = []
    top = max(length, key=length.__getitem__, default=None)
    while top is not None:
        path.append(top)
        top = behind[top]
    return path[::-1]


def _likely_periods(kinds: Sequence[int]) -> list[int]:
    """Return the most frequent distances after which the same few kinds come again, the shortest first."""
    distances: Counter[int] = Counter()
    for gram in _GRAMS:
        last: dict[tuple[int, ...], int] = {}
        for i in range(len(kinds) - gram + 1):
            here = tuple(kinds[i : i + gram])
            if here in last:
                distances[i - last[here]] += 1
            last[here] = i
    common = [d for d, times in distances.most_common(_PERIODS) if times >= FEWEST - 1]
    return sorted(common)


def _periodic(kinds: Sequence[int], period: int) -> Iterator[tuple[int, int]]:
    """Yield where stretches with this period start and end."""
    start = 0
    for i in range(period, len(kinds) + 1):
        if i == len(kinds) or kinds[i] != kinds[i - period]:
            if i - start >= FEWEST * period:
                yield start, i
            start = i - period + 1


def find_siblings(wiring: Wiring) -> list[list[int]]:
    """Return sets of equal operations or groups that one item uses, or that use one item."""
    sets: list[list[int]] = []
    for inputs_or_uses in (_inputs(wiring), _uses(wiring)):
        for neighbours in inputs_or_uses:
            by_kind: dict[int, dict[int, None]] = defaultdict(dict)
            for item in neighbours:
                if item in wiring.depths and item in wiring.kinds:
                    by_kind[wiring.kinds[item]][item] = None
            sets += [list(found) for found in by_kind.values() if len(found) >= FEWEST]
    return sorted(sets, key=len, reverse=True)[:_AROUND]


def _inputs(wiring: Wiring) -> Iterator[list[int]]:
    for found in wiring.below.values():
        if len(found) >= FEWEST:
            yield [b.target for b in found]


def _uses(wiring: Wiring) -> Iterator[list[int]]:
    for found in wiring.above.values():
        if len(found) >= FEWEST:
            yield [a.source for a in found]
