"""Read the rooms of the project's house from its code: what each is for, and from which others it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_FOLDERS = {
    "docs/facts": "facts",
    "docs/sitebuild/checks": "checks",
    "docs/sitebuild/__main__.py": "commands",
    "docs/sitebuild": "sitebuild",
    "src/autograd_vi": "autograd_vi",
    "gallery": "scripts",
}
"""Place and name of the rooms; an inner room stands before the one around it. Each feature is a room of its own.

The command line brings the build and its checks together, so it stands above both."""
_FEATURES = "docs/_extensions"
_IMPORT_ROOTS = ("docs", "src")
_SCRIPTS = "The scripts behind the gallery's pages, a folder a part."
"""They are no package, so no docstring says it."""


@dataclass(frozen=True)
class Room:
    """Code that belongs together."""

    name: str
    place: str
    """Its folder or file, from the project's root."""
    purpose: str
    """What it is for: the first line of its docstring."""
    uses: tuple[str, ...]
    """The names of the rooms that it imports from, in alphabetical order."""


def room_of(path: Path) -> tuple[str, str] | None:
    """Return name and place of the room that a file, from the project's root, belongs to."""
    for folder, name in _FOLDERS.items():
        if path.is_relative_to(folder):
            return name, folder if folder.endswith(".py") else f"{folder}/"
    if path.is_relative_to(_FEATURES) and path.parent.as_posix() != _FEATURES:
        feature = path.relative_to(_FEATURES).parts[0]
        return feature, f"{_FEATURES}/{feature}/"
    if path.is_relative_to(_FEATURES) and path.name != "__init__.py":
        return path.stem, path.as_posix()
    return None


def _module_name(path: Path) -> str:
    parts = path.with_suffix("").parts
    parts = parts[1:] if parts[0] in _IMPORT_ROOTS else parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from (f"{module}.{alias.name}" for alias in names)


def _home(module: str, homes: Mapping[str, str]) -> str | None:
    """Return the room of the module that ``module``, or the name in it, comes from."""
    while module and module not in homes:
        module = module.rpartition(".")[0]
    return homes.get(module)


def read_rooms(root: Path) -> tuple[Room, ...]:
    """Return the rooms of the project in ``root``, in alphabetical order of their names."""
    folders = [place for place in (*_FOLDERS, _FEATURES) if not place.endswith(".py")]
    paths = sorted({path for folder in folders for path in (root / folder).rglob("*.py")})
    trees, places, homes = {}, {}, {}
    for path in paths:
        inside = path.relative_to(root)
        if room := room_of(inside):
            trees[inside] = ast.parse(path.read_text(encoding="utf-8"))
            places[room[0]] = room[1]
            homes[_module_name(inside)] = room[0]
    purposes, uses = {"scripts": _SCRIPTS}, {name: set[str]() for name in places}
    for path, tree in trees.items():
        name = homes[_module_name(path)]
        if path.as_posix() in {places[name], f"{places[name]}__init__.py"}:
            purposes[name] = (ast.get_docstring(tree) or "").partition("\n")[0]
        uses[name] |= {home for module in _imported(tree) if (home := _home(module, homes))}
    return tuple(
        Room(name, places[name], purposes.get(name, ""), tuple(sorted(uses[name] - {name})))
        for name in sorted(places)
    )
