"""Equal copies in a level: they grow from equal seeds, all at once, as long as all go on in the same way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.render.wiring import Above, Wiring

Row: TypeAlias = "list[int]"  # the same item in each copy


class DifferError(Exception):
    """The copies do not all go on in the same way.

    Attributes:
        ways: how each goes on; those with equal ways do so in the same way.
        last_is_free: whether the last copy may differ, as where a chain ends.
    """

    def __init__(self, ways: Sequence[Hashable], *, last_is_free: bool = False) -> None:
        self.ways = ways
        self.last_is_free = last_is_free


class Copies:
    """Copies that grow.

    In a chain, each copy may take results of the ones before it; side by side, none does.

    Attributes:
        rows: the items, one row for each place in a copy.
        carried: the rows whose results later copies take.
    """

    def __init__(
        self, wiring: Wiring, seeds: Sequence[Row], *, chained: bool, base: int = 0
    ) -> None:
        """Start with seeds; in a chain they are a path through each copy, from depth ``base`` on.

        Raises:
            DifferError: if the copies are not equal.
        """
        self.wiring = wiring
        self.rows: list[Row] = []
        self.carried: set[int] = set()
        self._place: dict[int, tuple[int, int]] = {}  # the copy and row of each item
        self._chained, self._base, self._period = chained, base, len(seeds)
        self._checked = 0
        for row in seeds:
            self._add(row)
        self._grow_down()
        self._grow_up()
        self._check_uses()

    @property
    def n(self) -> int:
        """How many copies there are."""
        return len(self.rows[0])

    def _add(self, row: Row) -> None:
        r = len(self.rows)
        self.rows.append(row)
        for k, item in enumerate(row):
            self._place[item] = k, r

    def _grow_down(self) -> None:
        """Take in what the copies use, each its own."""
        while self._checked < len(self.rows):
            later: list[tuple[int, int]] = []
            while self._checked < len(self.rows):
                row = self.rows[self._checked]
                self._compare(self._ports(row))
                inputs = range(len(self.wiring.below[row[0]]))
                later += [(self._checked, j) for j in inputs if not self._follow(row, j)]
                self._checked += 1
            for r, j in later:  # by now it is known to which copy these belong
                self._follow(self.rows[r], j, again=True)

    def _ports(self, row: Row) -> list[Hashable]:
        below = self.wiring.below
        return [tuple([(b.port, b.value) for b in below[item]]) for item in row]

    def _follow(self, row: Row, j: int, *, again: bool = False) -> bool:
        """Look at one input of a row; False if it seems to belong to an earlier copy that does not have it yet."""
        inputs = [self.wiring.below[item][j] for item in row]
        targets = [b.target for b in inputs]
        owners = [self._place.get(t) for t in targets]
        if any(owners):
            self._look_back(
                [
                    (k - owner[0], owner[1], b.output) if owner else None
                    for k, (owner, b) in enumerate(zip(owners, inputs, strict=True))
                ]
            )
            return True
        if len(set(targets)) == 1:
            return True  # all use the same
        kinds = [self.wiring.kinds.get(t) for t in targets]
        if self._chained and not again and self._seems_carried(targets):
            return False
        self._compare([(kind, kind is None and t) for kind, t in zip(kinds, targets, strict=True)])
        if kinds[0] is not None and len(set(targets)) == len(targets):
            if len({b.output for b in inputs}) > 1:
                raise DifferError([b.output for b in inputs])
            self._add(targets)
        return True

    def _look_back(self, ways: list[tuple[int, int, object] | None]) -> None:
        """Check that all copies take the result of the same row, so and so many copies back."""
        last = ways[-1]
        if last is None:
            raise DifferError([way and way[1:] for way in ways])
        back, r, _ = last
        if back < 0 or (back and not self._chained):
            raise DifferError(range(len(ways)))
        if ways[:back] != [None] * back or any(way != last for way in ways[back:]):
            raise DifferError(ways)
        if back:
            self.carried.add(r)

    def _seems_carried(self, targets: Row) -> bool:
        """Whether these were computed where an earlier copy was, each as many copies back."""
        depths = self.wiring.depths
        if any(t not in depths for t in targets[1:]):
            return False
        steps = [(depths[t] - self._base) // self._period for t in targets[1:]]
        back = {k - step for k, step in enumerate(steps, start=1)}
        return len(back) == 1 and back.pop() >= 1

    def _grow_up(self) -> None:
        """Take in what uses the copies, each its own, and nothing else that goes on."""
        r = 0
        while r < len(self.rows):
            uses = [self._free_uses(item) for item in self.rows[r]]
            keys = {(self.wiring.kinds[u.source], u.port, u.output): None for u in uses[0]}
            for key in keys:
                found = [
                    [u.source for u in each if (self.wiring.kinds[u.source], *u[1:]) == key]
                    for each in uses
                ]
                row = [sources[0] for sources in found if len(sources) == 1]
                if len(row) == len(set(row)) == self.n and self._may_join(row):
                    self._add(row)
                    self._grow_down()
            r += 1

    def _free_uses(self, item: int) -> list[Above]:
        kinds = self.wiring.kinds
        return [
            u for u in self.wiring.above[item] if u.source in kinds and u.source not in self._place
        ]

    def _may_join(self, row: Row) -> bool:
        """Whether what a row uses is in the copies already, or in none of them."""
        if any(item in self._place for item in row):
            return False
        ports = self._ports(row)
        if any(other != ports[0] for other in ports):
            return False
        for j in range(len(ports[0])):  # type: ignore[arg-type]  # a tuple
            targets = [self.wiring.below[item][j].target for item in row]
            owners = [self._place.get(t) for t in targets]
            backs = {(k - o[0], o[1]) if o else None for k, o in enumerate(owners)}
            if len(backs) > 1 or (None not in backs and backs.pop()[0] != 0):  # type: ignore[index]
                return False
        return True

    def _check_uses(self) -> None:
        """Check that what is not in the copies uses each in the same way; a chain's end may differ."""
        for r, row in enumerate(self.rows):
            ways = [self._uses_outside(item) for item in row]
            free = r in self.carried
            self._compare(ways, last_is_free=free)

    def _uses_outside(self, item: int) -> Hashable:
        outside = [u for u in self.wiring.above[item] if u.source not in self._place]
        if not outside:
            return ()
        kinds = self.wiring.kinds
        return tuple(sorted(Counter((kinds.get(u.source, -1), u.output) for u in outside).items()))

    def _compare(self, ways: Sequence[Hashable], *, last_is_free: bool = False) -> None:
        compared = ways[:-1] if last_is_free else ways
        if any(way != compared[0] for way in compared):
            raise DifferError(ways, last_is_free=last_is_free)
