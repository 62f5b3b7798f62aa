"""The levels of a picture: one for each module, and one for each repeat, in which an item stands for all its copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from autograd_vi.render.groups import Group, group_of
from autograd_vi.render.picture import ENTRY, EXIT

if TYPE_CHECKING:
    from autograd_vi.render.modules import Path
    from autograd_vi.render.repeats import Repeat

Links: TypeAlias = "list[tuple[int, int, int]]"


class Level(NamedTuple):
    """What one level has.

    Attributes:
        path: the name of the module, in its parts; of a repeat's first copy.
        last_path: the same of its last copy.
        items: as in :class:`autograd_vi.render.groups.Group`; of a repeat's first copy.
        own_links: what runs between two items, as there; of a repeat's first copy.
        links: the same of all copies, tied to the items of the first one.
        copies: how many copies each item stands for.
        stands_for: in a repeat, the nodes of all copies that each node of the first one stands for.
    """

    path: Path
    last_path: Path
    items: list[int]
    own_links: Links
    links: Links
    copies: int = 1
    stands_for: Mapping[int, list[int]] = MappingProxyType({})

    def without(self, cells: list[list[int]]) -> Level:
        """Return what is left of the level when each of these cells is taken for one item from elsewhere."""
        first = {item: cell[0] for cell in cells for item in cell}
        links = [(first.get(a, a), first.get(b, b), e) for a, b, e in self.links]
        return self._replace(
            items=[item for item in self.items if item not in first],
            links=[link for link in links if link[0] != link[1]],
        )


class Levels:
    """All levels; the first are those of the groups.

    Attributes:
        levels: the levels.
        members: the nodes of each group in forward order, those of its inner groups too.
    """

    def __init__(self, groups: list[Group], members: list[list[int]]) -> None:
        self.levels = [Level(g.path, g.path, g.items, g.links, g.links) for g in groups]
        self.members = members

    def __getitem__(self, level: int) -> Level:
        return self.levels[level]

    def nodes(self, level: int, item: int) -> list[int]:
        """Return the nodes that an item of a level stands for, copy after copy."""
        stands_for = self.levels[level].stands_for
        if item >= 0:
            return stands_for.get(item, [item])
        members = self.members[group_of(item)]
        if not stands_for:
            return members
        each = [stands_for[i] for i in members]
        return [i for copy in zip(*each, strict=True) for i in copy]

    def join(self, level: int, repeat: Repeat) -> int:
        """Return the level in which the first copy of a repeat stands for all."""
        first = repeat.copies[0]
        n = len(repeat.copies)
        item_of: dict[int, int] = {}
        pairs: list[tuple[int, int]] = []  # groups of each copy, with those of the first one
        for copy in repeat.copies:
            for item, twin in zip(copy, first, strict=True):
                self._pair(item, twin, item_of, pairs)
        around = self.levels[level]
        stands_for: dict[int, list[int]] = {}
        for item, twin in item_of.items():
            if item >= 0:
                stands_for.setdefault(twin, []).extend(around.stands_for.get(item, [item]))
        self._join_groups(pairs, item_of, n, stands_for)
        if len(first) == 1 and first[0] < 0:
            return group_of(first[0])
        copy_of = {item: k for k, copy in enumerate(repeat.copies) for item in copy}
        inside = set(first)
        self.levels.append(
            Level(
                around.path,
                around.last_path,
                [item for item in around.items if item in inside],
                _cut_out(around.own_links, dict.fromkeys(first, 0), item_of),
                _cut_out(around.links, copy_of, item_of),
                around.copies * n,
                stands_for,
            )
        )
        return len(self.levels) - 1

    def _pair(
        self, item: int, twin: int, item_of: dict[int, int], pairs: list[tuple[int, int]]
    ) -> None:
        """Note which item of the first copy an item and all that is in it stand beside."""
        item_of[item] = twin
        if item >= 0:
            return
        a, b = group_of(item), group_of(twin)
        pairs.append((a, b))
        item_of.update(zip(self.members[a], self.members[b], strict=True))
        # Groups are nested no deeper than modules' names are cut.
        inner = [[i for i in self.levels[g].items if i < 0] for g in (a, b)]
        for i, j in zip(*inner, strict=True):
            self._pair(i, j, item_of, pairs)

    def _join_groups(
        self,
        pairs: Sequence[tuple[int, int]],
        item_of: dict[int, int],
        n: int,
        stands_for: dict[int, list[int]],
    ) -> None:
        """Tie the links of all copies of each group to the items of the first one."""
        links: dict[int, Links] = {}
        last: dict[int, int] = {}
        for g, first in pairs:
            tied = [(item_of.get(a, a), item_of.get(b, b), e) for a, b, e in self.levels[g].links]
            links.setdefault(first, []).extend(tied)
            last[first] = g
        for first, tied in links.items():
            level = self.levels[first]
            self.levels[first] = level._replace(
                last_path=self.levels[last[first]].last_path,
                links=tied,
                copies=level.copies * n,
                stands_for=stands_for,
            )


def _cut_out(links: Links, copy_of: dict[int, int], item_of: dict[int, int]) -> Links:
    """Return the links of copies, tied to the first one; what leaves a copy goes to its border."""
    found: Links = []
    for a, b, e in links:
        from_copy, to_copy = copy_of.get(a), copy_of.get(b)
        if from_copy is not None and from_copy == to_copy:
            found.append((item_of[a], item_of[b], e))
            continue
        if from_copy is not None:
            found.append((item_of[a], EXIT, e))
        if to_copy is not None:
            found.append((ENTRY, item_of[b], e))
    return found
