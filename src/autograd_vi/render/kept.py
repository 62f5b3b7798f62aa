"""What nodes keep for the backward pass, in the words of a picture and of a stepper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING

from autograd_vi.render.labels import shape_text
from autograd_vi.render.words import WORDS, escape, word
from autograd_vi.saved import SavedTensor, size_text, total

if TYPE_CHECKING:
    from autograd_vi.render.overlay import Overlay
    from autograd_vi.render.picture import Box
    from autograd_vi.replay import Replay


def kept_words(box: Box, overlay: Overlay) -> tuple[str, dict[str, str]] | None:
    """Return the key and the values of a box's line; None where nothing is kept, or nobody looked.

    One node says which tensors it keeps, if they are all alike; else only the memory is told.
    """
    if not overlay.saved:
        return None
    kept = list(chain.from_iterable(overlay.saved[i] for i in box.nodes))
    if not kept:
        return None
    size = size_text(total(kept))
    alike = Counter(f"{shape_text(tensor.shape)} {tensor.dtype}" for tensor in kept)
    if len(box.nodes) > 1 or len(alike) > 1:
        return "box.keeps_size", {"size": size}
    ((what, times),) = alike.items()
    return "box.keeps", {"what": f"{times} × {what}" if times > 1 else what, "size": size}


def kept_text(box: Box, overlay: Overlay) -> str:
    """Return a box's line in English, empty if it has none; a picture's places fit this one."""
    found = kept_words(box, overlay)
    return "" if found is None else WORDS[found[0]].format_map(found[1])


def kept_list(kept: Sequence[SavedTensor]) -> str:
    """Return each tensor that a node keeps, with its name in the derivative."""
    each = [f"{t.name} {shape_text(t.shape)} {t.dtype} {size_text(t.bytes)}" for t in kept]
    return "; ".join(each)


def step_html(replay: Replay, k: int, held: Sequence[int]) -> str:
    """Return what step ``k`` lets go of, and what the graph keeps after it; ``held`` are the replay's bytes."""
    saved = replay.graph.saved
    if saved is None:
        return ""
    parts = []
    gone = [tensor for tensor in saved[replay.steps[k - 1].node.id] if not tensor.lasts]
    if gone and not replay._retained:
        before = held[k - 2] if k > 1 else total(chain.from_iterable(saved))
        slots = {"what": kept_list(gone), "size": size_text(before - held[k - 1])}
        parts = [word("step.frees", "p", **{n: _code(text) for n, text in slots.items()})]
    return "".join([*parts, word("step.held", "p", size=_code(size_text(held[k - 1])))])


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"
