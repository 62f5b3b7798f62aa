"""Read the routes of ``curriculum.toml``: shorter ways along the learning path, for readers who want one thing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facts.curriculum import CurriculumError, Page, read_pages
from facts.folders import CURRICULUM_FILE
from facts.toml_file import check_keys, plain_text, read_toml, tables


@dataclass(frozen=True)
class Route:
    """Some pages of the learning path, in its order."""

    name: str
    pages: tuple[Page, ...]

    @property
    def minutes(self) -> int:
        """How long a careful reader takes for all of them."""
        return sum(page.minutes for page in self.pages)


def _route(entry: dict[str, Any], known: dict[str, Page], path: Path) -> Route:
    check_keys(entry, ("name", "pages"), "a route", path, CurriculumError)
    name = plain_text(entry, "name", path, CurriculumError)
    listed = entry["pages"]
    if not isinstance(listed, list) or not listed:
        raise CurriculumError(
            f'{path}: the pages of the route {name} are {listed!r}; list some, like ["training/plot_mini_batch"]'
        )
    if unknown := [page for page in listed if page not in known]:
        raise CurriculumError(
            f"{path}: the route {name} leads to {unknown[0]!r}; "
            "allowed are the pages of the parts, written <folder>/<name>"
        )
    ordered = [page for page in known if page in listed]
    if listed != ordered:
        raise CurriculumError(
            f"{path}: the route {name} has to list each page once, in the order of the path: {ordered}"
        )
    return Route(name, tuple(known[page] for page in listed))


def read_routes(path: Path = CURRICULUM_FILE) -> tuple[Route, ...]:
    """Return the routes in the order in which they are offered.

    Raises:
        CurriculumError: the file cannot be read, or a route has no name, the name of another one, an unknown page, or
            pages in another order than that of the path.
    """
    known = {page.script.removesuffix(".py"): page for page in read_pages(path)}
    routes = tuple(
        _route(entry, known, path)
        for entry in tables(read_toml(path, CurriculumError), "route", path, CurriculumError)
    )
    names = [route.name for route in routes]
    if twice := [name for name in names if names.count(name) > 1]:
        raise CurriculumError(f"{path}: the route {twice[0]} is listed twice; remove one")
    return routes
