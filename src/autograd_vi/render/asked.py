"""What a reader asks to see unfolded: a depth, modules by their names, or all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from autograd_vi.columns import Columns
    from autograd_vi.render.groups import Group

Unfold: TypeAlias = bool | int | str | Iterable[str]

ALL_BELOW = ".**"  # after a module's name: it and all modules in it
_NEAREST = 3  # names that a message about an unknown one lists
_SHOWN = 20


class Asked(NamedTuple):
    """What is to be drawn of the groups, by their numbers.

    Attributes:
        opened: those that are unfolded.
        whole: those in which nothing but modules is folded.
        closed: those that do not unfold by themselves.
    """

    opened: set[int]
    whole: set[int]
    closed: set[int]


def read_asked(columns: Columns, groups: list[Group], unfold: Unfold) -> Asked:
    """Return what ``unfold`` asks for; it is described in :meth:`autograd_vi.Graph.to_svg`.

    Raises:
        TypeError: if it is none of what is allowed.
        ValueError: if no module has one of the names, or the depth is negative.
    """
    every = set(range(len(groups)))
    if unfold is True:
        return Asked(every, every, every)
    if unfold is False:
        return Asked({0}, set(), set())
    if isinstance(unfold, int):
        if unfold < 0:
            raise ValueError(f"unfold: a depth is 0 or more, not {unfold}")
        near = {g for g, group in enumerate(groups) if len(group.path) <= unfold}
        return Asked(near, set(), every)
    if not isinstance(unfold, Iterable):
        what = "a depth, the name of a module, several names, or True"
        raise TypeError(f"unfold takes {what}, not {type(unfold).__name__}")
    return _named(columns, groups, [unfold] if isinstance(unfold, str) else [*unfold])


def _named(columns: Columns, groups: list[Group], names: list[str]) -> Asked:
    asked = Asked({0}, set(), set())
    known = _known_modules(columns, groups) if names else []
    for name in names:
        module = name.removesuffix(ALL_BELOW)
        if module and module not in known:
            raise ValueError(_about_unknown(name, known))
        path = tuple(module.split(".")) if module else ()
        found = [g for g, group in enumerate(groups) if group.path == path]
        while not found:  # one operation alone is no group: show what is around it
            path = path[:-1]
            found = [g for g, group in enumerate(groups) if group.path == path]
        below = {g for g, group in enumerate(groups) if group.path[: len(path)] == path}
        asked.whole.update(below if name.endswith(ALL_BELOW) else found)
        asked.closed.update(below if path else ())
        for g in found:
            asked.opened.update(_around(groups, g))
    asked.opened.update(asked.whole)
    return asked


def _around(groups: list[Group], g: int) -> Iterable[int]:
    while g:
        g = groups[g].parent
        yield g


def _known_modules(columns: Columns, groups: list[Group]) -> list[str]:
    """Return the names of all modules, those too that are no group, the outermost first."""
    known = {".".join(group.path): None for group in groups[1:]}
    for names in columns.names:
        for name in names:
            parts = name.split(".")[:-1]
            known |= {".".join(parts[:d]): None for d in range(1, len(parts) + 1)}
    return sorted(known, key=lambda name: (name.count("."), name))


def _about_unknown(name: str, known: Sequence[str]) -> str:
    start = f"unfold: {name!r} is no module of this graph"
    if not known:
        return f"{start}, which knows none; pass params=model to trace"
    near = get_close_matches(name.removesuffix(ALL_BELOW), known, _NEAREST, 0.5)
    if near:
        return f"{start}. Nearest: {', '.join(map(repr, near))}"
    more = f" and {len(known) - _SHOWN:,} more" if len(known) > _SHOWN else ""
    return f"{start}. Its modules: {', '.join(known[:_SHOWN])}{more}"
