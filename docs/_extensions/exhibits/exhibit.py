"""An exhibit: one message of PyTorch that a page shows, with what torch saw, the cause and the cure.

A page declares it in a text cell of the section that shows the message::

    .. exhibit:: Trying to backward through the graph a second time
       :name: second-backward
       :also: Specify retain_graph=True when calling backward the first time
              Specify retain_graph=True if you need to backward through the graph a second time

       The saved tensors of the first pass are gone.

       The same graph was walked twice.

       Compute the loss anew before each backward pass.

The argument is a fragment of the message that will last. ``:name:`` makes the label ``exhibit-<name>``, one for all
pages. ``:also:`` lists, one a line, other fragments of the same mistake's messages and the wordings of other versions:
the search finds the exhibit by them. The content is three paragraphs: what torch saw, the cause, the cure.

A mistake that is told by no message has a sentence as its argument, and the option ``:shown:`` with a fragment of what
the section prints. A fragment that no output of the section holds is a warning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.locale import get_translation
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from _extensions.stages import Stage
from facts.generated import PRINTED_LANGUAGE

if TYPE_CHECKING:
    from sphinx.util.typing import OptionSpec

logger = logging.getLogger(__name__)
_ = get_translation("sphinx")

CLASS = "exhibit"
PARTS = 3
"""What torch saw, the cause, the cure."""


def plain(text: str) -> str:
    """Return ``text`` with single spaces: an output may be wrapped."""
    return " ".join(text.split())


def labels() -> tuple[str, str, str]:
    """Return what stands before the parts of an exhibit, in the language of this build."""
    return _("What PyTorch saw"), _("Cause"), _("Cure")


def lines_of(option: str | None) -> list[str]:
    """Return the lines of an option's value without the empty ones.

    Raises:
        ValueError: there is none.
    """
    lines = [plain(line) for line in (option or "").splitlines() if line.strip()]
    if not lines:
        raise ValueError("write one wording a line")
    return lines


def exhibits(document: nodes.Element) -> list[nodes.admonition]:
    """Return the exhibits of a page."""
    return [note for note in document.findall(nodes.admonition) if CLASS in note["classes"]]


def section_of(node: nodes.Node) -> nodes.Element:
    """Return the innermost section around ``node``, or its document."""
    parent = node.parent
    while not isinstance(parent, nodes.section | nodes.document):
        parent = parent.parent
    return parent


def printed(section: nodes.Element) -> Iterator[nodes.literal_block]:
    """Yield what the cells of a section printed; the sections in it are others."""
    for block in section.findall(nodes.literal_block):
        if block.get("language") == PRINTED_LANGUAGE and section_of(block) is section:
            yield block


def absent(fragment: str, blocks: Iterable[nodes.literal_block]) -> bool:
    """Whether none of the printed blocks holds ``fragment``."""
    return not any(plain(fragment) in plain(block.astext()) for block in blocks)


def label_parts(note: nodes.admonition) -> None:
    """Put what each part is called in front of it."""
    paragraphs = [part for part in note.children if isinstance(part, nodes.paragraph)]
    for paragraph, label in zip(paragraphs, labels(), strict=True):
        paragraph.insert(0, [nodes.strong("", label), nodes.Text(": ")])


class Exhibit(SphinxDirective):
    """``.. exhibit:: fragment``."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {
        "name": directives.unchanged_required,
        "also": lines_of,
        "shown": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return a note whose title is the message, or the sentence in its place."""
        told = plain(self.arguments[0])
        if "name" not in self.options:
            raise self.error(
                f"exhibit “{told}”: write :name:, such as :name: second-backward; it becomes the "
                "exhibit's address"
            )
        note = nodes.admonition(classes=[CLASS])
        self.set_source_info(note)
        silent = "shown" in self.options
        if silent:
            children, problems = self.state.inline_text(told, self.lineno)
        else:
            children, problems = [nodes.literal("", told)], []
        title = nodes.title(told, "", *children)
        title.source, title.line = self.get_source_info()
        title["translatable"] = silent
        note += [title, *problems]
        self.state.nested_parse(self.content, self.content_offset, note)
        count = len([part for part in note.children[1:] if isinstance(part, nodes.paragraph)])
        if count != PARTS or len(note.children) != 1 + PARTS:
            raise self.error(
                f"exhibit “{told}” has {count} paragraphs; write {PARTS}: what torch saw, the cause, the cure"
            )
        note["fragment"] = plain(self.options["shown"]) if silent else told
        note["silent"] = silent
        note["also"] = self.options.get("also", [])
        self.options["name"] = f"{CLASS}-{self.options['name']}"
        self.add_name(note)
        return [note]


class CheckExhibits(SphinxTransform):
    """After translation: each exhibit's fragment stands in its section, and its parts get their labels."""

    default_priority = Stage.FILL_NOTES

    def apply(self, **kwargs: Any) -> None:
        """Finish the exhibits of one page."""
        del kwargs
        for note in exhibits(self.document):
            # A sentence in place of a message is in the reader's language only now.
            note["search_words"] = [note[0].astext(), *note["also"]]
            label_parts(note)
            if absent(note["fragment"], printed(section_of(note))):
                logger.warning(
                    "exhibit: no output of this section holds “%s”; print the message in a cell of the section, "
                    "or correct the fragment",
                    note["fragment"],
                    location=note,
                    type="exhibit",
                    subtype="absent",
                )
