"""A small picture of a graph that a page shows: its boxes and lines without their words.

It is made from the picture that the run captured, so it is the page's own graph, and small enough to stand on a card.
Its colours are those of the large one: the root orange, the leaves green.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree

_SVG = re.compile(r"<svg\b[^>]*\bclass=\"av-svg\b.*?</svg>", re.DOTALL)
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_BOX = ("x", "y", "width", "height", "rx", "d")
"""What says the form of a box."""
_KINDS = ("root", "leaf")
"""The kinds of nodes that have a colour of their own."""
AT_A_GLANCE = 16
"""The most boxes that a miniature has."""


def _classes(element: ElementTree.Element) -> list[str]:
    return [name.removeprefix("av-") for name in element.get("class", "").split()]


def _first(group: ElementTree.Element) -> ElementTree.Element | None:
    shapes = (child for child in group if child.tag in {f"{_NAMESPACE}rect", f"{_NAMESPACE}path"})
    return next(shapes, None)


def _shapes(svg: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Yield the kind and the text of each line and box that is drawn."""
    for group in svg.iter(f"{_NAMESPACE}g"):
        classes, shape = _classes(group), _first(group)
        if shape is None or not {"node", "edge"} & set(classes):
            continue
        tag = shape.tag.removeprefix(_NAMESPACE)
        kind = "".join(f' class="{name}"' for name in _KINDS if name in classes)
        form = "".join(f' {name}="{shape.get(name)}"' for name in _BOX if shape.get(name))
        yield "edge" if "edge" in classes else "box", f"<{tag}{kind}{form}/>"


def miniature(figure: str) -> str | None:
    """Return the small picture of a captured figure; None where it has none, or too many boxes for one.

    Args:
        figure: the figure's HTML, which is XML too.
    """
    found = _SVG.search(figure)
    if found is None:
        return None
    svg = ElementTree.fromstring(found[0])  # noqa: S314  # our own picture
    shapes = list(_shapes(svg))
    boxes = [text for kind, text in shapes if kind == "box"]
    lines = [text for kind, text in shapes if kind == "edge"]
    if not 1 < len(boxes) <= AT_A_GLANCE:
        return None
    return (
        f'<svg class="miniature" viewBox="{svg.get("viewBox")}" aria-hidden="true" focusable="false">'
        f"<g>{''.join(lines)}</g>{''.join(boxes)}</svg>"
    )


def richest(pictures: Iterable[str]) -> str:
    """Return the picture with the most boxes and lines, the first of several; nothing where there is none."""
    return max(pictures, key=lambda picture: picture.count("/>"), default="")
