"""When two nodes, or two modules, are equal in all that a picture could tell of them, up to their names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable
from functools import cached_property
from typing import TYPE_CHECKING

from autograd_vi.render.groups import group_of

if TYPE_CHECKING:
    from autograd_vi.attributes import Attributes
    from autograd_vi.columns import Columns
    from autograd_vi.render.groups import Group
    from autograd_vi.render.modules import Path

# Where in a tensor a view looks: the steps of a loop differ in nothing else.
_PLACES = frozenset(["index", "start", "end"])


class Equality:
    """Gives equal things equal numbers.

    Args:
        columns: the graph.
        groups: the graph cut into groups.
        members: the nodes of each group in forward order, those of its inner groups too.
    """

    def __init__(self, columns: Columns, groups: list[Group], members: list[list[int]]) -> None:
        self.columns = columns
        self._groups, self._members = groups, members
        self._numbers: dict[Hashable, int] = {}
        self._of_node: dict[int, int] = {}
        self._of_group: dict[int, int] = {}
        self._places: dict[int, dict[int, int]] = {}

    def node(self, i: int) -> int:
        """Return the number of a node: of its operation, attributes, shapes, dtypes and device."""
        if (known := self._of_node.get(i)) is not None:
            return known
        columns = self.columns
        attributes = columns.attributes[i]
        if attributes:
            attributes = _without_places(attributes)
        form = (columns.ops[i], columns.kinds[i], columns.shapes(i), columns.dtypes(i))
        more = columns.device(i), attributes, len(columns.names[i])
        found = self._of_node[i] = self._number((*form, *more))
        return found

    def value(self, i: int, output_nr: int) -> int:
        """Return the number of one output of a node: of its shape and dtype."""
        shapes = self.columns.shapes(i)
        if output_nr >= len(shapes):
            return self._number(("?",))
        return self._number((shapes[output_nr], self.columns.dtypes(i)[output_nr]))

    def group(self, g: int) -> int:
        """Return the number of a group: of its nodes in forward order, their wiring, and what its modules are."""
        if (known := self._of_group.get(g)) is not None:
            return known
        path, _, items, _ = self._groups[g]
        if len(items) == 1 and items[0] < 0:
            # It has nothing but another one, as around each module of a list that does not run as a whole.
            found = self._of_group[g] = self._number(("around", self.group(group_of(items[0]))))
            return found
        place, depth = self.places(g), len(path)
        names, edges, edges_from = self.columns.names, self.columns.edges, self.edges_from
        form: list[Hashable] = [self._kinds_below.get(".".join(path), ())]
        for i in self._members[g]:
            form.append(self.node(i))
            if names[i]:
                form.append(tuple([".".join(name.split(".")[depth:]) for name in names[i]]))
            for e in edges_from[i]:
                _, target, slot, output_nr = edges[e]
                where = place.get(target, -1)
                form.append(
                    (slot, where, output_nr if where >= 0 else self.value(target, output_nr))
                )
        form.extend([self._nested(inner, place, depth) for inner in self._inner(g)])
        found = self._of_group[g] = self._number(tuple(form))
        return found

    def _nested(self, g: int, place: dict[int, int], depth: int) -> Hashable:
        """Return what is in a group that is in another one: its name and its nodes as they are called there."""
        inner = tuple([self._nested(h, place, depth) for h in self._inner(g)])
        return self._groups[g].path[depth:], tuple([place[i] for i in self._members[g]]), inner

    def _inner(self, g: int) -> list[int]:
        return [group_of(item) for item in self._groups[g].items if item < 0]

    def places(self, g: int) -> dict[int, int]:
        """Return the place of each node among the members of a group."""
        if g not in self._places:
            self._places[g] = {i: k for k, i in enumerate(self._members[g])}
        return self._places[g]

    def tells_modules_apart(self, path: Path) -> bool:
        """Whether modules right in this one are of one class and yet differ, such as two dropouts.

        Of an operation without parameters nobody knows to which of them it belongs.
        """
        around = ".".join([*path, ""])
        settings: dict[str, set[str]] = defaultdict(set)
        for name, kind in self.columns.module_kinds.items():
            inside = name.removeprefix(around)
            if name.startswith(around) and inside and "." not in inside:
                settings[kind.partition("(")[0]].add(kind)
        return any(
            len(found) > 1 for cls, found in settings.items() if cls not in self._has_parameters
        )

    @cached_property
    def edges_from(self) -> list[list[int]]:
        """The edges that leave each node, by their slots."""
        found: list[list[int]] = [[] for _ in self.columns.ops]
        for e, (source, *_) in enumerate(self.columns.edges):
            found[source].append(e)
        return found

    @cached_property
    def _kinds_below(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What the modules are that each module has, itself first; by names relative to its own."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for name, kind in self.columns.module_kinds.items():
            parts = name.split(".")
            for d in range(1, len(parts) + 1):
                found[".".join(parts[:d])].append((".".join(parts[d:]), kind))
        return {name: tuple(kinds) for name, kinds in found.items()}

    @cached_property
    def _has_parameters(self) -> set[str]:
        """The classes of modules whose own parameters are in the graph."""
        owners = {name.rpartition(".")[0] for names in self.columns.names for name in names}
        kinds = self.columns.module_kinds
        return {kinds[name].partition("(")[0] for name in owners if name in kinds}

    def _number(self, form: Hashable) -> int:
        return self._numbers.setdefault(form, len(self._numbers))


def _without_places(attributes: Attributes) -> Attributes:
    return tuple([pair for pair in attributes if pair[0] not in _PLACES])
