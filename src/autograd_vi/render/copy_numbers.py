"""Which of the equal copies a node belongs to, where the picture draws them once."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from autograd_vi.render.words import escape, word

if TYPE_CHECKING:
    from autograd_vi.render.picture import Picture


def copy_numbers(picture: Picture) -> dict[int, list[tuple[int, int, str]]]:
    """Return, for each node in repeats, the number of its copy, how many there are, and their name; outermost first."""
    found: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for box in picture.walk():
        if box.kind == "repeat":
            size = len(box.nodes) // box.times
            for k, node in enumerate(box.nodes):
                found[node].append((k // size + 1, box.times, box.label))
    return found


def copy_html(numbers: list[tuple[int, int, str]]) -> str:
    """Return a sentence for each repeat that a node is in."""
    return "".join(
        word("step.copy", "p", k=f"{k:,}", n=f"{n:,}", name=f"<code>{escape(label)}</code>")
        if label
        else word("step.copy_unnamed", "p", k=f"{k:,}", n=f"{n:,}")
        for k, n, label in numbers
    )
