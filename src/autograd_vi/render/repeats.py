"""Repeats: equal layers, steps of a loop or branches of a level, found so that each is drawn once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from autograd_vi.render.growth import Copies, DifferError, Row
from autograd_vi.render.seeds import FEWEST, Stretch, find_siblings, find_stretch

if TYPE_CHECKING:
    from autograd_vi.render.wiring import Wiring

FEWEST_LOOSE = 16  # items of a repeat that has operations of the level itself
ROUNDS = 8  # repeats that are looked for in a level
_TRIES = 12  # times that copies which differ are parted
_PHASES = 48  # places at which a copy may start that are tried
_WINDOW = 5  # copies with which they are tried


class Repeat(NamedTuple):
    """Equal copies of a part of a level.

    Attributes:
        copies: the items of each copy; those in the same place are equal.
        chained: whether they come one after the other, not side by side.
    """

    copies: list[list[int]]
    chained: bool


def find_repeats(wiring: Wiring, runs: set[int], *, with_loose: bool) -> list[Repeat]:
    """Return repeats that have no item in common.

    Args:
        wiring: the level.
        runs: the items that stand in runs; a repeat of nothing else is none.
        with_loose: whether copies may have operations of the level itself, not of modules in it alone.
    """
    found: list[Repeat] = []
    together: dict[int, list[int]] = {}
    for _ in range(ROUNDS):
        repeat = _next_repeat(wiring, runs, together, with_loose=with_loose)
        if repeat is None:
            break
        items = [item for copy in repeat.copies for item in copy]
        for item in items:
            wiring.kinds.pop(item, None)
            wiring.loose.discard(item)
        together |= dict.fromkeys(items, items)
        found.append(repeat)
    return found


def _next_repeat(
    wiring: Wiring, runs: set[int], together: dict[int, list[int]], *, with_loose: bool
) -> Repeat | None:
    for copies, chained in _grown(wiring):
        items = {item for row in copies.rows for item in row}
        if len(copies.rows) == 1 and not items & wiring.depths.keys():
            continue
        is_loose = not items.isdisjoint(wiring.loose)
        if items <= runs or (is_loose and not (with_loose and len(items) >= FEWEST_LOOSE)):
            continue
        if _stays_acyclic(wiring, items, together):
            return Repeat([list(copy) for copy in zip(*copies.rows, strict=True)], chained)
    return None


def _grown(wiring: Wiring) -> Iterator[tuple[Copies, bool]]:
    """Yield copies, chains first, the most likely of each kind first."""
    stretch = find_stretch(wiring)
    if stretch is not None:
        tries = [
            found
            for phase in _best_phases(wiring, stretch)
            for found in _grow_chain(wiring, stretch, phase)
        ]
        tries.sort(key=lambda copies: copies.n * len(copies.rows), reverse=True)
        yield from ((copies, True) for copies in tries)
    for seeds in find_siblings(wiring):
        yield from ((copies, False) for copies in _grow_beside(wiring, seeds))


def _best_phases(wiring: Wiring, stretch: Stretch) -> list[int]:
    """Return at which of its items a stretch is best cut: where the fewest results are carried over."""
    if stretch.period == 1:
        return [0]
    scores: list[tuple[int, int]] = []
    for phase in range(min(stretch.period, _PHASES)):
        rows = stretch.rows(phase, most=_WINDOW)
        try:
            copies = Copies(wiring, rows, chained=True, base=wiring.depths[rows[0][0]])
        except DifferError:
            continue
        scores.append((len(copies.carried), phase))
    return [phase for _, phase in sorted(scores)[:3]] or [0]


def _grow_chain(wiring: Wiring, stretch: Stretch, phase: int) -> Iterator[Copies]:
    rows = stretch.rows(phase)
    for _ in range(_TRIES):
        if len(rows[0]) < FEWEST:
            return
        try:
            yield Copies(wiring, rows, chained=True, base=wiring.depths[rows[0][0]])
        except DifferError as differ:
            start, end = _longest_equal(differ, len(rows[0]))
            rows = [row[start:end] for row in rows]
        else:
            return


def _longest_equal(differ: DifferError, n: int) -> tuple[int, int]:
    """Return the longest stretch of copies that go on in one way.

    The first copy of a chain may take what it needs from elsewhere, and the last may be used elsewhere; so one
    more stays at that end if not all are left then.
    """
    ways = differ.ways
    best = 0, 0
    begin = 0
    for k in range(1, n + 1):
        if k == n or ways[k] != ways[begin]:
            if k - begin > best[1] - best[0]:
                best = begin, k
            begin = k
    first, end = best
    if differ.last_is_free and end < n:
        end += 1
    elif not differ.last_is_free and first > 0 and ways[first - 1] is None and end - first + 1 < n:
        first -= 1
    return (first, end) if end - first < n else (first, end - 1)


def _grow_beside(wiring: Wiring, seeds: Row) -> Iterator[Copies]:
    waiting = [seeds]
    for _ in range(_TRIES):
        if not waiting:
            return
        row = waiting.pop()
        try:
            yield Copies(wiring, [row], chained=False)
        except DifferError as differ:
            waiting += _classes(row, differ.ways)


def _classes(row: Row, ways: Sequence[Hashable]) -> list[Row]:
    """Return the items of a row by the ways in which they go on, the largest class last."""
    found: dict[Hashable, Row] = defaultdict(list)
    for item, way in zip(row, ways, strict=True):
        found[way].append(item)
    return sorted([part for part in found.values() if len(row) > len(part) >= FEWEST], key=len)


def _stays_acyclic(wiring: Wiring, items: set[int], together: dict[int, list[int]]) -> bool:
    """Whether nothing outside lies between these items, so that one box may stand for them.

    Args:
        wiring: the level.
        items: the items that are to have one box.
        together: for each item that shares a box already, all items of this box.
    """
    seen: set[int] = set()
    stack = [
        b.target for item in items for b in wiring.below.get(item, ()) if b.target not in items
    ]
    while stack:
        item = stack.pop()
        if item in seen or item not in wiring.depths:
            continue
        for member in together.get(item, (item,)):
            seen.add(member)
            for b in wiring.below.get(member, ()):
                if b.target in items:
                    return False
                stack.append(b.target)
    return True
