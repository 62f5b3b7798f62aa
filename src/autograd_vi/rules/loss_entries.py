"""The slopes of losses at one entry, worked out."""

from __future__ import annotations

from autograd_vi.rules.entries import Entry
from autograd_vi.rules.terms import Number, Term, applied


def difference(entry: Entry) -> Term:
    """Write x − y."""
    return entry.of(entry.values.self) - entry.of(entry.values.target)


def smooth_entry(entry: Entry) -> Term:
    """Write the slope of the smooth L1 loss."""
    share = difference(entry) / Number(entry.values.beta)
    return applied("max", Number(-1), applied("min", share, Number(1)))


def huber_entry(entry: Entry) -> Term:
    """Write the slope of Huber's loss."""
    delta: float = entry.values.delta
    return applied("max", Number(-delta), applied("min", difference(entry), Number(delta)))


def probability_entry(entry: Entry) -> Term:
    """Write the slope of the binary cross-entropy of probabilities."""
    x = entry.of(entry.values.self)
    slope = difference(entry) / applied("max", x * (Number(1) - x), Number(1e-12))
    return _weighed(entry, slope)


def logit_entry(entry: Entry) -> Term:
    """Write the slope of the binary cross-entropy of logits."""
    s = entry.values
    x, t = entry.of(s.self), entry.of(s.target)
    if s.pos_weight is None:
        return _weighed(entry, applied("σ", x) - t)
    less = entry.of(s.pos_weight) * t * applied("σ", -x)
    return _weighed(entry, (Number(1) - t) * applied("σ", x) - less)


def _weighed(entry: Entry, slope: Term) -> Term:
    weight = entry.values.weight
    return slope if weight is None else entry.of(weight) * slope
