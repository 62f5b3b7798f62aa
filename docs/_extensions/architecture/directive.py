"""The directive ``rooms``: the picture of all rooms, and a list of them with the sentence that says what each is for.

The sentences are the first lines of docstrings; on the page they are messages, and so have translations.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from _extensions.architecture.picture import draw
from _extensions.architecture.rooms import Room, read_rooms
from facts.folders import ROOT

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_ = get_translation("sphinx")


class rooms_picture(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """The picture; its text is in the attribute ``svg``, where no indexer looks."""


def visit_rooms_picture(self: Any, node: rooms_picture) -> None:
    """Write the picture in a box that scrolls by itself where the screen is too narrow."""
    label = escape(node["title"])
    self.body.append(
        f'<div class="rooms" tabindex="0" role="group" aria-label="{label}">{node["svg"]}</div>\n'
    )
    raise nodes.SkipNode


def skip(_self: Any, _node: rooms_picture) -> None:
    """Leave the picture out of formats that have no HTML."""
    raise nodes.SkipNode


def shown_rooms(env: BuildEnvironment) -> dict[str, tuple[Room, ...]]:
    """Return which rooms each page shows that has the picture."""
    found: dict[str, tuple[Room, ...]] = env.__dict__.setdefault("shown_rooms", {})
    return found


class Rooms(SphinxDirective):
    """``rooms``."""

    def run(self) -> list[nodes.Node]:
        """Return the picture and the list."""
        rooms = read_rooms(ROOT)
        shown_rooms(self.env)[self.env.current_document.docname] = rooms
        title = str(_("The rooms, and which imports from which"))
        picture = rooms_picture(svg=draw(rooms, title), title=title)
        entries = nodes.definition_list("", *(self._entry(room) for room in rooms))
        return [picture, entries]

    def _entry(self, room: Room) -> nodes.definition_list_item:
        words, _messages = self.parse_inline(room.purpose, lineno=self.lineno)
        purpose = nodes.paragraph(room.purpose, "", *words)
        purpose.source, purpose.line = self.get_source_info()
        place = nodes.term("", "", nodes.literal("", room.place), translatable=False)
        definition = nodes.definition("", purpose)
        if room.uses:
            line = nodes.paragraph("", str(_("Imports from:")), translatable=False)
            for number, name in enumerate(room.uses):
                line += [nodes.Text(", " if number else " "), nodes.literal("", name)]
            definition += line
        return nodes.definition_list_item("", place, definition)


def on_env_get_outdated(
    _app: Sphinx, env: BuildEnvironment, _added: set[str], _changed: set[str], _removed: set[str]
) -> list[str]:
    """Read the page again when the code has other rooms or imports."""
    shown = shown_rooms(env)
    rooms = read_rooms(ROOT) if shown else ()
    return sorted(page for page in shown if page in env.found_docs and shown[page] != rooms)


def on_env_purge_doc(_app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget a page that is read again or gone."""
    shown_rooms(env).pop(docname, None)


def on_env_merge_info(
    _app: Sphinx, env: BuildEnvironment, _docnames: Iterable[str], other: BuildEnvironment
) -> None:
    """Take over what a parallel reader found."""
    shown_rooms(env).update(shown_rooms(other))
