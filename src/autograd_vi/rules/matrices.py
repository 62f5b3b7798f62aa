"""Rules of products of matrices and vectors."""

from __future__ import annotations

from typing import Any

from autograd_vi.rules.rule import Rule, pointwise

_SCALES: Any = {"n": "beta", "k": "alpha"}
_OPTIONS: Any = {"beta": (1, 2), "alpha": (1, 3)}


def _added(node: str, left: str, right: str, *leaving: str) -> tuple[Rule, Rule]:
    """Return the rules of ``βa + α·product``, without the factors where they are 1."""
    letters = f"b={left} c={right}"
    plain = pointwise(
        node,
        "a + b @ c",
        "g",
        *leaving,
        when={"beta": 1, "alpha": 1},
        letters=letters,
        elementwise=False,
        added=(0,),
    )
    scaled = pointwise(
        node,
        "n * a + k * (b @ c)",
        "n * g",
        *[f"k * ({expression})" for expression in leaving],
        letters=letters,
        numbers=_SCALES,
        elementwise=False,
        options=_OPTIONS,
        added=(0,),
    )
    return plain, scaled


RULES = (
    pointwise(
        "MmBackward0", "a @ b", "g @ T(b)", "T(a) @ g", letters="a=self b=mat2", elementwise=False
    ),
    pointwise(
        "BmmBackward0", "a @ b", "g @ T(b)", "T(a) @ g", letters="a=self b=mat2", elementwise=False
    ),
    pointwise(
        "MvBackward0", "a @ b", "outer(g, b)", "T(a) @ g", letters="a=self b=vec", elementwise=False
    ),
    pointwise(
        "DotBackward0",
        "dot(a, b)",
        "g * b",
        "g * a",
        letters="a=self b=tensor",
        plain="g",
        elementwise=False,
    ),
    *_added("AddmmBackward0", "mat1", "mat2", "g @ T(c)", "T(b) @ g"),
    *_added("BaddbmmBackward0", "batch1", "batch2", "g @ T(c)", "T(b) @ g"),
    *_added("AddmvBackward0", "mat", "vec", "outer(g, c)", "T(b) @ g"),
)
