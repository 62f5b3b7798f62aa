"""What the leaves hold in ``.grad`` before and after a backward pass, as a table.

On a phone the style sheet shows its rows as a line of small boxes, so the roles of a table are written out: a browser
may forget them where the display of a row changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.excerpt import ENDS
from autograd_vi.render.numbers import story_html
from autograd_vi.render.words import attribute_word, escape, word

if TYPE_CHECKING:
    from autograd_vi.recorded import Recorded, Step
    from autograd_vi.replay import Replay

TABLE = 12  # a longer table of leaves is folded away


def leaves_html(replay: Replay) -> str:
    """Return the table of the leaves, and the names to which the pass brought nothing."""
    parts = _grads(replay) + _unreached(replay)
    return f'<div class="av-leaves">{parts}</div>' if parts else ""


def grad_html(value: Recorded | None) -> str:
    """Return a ``.grad`` as markup; None as Python writes it."""
    return "<code>None</code>" if value is None else story_html(value)


def _grads(replay: Replay) -> str:
    leaves = [(k, step) for k, step in enumerate(replay.steps, 1) if step.node.kind == "leaf"]
    if not leaves:
        return ""
    rows = [_row(k, step) for k, step in leaves[:ENDS]]
    if len(leaves) > ENDS:
        text = word("step.omitted", n=f"{len(leaves) - ENDS:,}")
        rows.append(f'<tr role="row"><td role="cell" colspan="3">{text}</td></tr>')
    names = ("leaf", "before", "after")
    heads = "".join(
        word(f"grads.{name}", "th", ' scope="col" role="columnheader"') for name in names
    )
    table = (
        f'<div class="av-tablebox" tabindex="0" role="group" '
        f"{attribute_word('grads.caption', 'aria-label')}>"
        f'<table class="av-grads" role="table"><thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table></div>'
    )
    if len(leaves) <= TABLE:
        return word("grads.caption", "p", ' class="av-caption"') + table
    return f"<details><summary>{word('grads.caption')}</summary>{table}</details>"


def _row(k: int, step: Step) -> str:
    """Return the row of the leaf that accumulates in step ``k``."""
    name = (
        f"<code>{escape(' = '.join(step.node.names))}</code>"
        if step.node.name
        else word("grads.unnamed")
    )
    return (
        f'<tr role="row"><th scope="row" role="rowheader" data-av-field=".grad">{name}</th>'
        f'<td class="av-was" role="cell" data-av-at="{k}"><span>{grad_html(step.grad_before)}</span></td>'
        f'<td class="av-after" role="cell" data-av-at="{k}"><span>{grad_html(step.grad_after)}</span></td></tr>'
    )


def _unreached(replay: Replay) -> str:
    if not replay.unreached:
        return ""
    names = ", ".join(f"<code>{escape(name)}</code>" for name in replay.unreached)
    return word("grads.unreached", "p", ' class="av-caption"', names=names)
