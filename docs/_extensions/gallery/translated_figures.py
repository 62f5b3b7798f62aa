"""Say the words in a figure in the page's language.

The run leaves each figure once, in English, with its words as text (``_extensions.run.figure_words``), and below it the
directive ``figure-words``, which holds them as paragraphs. So they are messages like all others of the page: extracted,
translated and checked with it. When a page is written its figures are written anew with the translated words. The
anchor of a text stays, so it remains centred, or at the end of its line, however long it is.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from _extensions.run.figure_words import WORD
from _extensions.stages import PostStage
from facts.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sphinx.application import Sphinx

WORDS = "words"
"""The attribute of a picture that maps its English words to those of the page's language."""
_WORD = re.compile(rf'(?P<start><text class="{WORD}"[^>]*>)(?P<text>[^<]*)(?=</text>)')


class figure_words(nodes.General, nodes.Element):  # noqa: N801  # docutils names nodes in lower case
    """The words in the figure before it, a paragraph each; ``english`` holds them as the figure has them."""


class FigureWords(SphinxDirective):
    """``.. figure-words::``, with a paragraph for each label."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Parse the paragraphs."""
        words = figure_words()
        self.set_source_info(words)
        self.state.nested_parse(self.content, self.content_offset, words)
        words["english"] = [paragraph.astext() for paragraph in words.children]
        return [words]


def translate(svg: str, words: Mapping[str, str]) -> str:
    """Return a figure with other words.

    Args:
        svg: the figure, as the run left it.
        words: what to say for each word of it.
    """

    def say(found: re.Match[str]) -> str:
        english = html.unescape(found["text"])
        return found["start"] + html.escape(words[english], quote=False)

    return _WORD.sub(say, svg)


class TakeFigureWords(SphinxPostTransform):
    """Give each picture its words, while it still stands before them, and take them from the page."""

    formats = ("html",)
    default_priority = PostStage.TAKE_FIGURE_WORDS

    def run(self, **kwargs: Any) -> None:
        """Look through one page."""
        del kwargs
        for words in list(self.document.findall(figure_words)):
            said = [paragraph.astext() for paragraph in words.children]
            pairs = dict(zip(words["english"], said, strict=True))
            place = words.parent.index(words)
            for picture in words.parent.children[
                place - 2 : place
            ]:  # for light pages and for dark ones
                assert isinstance(picture, nodes.image)  # noqa: S101  # the run writes them so
                picture[WORDS] = pairs
            words.parent.remove(words)


def write_translated(app: Sphinx, picture: nodes.image, docname: str) -> None:
    """Write a picture in the page's language, and let the page show that one under the name of the original."""
    pairs: dict[str, str] = picture.get(WORDS, {})
    if all(english == said for english, said in pairs.items()):
        return
    original = picture["uri"]
    _, name = app.env.images[original]
    path = Path(app.doctreedir, "figures", name)
    path.parent.mkdir(exist_ok=True)
    svg = Path(app.srcdir, original).read_text(encoding="utf-8")
    write_whole(path, translate(svg, pairs))
    picture["uri"] = str(path)
    picture["candidates"] = {"*": str(path)}
    app.env.images[str(path)] = ({docname}, name)


def skip(_self: Any, _node: figure_words) -> None:
    """Leave the words out of formats that have no pictures."""
    raise nodes.SkipNode
