"""The learning path: all parts and pages in reading order, what a reader can do after each part, and how long it takes.

The directive ``learning-path`` makes it from ``curriculum.toml``, together with the table of contents that
gives every page its previous and next one. Titles are references, so they come in the reader's language; below each
stands the question that its page opens with. What a reader can do after a part is the directive's content, so it is a
message of the page that holds it::

    ```{learning-path}
    first_gradients
    : You can …
    ```

The directive ``route`` lists the pages of one of the shorter routes.
"""

from __future__ import annotations

from collections.abc import Mapping

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from _extensions.path.times import time_of, unbroken
from facts.curriculum import Page, Part, read_curriculum
from facts.folders import CURRICULUM_FILE
from facts.routes import Route, read_routes

_ = get_translation("sphinx")


def page_link(docname: str) -> addnodes.pending_xref:
    """Return a link to a page that shows the page's own title."""
    return addnodes.pending_xref(
        "",
        nodes.inline("", docname, classes=["doc"]),
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=False,
        refwarn=True,
    )


class page_question(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the question will stand that the page ``docname`` opens with."""


def part_link(folder: str) -> addnodes.pending_xref:
    """Return a link to the page that opens a part."""
    return page_link(f"gallery/{folder}/index")


def needs_line(needs: tuple[str, ...], read_first: str) -> list[nodes.Node]:
    """Return the paragraph that leads to the parts that one builds on, if there are any."""
    if not needs:
        return []
    line = nodes.paragraph("", f"{read_first} ", classes=["needs"], translatable=False)
    for place, folder in enumerate(needs):
        line += [nodes.Text(", ")] * bool(place) + [part_link(folder)]
    return [line]


def page_line(page: Page, minutes: str, *more: nodes.Node) -> nodes.list_item:
    """Return a page's link and how long it takes, and what follows in lines of their own."""
    # References and UI words, no messages: each title is translated on its own page.
    parts = page_link(page.docname), time_of(page.minutes, minutes)
    return nodes.list_item("", nodes.paragraph("", "", *parts, translatable=False), *more)


def route_list(route: Route, minutes: str, together: str) -> list[nodes.Node]:
    """Return the pages of a route as a numbered list, and how long they take together.

    Args:
        route: the route.
        minutes: how a time is written in the reader's language, with ``%d`` in it.
        together: the same for the time of all pages.
    """
    pages = nodes.enumerated_list(
        "", *(page_line(page, minutes) for page in route.pages), classes=["route"]
    )
    total = nodes.inline("", unbroken(together % route.minutes), classes=["minutes"])
    return [pages, nodes.paragraph("", "", total, translatable=False)]


def part_list(
    parts: tuple[Part, ...],
    minutes: str,
    read_first: str,
    outcomes: Mapping[str, list[nodes.Node]],
) -> nodes.enumerated_list:
    """Return the parts as a numbered list, each with what one can do after it and with its pages.

    Args:
        parts: in reading order.
        minutes: how a time is written in the reader's language, with ``%d`` in it.
        read_first: what stands before the parts that one builds on, in the reader's language.
        outcomes: what a reader can do after a part, by its folder.
    """
    path = nodes.enumerated_list("", classes=["learning-path"])
    for part in parts:
        head = nodes.paragraph(
            "",
            "",
            nodes.strong("", "", part_link(part.folder)),
            time_of(part.minutes, minutes),
            translatable=False,
        )
        pages = nodes.bullet_list(
            "",
            *(page_line(page, minutes, page_question(docname=page.docname)) for page in part.pages),
        )
        path += nodes.list_item(
            "", head, *outcomes[part.folder], *needs_line(part.needs, read_first), pages
        )
    return path


def outcomes_of(content: nodes.Element) -> dict[str, list[nodes.Node]]:
    """Return what a definition list says of each of its terms; nothing where there is no such list."""
    found = {}
    for item in content.findall(nodes.definition_list_item):
        term, definition = item.children[0], item.children[-1]
        assert isinstance(definition, nodes.definition)  # noqa: S101  # docutils' own shape
        found[term.astext()] = definition.children
    return found


class LearningPath(SphinxDirective):
    """``learning-path``: its content is a definition list from each part's folder to what one can do after it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list and the hidden table of contents."""
        self.env.note_dependency(str(CURRICULUM_FILE))
        parts = read_curriculum()
        content = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, content)
        outcomes = outcomes_of(content)
        folders = [part.folder for part in parts]
        if list(outcomes) != folders:
            raise self.error(
                f"the parts of the learning path are {list(outcomes)}; {CURRICULUM_FILE.name} lists {folders}: "
                "write here what a reader can do after each of them, in the same order"
            )
        documents = [part.docname for part in parts]
        toctree = addnodes.toctree(
            parent=self.env.current_document.docname,
            entries=[(None, document) for document in documents],
            includefiles=documents,
            maxdepth=-1,
            caption=None,
            glob=False,
            hidden=True,
            includehidden=False,
            numbered=0,
            titlesonly=True,
        )
        toctree["rawentries"] = []
        wrapper = nodes.compound("", toctree, classes=["toctree-wrapper"])
        return [part_list(parts, _("%d min"), _("Read first:"), outcomes), wrapper]


class RouteList(SphinxDirective):
    """``route``: its argument names one of the routes of ``curriculum.toml``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the route's pages and their time."""
        self.env.note_dependency(str(CURRICULUM_FILE))
        routes = {route.name: route for route in read_routes()}
        name = self.arguments[0]
        if name not in routes:
            raise self.error(
                f"the route {name!r} is unknown; {CURRICULUM_FILE.name} lists {list(routes)}"
            )
        return route_list(routes[name], _("%d min"), _("%d min in all"))
