"""The learning path: all chapters and pages in reading order, what each chapter builds on, and how long a page takes.

The directive ``learning-path`` makes it from ``curriculum.toml``, together with the table of contents that
gives every page its previous and next one. Titles are references, so they come in the reader's language.
"""

from __future__ import annotations

from docutils import nodes
from sphinx import addnodes
from sphinx.locale import get_translation
from sphinx.util.docutils import SphinxDirective

from facts.curriculum import Chapter, read_curriculum
from facts.folders import CURRICULUM_FILE

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


def chapter_link(folder: str) -> addnodes.pending_xref:
    """Return a link to the page that opens a chapter."""
    return page_link(f"gallery/{folder}/index")


def needs_line(needs: tuple[str, ...], read_first: str) -> list[nodes.Node]:
    """Return the paragraph that leads to the chapters that one builds on, if there are any."""
    if not needs:
        return []
    line = nodes.paragraph("", f"{read_first} ", classes=["needs"], translatable=False)
    for place, folder in enumerate(needs):
        line += [nodes.Text(", ")] * bool(place) + [chapter_link(folder)]
    return [line]


def chapter_list(
    chapters: tuple[Chapter, ...], minutes: str, read_first: str
) -> nodes.enumerated_list:
    """Return the chapters as a numbered list, each with its pages.

    Args:
        chapters: in reading order.
        minutes: how a time is written in the reader's language, with ``%d`` in it.
        read_first: what stands before the chapters that one builds on, in the reader's language.
    """
    minutes = minutes.replace(" ", "\N{NO-BREAK SPACE}")
    path = nodes.enumerated_list("", classes=["learning-path"])
    for chapter in chapters:
        pages = nodes.bullet_list("")
        for page in chapter.pages:
            time = nodes.inline(
                "", f" ·\N{NO-BREAK SPACE}{minutes % page.minutes}", classes=["minutes"]
            )
            # References and UI words, no messages: each title is translated on its own page.
            line = nodes.paragraph("", "", page_link(page.docname), time, translatable=False)
            pages += nodes.list_item("", line)
        total = sum(page.minutes for page in chapter.pages)
        head = nodes.paragraph(
            "",
            "",
            nodes.strong("", "", chapter_link(chapter.folder)),
            nodes.inline("", f" ·\N{NO-BREAK SPACE}{minutes % total}", classes=["minutes"]),
            translatable=False,
        )
        path += nodes.list_item("", head, *needs_line(chapter.needs, read_first), pages)
    return path


class LearningPath(SphinxDirective):
    """``learning-path``."""

    def run(self) -> list[nodes.Node]:
        """Return the list and the hidden table of contents."""
        self.env.note_dependency(str(CURRICULUM_FILE))
        chapters = read_curriculum()
        documents = [f"gallery/{chapter.folder}/index" for chapter in chapters]
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
        return [chapter_list(chapters, _("%d min"), _("Read first:")), wrapper]
