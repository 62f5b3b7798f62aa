"""Where a page stands on the learning path, for the header above it, and what comes before and after, for its end.

Templates get ``place`` on the pages of the path (:func:`place_said`) and, on every page that is in a table of contents,
``preceding`` and ``following``: the links that furo shows at the foot of a page, each with its time.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.locale import get_translation

from _extensions.path.times import dotted, minutes_said, pages_said, unbroken

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from facts.curriculum import Part

_ = get_translation("sphinx")

PATH = "learn"
"""The page that shows the whole path."""
STATIONS = "stations.css"
"""The style of what only some pages show."""
_SHOWN = frozenset({"begin", "gallery-card", "learning-path", "part-cards", "route"})


@dataclass(frozen=True)
class Place:
    """Where a page stands."""

    part: str
    """The name of the page that opens its part."""
    part_number: int
    """From 1."""
    parts: int
    page_number: int
    """From 1; 0 for the page that opens the part."""
    pages: int
    """How many pages the part has."""
    minutes: int
    """How long the page takes; the whole part on the page that opens it."""


def places(parts: tuple[Part, ...]) -> dict[str, Place]:
    """Return the place of every page of the path, by the page's name."""
    found: dict[str, Place] = {}
    for part_number, part in enumerate(parts, start=1):
        where = part.docname, part_number, len(parts)
        found[part.docname] = Place(*where, 0, len(part.pages), part.minutes)
        for page_number, page in enumerate(part.pages, start=1):
            found[page.docname] = Place(*where, page_number, len(part.pages), page.minutes)
    return found


def place_said(place: Place, title: str) -> dict[str, Any]:
    """Return what the header says: what the page belongs to, how long it takes, and where in that it stands.

    A page is one of its part, and a part is one of the path: there is a segment for each, and a word beside them says
    what they count.

    Args:
        place: where the page stands.
        title: the title of what it belongs to: of its part, or of the path.
    """
    if not place.page_number:
        of = {"number": place.part_number, "count": place.parts}
        return {
            "within": title,
            "size": dotted(pages_said(place.pages), minutes_said(place.minutes)),
            "counted": unbroken(_("Part %(number)d of %(count)d") % of),
            "segments": place.parts,
            "current": place.part_number,
        }
    of = {"number": place.page_number, "count": place.pages}
    part = _("Part %(number)d") % {"number": place.part_number}
    return {
        "within": dotted(unbroken(part), title),
        "size": minutes_said(place.minutes),
        "counted": unbroken(_("page %(number)d of %(count)d") % of),
        "segments": place.pages,
        "current": place.page_number,
    }


def neighbours(
    relations: Mapping[str, list[str | None]], pagename: str
) -> tuple[str | None, str | None]:
    """Return the pages before and after a page in the tables of contents.

    Args:
        relations: a page's parent and neighbours by its name, as Sphinx's HTML builder has them.
        pagename: the page.
    """
    _parent, before, after = relations.get(pagename, [None, None, None])
    return before, after


def shows_stations(document: nodes.document) -> bool:
    """Whether a page shows the path or a piece of it."""
    return any(_SHOWN & set(node.get("classes", ())) for node in document.findall(nodes.Element))


def title_of(env: BuildEnvironment, docname: str) -> str:
    """Return a page's title as text."""
    return env.titles.get(docname, nodes.title()).astext()


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates the page's place and its neighbours, which furo then does not show a second time."""
    del templatename
    if app.builder.name != "html":
        return
    if doctree is not None and shows_stations(doctree):
        app.add_css_file(STATIONS)
    known = places(app.config.learning_path)
    pathto = context["pathto"]

    def link(docname: str | None) -> dict[str, str] | None:
        if docname is None:
            return None
        minutes = minutes_said(known[docname].minutes) if docname in known else ""
        title = html.escape(title_of(app.env, docname))
        return {"href": pathto(docname), "title": title, "minutes": minutes}

    before, after = neighbours(app.builder.relations, pagename)  # type: ignore[attr-defined]  # the HTML builder's own
    context["preceding"], context["following"] = link(before), link(after)
    context["prev"] = context["next"] = None
    context["place"] = None
    if pagename in known:
        place = known[pagename]
        above = place.part if place.page_number else PATH
        if above in app.env.titles:
            said = place_said(place, html.escape(title_of(app.env, above)))
            page = pagename if place.page_number else ""
            context["place"] = said | {"href": pathto(above), "page": page}
