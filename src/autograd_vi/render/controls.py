"""The controls of a stepper: its buttons, and two ways to jump to a step.

A short story has a track with one button for each step, named by its node; a long one has a slider, and any on a phone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from autograd_vi.render.icons import icon
from autograd_vi.render.kinds import css_class
from autograd_vi.render.words import attribute_word, escape, word

if TYPE_CHECKING:
    from autograd_vi.node import Node
    from autograd_vi.recorded import NonFinite, Step

TRACK = 12  # more steps than this have no room for names
BRIEF = 6  # letters: a name so short is never cut
_BACKWARD = re.compile(r"(?<=.)Backward\d*$")


def bar_html(steps: Sequence[Step], first: Mapping[NonFinite, int]) -> str:
    """Return the controls, which stay hidden until the script shows them.

    Args:
        steps: the steps of the replay.
        first: the number of the first step with an infinity and with NaN.
    """
    buttons = "".join(map(_button, ("reset", "previous", "next", "play", "pause", "end")))
    for kind, k in first.items():
        text = word(f"step.to_{kind}", k=str(k))
        buttons += f'<button type="button" class="av-leap" data-av-go="{k}">{text}</button>'
    where = word(
        "step.position",
        attributes=' data-av-where=""',
        k='<span class="av-k">0</span>',
        n=str(len(steps)),
    )
    slider = (
        f'<input type="range" class="av-slider" min="0" max="{len(steps)}" value="0" step="1" '
        f"{attribute_word('step.choose', 'aria-label')}/>"
    )
    return (
        f'<div class="av-bar" hidden="hidden">{buttons}<span class="av-where">{where}</span>'
        f"{_track(steps)}{slider}</div>"
    )


def _button(name: str) -> str:
    """Return a button; the one that a reader needs first says in words what it does."""
    start = f'<button type="button" data-av-go="{name}"'
    if name == "next":
        return (
            f'{start} class="av-go"><span class="av-onward">{word("step.next")} {icon(name)}</span>'
            f'<span class="av-again">{icon("reset")} {word("step.again")}</span></button>'
        )
    label = (
        f"{attribute_word(f'step.{name}', 'aria-label')} {attribute_word(f'step.{name}', 'title')}"
    )
    return f"{start} {label}>{icon(name)}</button>"


def _track(steps: Sequence[Step]) -> str:
    if len(steps) > TRACK:
        return ""
    stations = "".join(_station(k, step.node) for k, step in enumerate(steps, 1))
    label = attribute_word("step.choose", "aria-label")
    return f'<div class="av-track" role="group" {label}>{stations}</div>'


def _station(k: int, node: Node) -> str:
    name = station_name(node)
    brief = " av-brief" if len(name) <= BRIEF else ""
    return (
        f'<button type="button" class="{css_class(node.kind)}{brief} notranslate" data-av-go="{k}" data-av-at="{k}">'
        f"<code>{escape(name)}</code></button>"
    )


def station_name(node: Node) -> str:
    """Return the short name of a node: a leaf's own name, or what its operation is called without ``Backward0``."""
    return node.name if node.kind == "leaf" and node.name else _BACKWARD.sub("", node.op)
