"""Say of each term of the glossary on which pages it appears: those that link to it, in reading order.

What a page links to is kept when the page is read, and translated: a translation links to the same terms. The list is
made when the glossary is written, and the glossary is written again where a page links to other terms, has another
title, or another place in the order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.kept_of_pages import has_changed, keep, kept
from _extensions.stages import PostStage

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

_ = get_translation("sphinx")

GLOSSARY = "glossary"
"""The page of the glossary."""
FEW = 3
"""More pages than this are folded: a common term appears on nearly all."""
_LINKED = "linked-terms"
_TOLD = "appearances_told"


class appearances(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """Where the pages of a term will stand; ``forms`` are the wordings by which pages link to it, in lower case."""


class folded_pages(nodes.General, nodes.Element):  # noqa: N801
    """The pages of a term that appears on many; ``label`` says on how many."""


def linked_forms(document: nodes.document) -> list[str]:
    """Return the wordings by which a page, that was read, links to terms: each once, in lower case and in order."""
    links = document.findall(addnodes.pending_xref)
    return sorted({link["reftarget"].lower() for link in links if link.get("reftype") == "term"})


def on_doctree_read(app: Sphinx, doctree: nodes.document) -> None:
    """Keep to which terms a page links."""
    if app.env.current_document.docname != GLOSSARY and (forms := linked_forms(doctree)):
        keep(app.env, _LINKED, forms)


def pages_in_order(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what pages link to, page by page, in reading order."""
    found = kept(env, _LINKED)
    order = [name for name in env.collect_relations() if name in found]
    return {name: found[name] for name in [*order, *sorted(set(found) - set(order))]}


def pages_of(forms: Iterable[str], linked: Mapping[str, list[str]]) -> list[str]:
    """Return the pages that link to a term by one of its wordings."""
    wanted = set(forms)
    return [docname for docname, found in linked.items() if wanted.intersection(found)]


def _link(docname: str) -> addnodes.pending_xref:
    """Return a link that shows the page's title."""
    inner = nodes.inline("", docname, classes=["doc"])
    return addnodes.pending_xref(
        "",
        inner,
        refdomain="std",
        reftype="doc",
        reftarget=f"/{docname}",
        refexplicit=False,
        refwarn=True,
    )


def appearance_nodes(pages: list[str]) -> list[nodes.Node]:
    """Return what the glossary says: the links to few pages, or to many, folded below their number."""
    if not pages:
        return []
    if len(pages) > FEW:
        label = _("Appears on %(count)d pages") % {"count": len(pages)}
        items = (nodes.list_item("", nodes.paragraph("", "", _link(page))) for page in pages)
        return [folded_pages("", nodes.bullet_list("", *items), label=label)]
    line = nodes.paragraph("", "", classes=["appears-on"])
    for place, page in enumerate(pages):
        line += [nodes.Text(", " if place else _("Appears on:") + " "), _link(page)]
    return [line]


class FillAppearances(SphinxPostTransform):
    """Put the links in, before links are resolved."""

    default_priority = PostStage.FILL_INDEX

    def run(self, **kwargs: Any) -> None:
        """Fill the markers of one page."""
        del kwargs
        markers = list(self.document.findall(appearances))
        linked = pages_in_order(self.env) if markers else {}
        for marker in markers:
            marker.replace_self(appearance_nodes(pages_of(marker["forms"], linked)))


def on_env_updated(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Write the glossary again where it shows of the pages what it did not show before."""
    del app
    titles = {name: title.astext() for name, title in env.titles.items()}
    now = [(name, titles.get(name, ""), forms) for name, forms in pages_in_order(env).items()]
    return [GLOSSARY] if has_changed(env, _TOLD, now) and GLOSSARY in env.found_docs else []


def visit_folded_pages_html(self: Any, node: folded_pages) -> None:
    """Open the element; a book, whose reader's program may not unfold anything, shows the number and the list."""
    if self.builder.name == "epub":
        self.body.append(f"<p>{node['label']}</p>\n")
    else:
        self.body.append(f'<details class="appears-on"><summary>{node["label"]}</summary>\n')


def depart_folded_pages_html(self: Any, _node: folded_pages) -> None:
    """Close the element."""
    if self.builder.name != "epub":
        self.body.append("</details>\n")


def show_content(_self: Any, _node: folded_pages) -> None:
    """Show the list only, in formats that cannot fold."""
