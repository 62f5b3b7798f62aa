"""What a replay adds to a picture: recorded gradients, and the steps in which something is lit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograd_vi.node import Edge
    from autograd_vi.saved import SavedTensor


@dataclass(frozen=True, slots=True)
class Overlay:
    """What a replay adds to the picture; step 0 is the start, step k what the k-th node did.

    Attributes:
        steps: the steps in which each node ran.
        values: the short text of what left a node: ``(node id, slot)``.
        roots: the short text of what entered each root.
        before: the text for each leaf's ``.grad`` before the backward pass.
        leaves: the same afterwards.
        arrivals: for each leaf the steps in which a contribution to its gradient left a node.
        saved: what each node keeps for the backward pass; empty unless somebody looked.
    """

    steps: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    values: Mapping[tuple[int, int], str] = field(default_factory=dict)
    roots: tuple[str, ...] = ()
    before: Mapping[int, str] = field(default_factory=dict)
    leaves: Mapping[int, str] = field(default_factory=dict)
    arrivals: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    saved: Sequence[tuple[SavedTensor, ...]] = ()

    def steps_of(self, nodes: Iterable[int]) -> list[int]:
        """Return the steps in which any of these nodes ran."""
        if not self.steps:
            return []
        return sorted([step for i in nodes for step in self.steps.get(i, ())])

    def steps_along(self, edges: Iterable[Edge]) -> list[int]:
        """Return the steps in which a gradient ran along any of these edges."""
        return sorted({step for edge in edges for step in self.steps.get(edge.source, ())})


def lit_attribute(steps: list[int]) -> str:
    """Return the attribute that tells the stepper when this is lit; neighbours as ranges."""
    if not steps:
        return ""
    parts: list[str] = []
    first = last = steps[0]
    for step in [*steps[1:], None]:
        if step is not None and step <= last + 1:
            last = step
            continue
        parts.append(str(first) if first == last else f"{first}-{last}")
        if step is not None:
            first = last = step
    return f' data-av-at="{" ".join(parts)}"'


def tick_svg(x: int, y: int) -> str:
    """Return the sign, at the corner of a box, that its steps are over; seen only in a stepper."""
    return (
        f'<g class="av-tick"><circle cx="{x}" cy="{y}" r="6.5"/>'
        f'<polyline points="{x - 3},{y} {x - 1},{y + 2.5} {x + 3},{y - 2.5}"/></g>'
    )
