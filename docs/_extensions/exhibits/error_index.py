"""The index of all errors: the directive ``error-index`` (no arguments).

For each page with exhibits, each exhibit's messages as they were printed, its cause, its cure, and the other pages that
show the message. Then every line of an error or a warning that no exhibit explains, with its page: none is left out.

The index is made when its page is written, from what :mod:`_extensions.exhibits.catalogue` has collected; so the page
is written in each build.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

from _extensions.exhibits.catalogue import Entry, Shown, collected, explained_by
from _extensions.stages import PostStage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_ = get_translation("sphinx")

_MARK = "error-index"
"""What the metadata of a page with the index have. Sphinx keeps them, page by page, and forgets them with the page."""
_PLACE = "place-of-an-error"
"""What Sphinx calls the kind of our links: to a page and an identifier on it."""


class error_index(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the index will stand."""


class ErrorIndex(SphinxDirective):
    """``error-index``."""

    def run(self) -> list[nodes.Node]:
        """Leave a marker: the other pages may not have been read yet."""
        self.env.metadata[self.env.current_document.docname][_MARK] = ""
        return [error_index()]


class IndexWriter:
    """Makes the nodes of the index.

    Args:
        entries: all exhibits, in reading order.
        lines: all lines of errors and warnings that pages show, in reading order.
        titles: the pages' titles.
        docname: the page of the index.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        lines: Sequence[Shown],
        titles: Mapping[str, nodes.Element],
        docname: str,
    ) -> None:
        self._lines = [(shown, explained_by(entries, shown)) for shown in lines]
        self._titles = titles
        self._docname = docname

    def _link(self, docname: str, anchor: str, *children: nodes.Node) -> addnodes.pending_xref:
        """Return a link that :func:`on_missing_reference` resolves."""
        return addnodes.pending_xref(
            "",
            nodes.inline("", "", *children),
            refdomain="",
            reftype=_PLACE,
            refdoc=self._docname,
            reftarget=docname,
            refwarn=True,
            anchor=anchor,
        )

    def _terms(self, entry: Entry) -> list[nodes.term]:
        """Return an exhibit's messages as its section printed them, or what it says in their place."""
        own = [
            entry.message(shown)
            for shown, _by in self._lines
            if (shown.docname, shown.anchor) == (entry.docname, entry.section)
            and entry.explains(shown)
        ]
        told: list[list[nodes.Node]] = [[nodes.literal("", line)] for line in dict.fromkeys(own)]
        return [
            nodes.term("", "", self._link(entry.docname, entry.anchor, *message))
            for message in told or [[part.deepcopy() for part in entry.title.children]]
        ]

    def _elsewhere(self, entry: Entry) -> list[nodes.Node]:
        """Return the line about other pages; of several exhibits of one message, the first has it."""
        places = [
            shown for shown, by in self._lines if by is entry and shown.docname != entry.docname
        ]
        if not places:
            return []
        strong = nodes.strong("", _("Also on"))
        return [nodes.paragraph("", "", strong, nodes.Text(": "), *self._places(places))]

    def _places(self, lines: Sequence[Shown]) -> list[nodes.Node]:
        """Return links to the sections that show the lines, with commas between them."""
        links: list[nodes.Node] = []
        for shown in {(shown.docname, shown.anchor): shown for shown in lines}.values():
            page = self._titles[shown.docname].astext()
            text = page if shown.section in {"", page} else f"{page} › {shown.section}"
            links += [nodes.Text(", ")] * bool(links)
            links.append(self._link(shown.docname, shown.anchor, nodes.Text(text)))
        return links

    def entry(self, entry: Entry) -> nodes.definition_list_item:
        """Return what the index says of an exhibit."""
        told = [part.deepcopy() for part in entry.parts]
        for part in told:
            for link in part.findall(nodes.Element):
                if "refdoc" in link:  # a link from here, no longer from the exhibit
                    link["refdoc"] = self._docname
        about = nodes.definition("", *told, *self._elsewhere(entry))
        return nodes.definition_list_item("", *self._terms(entry), about)

    def page(self, entries: Sequence[Entry]) -> nodes.section:
        """Return the exhibits of one page."""
        docname = entries[0].docname
        title = self._titles[docname]
        heading = nodes.title(
            "", "", self._link(docname, "", *(child.deepcopy() for child in title.children))
        )
        section = nodes.section("", heading, ids=[f"errors-{nodes.make_id(docname)}"])
        section += nodes.definition_list(
            "", *(self.entry(entry) for entry in entries), classes=["error-index"]
        )
        return section

    def rest(self) -> list[nodes.Node]:
        """Return the lines that no exhibit explains, each with its places."""
        places: dict[str, list[Shown]] = {}
        for shown, by in self._lines:
            if by is None:
                places.setdefault(shown.line, []).append(shown)
        if not places:
            return []
        items = [
            nodes.definition_list_item(
                "",
                nodes.term("", "", nodes.literal("", line)),
                nodes.definition("", nodes.paragraph("", "", *self._places(all_shown))),
            )
            for line, all_shown in places.items()
        ]
        heading = nodes.title("", _("Shown on a page, without an exhibit"))
        section = nodes.section("", heading, ids=["errors-without-an-exhibit"])
        section += nodes.definition_list("", *items, classes=["error-index"])
        return [section]


def index_nodes(env: BuildEnvironment, docname: str) -> list[nodes.Node]:
    """Return the index as the page ``docname`` shows it."""
    entries, lines = collected(env)
    writer = IndexWriter(entries, lines, env.titles, docname)
    found: list[nodes.Node] = [
        writer.page(list(group)) for _page, group in groupby(entries, lambda e: e.docname)
    ]
    return found + writer.rest()


def on_missing_reference(
    app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, shown: nodes.Element
) -> nodes.reference | None:
    """Resolve the links of the index."""
    del env
    if node["reftype"] != _PLACE:
        return None
    return make_refnode(
        app.builder, node["refdoc"], node["reftarget"], node["anchor"], shown.children
    )


class FillErrorIndex(SphinxPostTransform):
    """Put the index in, before the links in what it repeats are resolved."""

    default_priority = PostStage.FILL_INDEX

    def run(self, **kwargs: Any) -> None:
        """Fill the markers of one page."""
        del kwargs
        for marker in list(self.document.findall(error_index)):
            marker.replace_self(index_nodes(self.env, self.env.current_document.docname))


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the pages with an index in each build."""
    del app
    return sorted(docname for docname, metadata in env.metadata.items() if _MARK in metadata)
