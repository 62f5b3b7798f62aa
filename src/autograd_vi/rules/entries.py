"""One entry of what leaves a node, worked out with the numbers that took part in it.

Every rule is linear in the gradients that enter. So the entry at a place is a sum of theirs, each times a factor, and
the rule's own function tells the factors: its derivative. A formula that says more than this sum has a function of its
own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from autograd_vi.rules.rule import UnknownError, Values
from autograd_vi.rules.terms import Number, Place, Term, is_whole, total

Gradients = tuple["torch.Tensor | None", ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """The entry at one place of what leaves towards an input.

    Attributes:
        values: what the node saved.
        slot: which input it is.
        place: the place, in the input.
        grads: what entered.
        leaves: the rule's function, from what entered to what leaves.
    """

    values: Values
    slot: int
    place: Place
    grads: Gradients
    leaves: Callable[[Gradients], torch.Tensor]

    def g(self, place: Place | None = None) -> Number:
        """Return an entry of the gradient that entered; that of the same place if none is given."""
        at = self.place if place is None else place
        return Number(self.entered[at].item(), at)

    @property
    def entered(self) -> torch.Tensor:
        """The gradient that entered at the first output.

        Raises:
            UnknownError: if none did.
        """
        grad = self.grads[0]
        if grad is None:
            raise UnknownError("no gradient entered at the first output")
        return grad

    def of(self, tensor: torch.Tensor, place: Place | None = None) -> Number:
        """Return an entry of another tensor, repeated where it is smaller than the input."""
        at = self.place if place is None else place
        return Number(tensor.expand(self.values.shape(self.slot))[at].item())

    def row(self, dim: int) -> list[Place]:
        """Return the places along an axis through this one."""
        shape = self.values.shape(self.slot)
        if not shape:
            return [()]
        dim %= len(shape)
        return [(*self.place[:dim], k, *self.place[dim + 1 :]) for k in range(shape[dim])]


Work = Callable[[Entry], Term]


def terms(entry: Entry) -> Term:
    """Return the entry as a sum of gradients that entered, each times its factor."""
    return total(_times(g, factor) for g, factor in _factors(entry))


def shares(entry: Entry) -> Term:
    """Return the entry as a sum of gradients that entered, each divided by the number that shares it."""
    return total(_share(g, factor) for g, factor in _factors(entry))


def _share(g: Number, factor: float) -> Term:
    size = abs(factor)
    if not 0 < size < 1 or not is_whole(1 / size):
        return _times(g, factor)
    share = g / Number(round(1 / size))
    return share if factor > 0 else -share


def _times(g: Number, factor: float) -> Term:
    if factor == 1:
        return g
    return -g if factor == -1 else g * Number(factor)


def _factors(entry: Entry) -> list[tuple[Number, float]]:
    """Return the gradients on which the entry depends, each with its factor, in the order of their places."""
    with torch.inference_mode(mode=False), torch.enable_grad():
        inputs = tuple(
            None if grad is None else grad.detach().clone().requires_grad_() for grad in entry.grads
        )
        left = entry.leaves(inputs)[entry.place]
        entered = [grad for grad in inputs if grad is not None]
        slopes = torch.autograd.grad(left, entered, allow_unused=True) if left.requires_grad else ()
    slope_of = iter(slopes)
    several = any(grad is not None for grad in entry.grads[1:])
    found = []
    for part, grad in enumerate(inputs):
        slope = None if grad is None else next(slope_of, None)
        if grad is None or slope is None:
            continue
        for place in map(tuple, slope.nonzero().tolist()):
            g = Number(grad[place].item(), place, part if several else None)
            found.append((g, slope[place].item()))
    return found
