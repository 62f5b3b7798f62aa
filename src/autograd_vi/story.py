"""A recorded backward pass as text, a line for each step.

    step 1  SubBackward0: 1 → 1, -1
    step 2  PowBackward0: -1 → -8
    step 3  AccumulateGrad y: -8; .grad: None → -8

What enters a node stands before the arrow, what leaves it behind. A long story is cut in the middle, but
the first steps that meet an infinity or NaN are always told, and marked. In brackets stands the memory that
the graph still keeps after a step, if that was recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.excerpt import MARKS, first_nonfinite, told
from autograd_vi.render.numbers import short_text
from autograd_vi.saved import size_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.recorded import Recorded, Step
    from autograd_vi.replay import Replay


def story_text(replay: Replay) -> str:
    """Return the story of a replay."""
    steps, held = replay.steps, replay.held_bytes
    first = first_nonfinite(steps)
    lines = [repr(replay)]
    end = 0
    for stretch in told(len(steps), first.values()):
        if stretch.start - end > 1:
            lines.append(f"⋮ {stretch.start - end - 1:,}")
        end = stretch.stop - 1
        for k in stretch:
            marks = "".join(f" ← {MARKS[kind]}" for kind, at in first.items() if at == k)
            kept = "" if held is None else f" [{size_text(held[k - 1])}]"
            lines.append(f"step {k:<{len(str(len(steps)))}}  {_line(steps[k - 1])}{kept}{marks}")
    if replay.failed is not None:
        lines.append(f"failed: {replay.failed.op}")
    if replay.unreached:
        lines.append(f"unreached: {', '.join(replay.unreached)}")
    return "\n".join(lines)


def _line(step: Step) -> str:
    node = step.node
    words = f"{node.op} {' = '.join(node.names)}" if node.names else node.op
    text = f"{words}: {_values(step.grad_outputs)}"
    if node.kind == "leaf":
        text += f"; .grad: {short_text(step.grad_before)} → {short_text(step.grad_after)}"
    else:
        text += f" → {_values(step.grad_inputs)}"
    if node.source is not None:
        text += f"  # {node.source.file}:{node.source.line}: {node.source.text}"
    return text


def _values(grads: Iterable[Recorded | None]) -> str:
    return ", ".join(map(short_text, grads))
