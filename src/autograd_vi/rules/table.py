"""The table of all rules, and the choice of the one that a node follows."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch

from autograd_vi.rules import (
    activations,
    arithmetic,
    convolution,
    functions,
    indexing,
    losses,
    matrices,
    normalization,
    norms,
    pooling,
    reductions,
    softmax,
    views,
)
from autograd_vi.rules.rule import Leaving, Rule, UnknownError, Values
from autograd_vi.rules.saved import Saved
from autograd_vi.rules.traits import trait
from autograd_vi.rules.views import summed_to

LEAF = Rule(
    "AccumulateGrad",
    "",
    (
        Leaving(
            r"\xi.\mathrm{grad} + g",
            lambda s, g: g if s.grad is None else s.grad + g,
        ),
    ),
)

RULES: tuple[Rule, ...] = (
    *arithmetic.RULES,
    *functions.RULES,
    *activations.RULES,
    *reductions.RULES,
    *norms.RULES,
    *matrices.RULES,
    *views.RULES,
    *indexing.RULES,
    *softmax.RULES,
    *losses.RULES,
    *convolution.RULES,
    *normalization.RULES,
    *pooling.RULES,
    LEAF,
)


@cache
def _by_node() -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in RULES:
        found[rule.node] = (*found.get(rule.node, ()), rule)
    return found


def rules_of(node: str) -> tuple[Rule, ...]:
    """Return all rules of a node's name (``MulBackward0``), for all that such a node may save."""
    return _by_node().get(node, ())


def choose(node: str, saved: Saved) -> Rule | None:
    """Return the rule that a node follows, or None if none fits.

    Args:
        node: the name of torch's node.
        saved: what it saved. The rules are about real numbers: complex ones have none.
    """
    if not saved.real:
        return None
    for rule in rules_of(node):
        if rule.fits(saved) and (rule.trait is None or trait(rule.trait[0]) == rule.trait[1]):
            return rule
    return None


def evaluate(
    rule: Rule,
    saved: Saved,
    grads: Sequence[torch.Tensor | None],
    values: Values | None = None,
) -> list[torch.Tensor | None]:
    """Compute what leaves towards each tracked input, by the rule's own functions.

    Args:
        rule: the rule that the node follows.
        saved: what the node saved.
        grads: what entered, one entry an output.
        values: reads the saved values, and tells afterwards which ones the rule used.

    Returns:
        One entry an input; None for one that is not tracked, or where a value is too large to be kept.
    """
    values = values or Values(saved)
    entered = [None if grad is None else grad.cpu() for grad in grads]
    found: list[torch.Tensor | None] = []
    for slot, operand in enumerate(saved.operands):
        try:
            left = None if operand is None else leaves(rule, saved, slot, entered, values)
        except UnknownError:
            left = None
        found.append(left)
    return found


def leaves(
    rule: Rule, saved: Saved, slot: int, entered: Sequence[torch.Tensor | None], values: Values
) -> torch.Tensor | None:
    """Compute what leaves towards one tracked input, on the CPU; arguments as for ``evaluate``.

    Raises:
        UnknownError: if a value is too large to be kept.
    """
    function, operand = rule.formula(slot).function, saved.operands[slot]
    places = (slot, len(saved.operands)) if rule.many else ()
    left = function(values, *entered, *places)
    if left is None or operand is None or operand.shape is None or left.shape == operand.shape:
        return left
    return summed_to(left, operand.shape)
