"""Keep a place for every figure: the page does not jump when one arrives, and a far one is fetched when it comes near.

The picture that the reader's theme hides is never fetched. In formats without themes (EPUB) only the light one stays.
"""

from __future__ import annotations

import re
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


class PlaceFigures(SphinxPostTransform):
    """Give the figures of one page their size."""

    formats = ("html",)
    default_priority = PostStage.FINISH

    def run(self, **kwargs: Any) -> None:
        """Change one page."""
        del kwargs
        for image in list(self.document.findall(nodes.image)):
            if FIGURE not in image["classes"]:
                continue
            if self.app.builder.name == "epub":
                if DARK in image["classes"]:
                    image.parent.remove(image)
                continue
            image["loading"] = "lazy"
            path = Path(self.app.srcdir, image["uri"])
            if size := picture_size(path.read_text(encoding="utf-8")):
                image["width"], image["height"] = map(str, size)
