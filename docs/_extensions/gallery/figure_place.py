"""Show every figure with its caption, and keep a place for it.

A figure's alternative text says what is to be seen in it. Everyone may read that, so it becomes the caption, in the
page's language. The page does not jump when a figure arrives, and a far one is fetched when it comes near. The picture
that the reader's theme hides is never fetched. In formats without themes (EPUB) only the light one stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx

from _extensions.gallery.translated_figures import write_translated

FIGURE, DARK = "figure", "only-dark"
_VIEW_BOX = re.compile(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"')


def picture_size(svg: str) -> tuple[int, int] | None:
    """Return the width and height of a picture in its own units, or None if it does not say."""
    found = _VIEW_BOX.search(svg[:2000])
    return (round(float(found[1])), round(float(found[2]))) if found else None


def captioned(pictures: Sequence[nodes.image], number: int) -> nodes.figure:
    """Return a figure of the same picture in each theme, whose alternative text everyone reads, once, below it.

    Args:
        pictures: one, or one for each theme, with the same text.
        number: the figure's place on its page, for its address.
    """
    caption = nodes.caption("", pictures[0]["alt"])
    figure = nodes.figure("", *pictures, caption, classes=["drawn"], ids=[f"figure-{number}"])
    for picture in pictures:
        picture["alt"] = ""
    return figure


def _keep_place(image: nodes.image, srcdir: Path) -> None:
    image["loading"] = "lazy"
    if size := picture_size((srcdir / image["uri"]).read_text(encoding="utf-8")):
        image["width"], image["height"] = map(str, size)


def on_doctree_resolved(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Give the figures of one page their words, captions and sizes.

    Not where messages are collected: there the alternative text is one, and its caption would be none.
    """
    if app.builder.format != "html":
        return
    has_themes = app.builder.name != "epub"
    pictures = [image for image in doctree.findall(nodes.image) if FIGURE in image["classes"]]
    pairs = zip(pictures[::2], pictures[1::2], strict=True)
    for number, (light, dark) in enumerate(pairs, start=1):
        themes = [light, dark] if has_themes else [light]
        dark.parent.remove(dark)
        place, index = light.parent, light.parent.index(light)
        place.remove(light)
        place.insert(index, captioned(themes, number))
        for image in themes:
            write_translated(app, image, docname)
            if has_themes:
                _keep_place(image, app.srcdir)
