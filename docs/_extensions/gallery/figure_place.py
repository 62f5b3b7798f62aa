"""Show every figure with its caption, and keep a place for it.

A figure's alternative text says what is to be seen in it. Everyone may read that, so it becomes the caption, in the
page's language. The page does not jump when a figure arrives, and a far one is fetched when it comes near. The picture
that the reader's theme hides is never fetched. In formats without themes (EPUB) only the light one stays.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from _extensions.stages import PostStage

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


class PlaceFigures(SphinxPostTransform):
    """Give the figures of one page their captions and sizes."""

    formats = ("html",)
    default_priority = PostStage.FINISH

    def run(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        pictures = [
            image
            for image in self.document.findall(nodes.image)
            if FIGURE in image["classes"] and not isinstance(image.parent, nodes.figure)
        ]
        pairs = zip(pictures[::2], pictures[1::2], strict=True)
        for number, (light, dark) in enumerate(pairs, start=1):
            themes = [light] if self.app.builder.name == "epub" else [light, dark]
            dark.parent.remove(dark)
            place, index = light.parent, light.parent.index(light)
            place.remove(light)
            place.insert(index, captioned(themes, number))
            if self.app.builder.name != "epub":
                for image in themes:
                    self._keep_place(image)

    def _keep_place(self, image: nodes.image) -> None:
        image["loading"] = "lazy"
        path = Path(self.app.srcdir, image["uri"])
        if size := picture_size(path.read_text(encoding="utf-8")):
            image["width"], image["height"] = map(str, size)
