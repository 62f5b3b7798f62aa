"""All cases: for each rule, and for each option of its operation."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from package.rules.network_cases import layers, losses
from package.rules.number_cases import activations, arithmetic, functions
from package.rules.rule_case import TENSORS_ARE_SHOWN, Case, drawn
from package.rules.shape_cases import indexing, matrices, reductions, views

__all__ = ["CASES", "TENSORS_ARE_SHOWN", "Case"]


def leaves() -> Iterator[Case]:
    yield Case("AccumulateGrad", torch.clone, (drawn(3),))
    yield Case("AccumulateGrad", torch.clone, (drawn(3),), {"grad": drawn(3, seed=2)})


CASES = tuple(
    case
    for family in (
        arithmetic,
        functions,
        activations,
        reductions,
        matrices,
        views,
        indexing,
        losses,
        layers,
        leaves,
    )
    for case in family()
)
