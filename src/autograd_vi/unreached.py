"""Which named tensors a backward pass did not reach."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_vi.walk import gradient_edge

if TYPE_CHECKING:
    from collections.abc import Iterable

    from autograd_vi.names import Names
    from autograd_vi.recorder import Done
    from autograd_vi.walk import Walk


def unreached_names(names: Names, walked: Walk, done: Iterable[Done]) -> list[str]:
    """Return the names of tracked tensors that got no gradient."""
    if not names.pairs:
        return []
    reached = {
        (i, nr) for i, entered, *_ in done for nr, grad in enumerate(entered) if grad is not None
    }
    places = {}
    for _, tensor in names.pairs:
        if tensor.requires_grad and id(tensor) not in places:
            node, nr = gradient_edge(tensor)
            places[id(tensor)] = walked.ids.get(node, -1), nr
    return [name for name, t in names.pairs if t.requires_grad and places[id(t)] not in reached]
