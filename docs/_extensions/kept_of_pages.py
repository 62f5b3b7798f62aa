"""What a feature keeps of each page when the page is read, until pages are written.

It stands in Sphinx's own metadata of the page. So Sphinx takes it over from a parallel reader, keeps it for the next
build, and forgets it when the page is read again or gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.environment import BuildEnvironment


def keep(env: BuildEnvironment, key: str, value: object) -> None:
    """Keep something of the page that is being read, under a key that no other feature has."""
    env.metadata[env.current_document.docname][key] = value


def kept(env: BuildEnvironment, key: str) -> dict[str, Any]:
    """Return what is kept under a key, page by page."""
    return {name: data[key] for name, data in env.metadata.items() if key in data}


def has_changed(env: BuildEnvironment, key: str, now: object) -> bool:
    """Whether what pages show of each other differs from the last call, in this build or in the one before it."""
    before = vars(env).get(key)
    vars(env)[key] = now
    return bool(before != now)
