r"""Rules of sums, means, products, extremes and norms: from many numbers to few.

In the formulas $I_k$ are the places of the operand from which the result at place $k$ is computed. A reduction to one
number needs no $k$.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch

from autograd_vi.rules.entries import Entry, shares, terms
from autograd_vi.rules.rule import Function, Leaving, Rule, Values, pointwise
from autograd_vi.rules.terms import Number, Term, product

KEEP = {"keepdim": (False, True)}


def spread(
    s: Values, reduced: torch.Tensor, dim: int | Sequence[int] | None, *, keep: bool
) -> torch.Tensor:
    """Repeat a reduced tensor along the axes over which it was reduced, so that it has the input's shape."""
    shape = s.shape()
    axes = reduced_axes(shape, dim)
    if not keep:
        reduced = reduced.reshape([1 if i in axes else size for i, size in enumerate(shape)])
    return reduced.expand(shape)


def reduced_axes(shape: Sequence[int], dim: int | Sequence[int] | None) -> list[int]:
    """Return the axes that ``dim`` names; all of them for None and for an empty list."""
    if dim is None or (not isinstance(dim, int) and not dim):
        return list(range(len(shape)))
    dims = [dim] if isinstance(dim, int) else dim
    return [d % len(shape) for d in dims] if shape else []


def count(s: Values) -> int:
    """Return how many entries are reduced into one."""
    shape = s.shape()
    return math.prod([shape[i] for i in reduced_axes(shape, s.dim)])


def along(factor: Callable[[Values], torch.Tensor | float]) -> Function:
    """Return what leaves: the gradient of each result, spread, times ``factor``."""

    def function(s: Values, g: torch.Tensor) -> torch.Tensor:
        return spread(s, g, s.dim, keep=s.keepdim) * factor(s)

    return function


def spread_result(s: Values) -> torch.Tensor:
    """Return the result, spread as ``spread`` does."""
    return spread(s, s.result, s.dim, keep=s.keepdim)


def ties(s: Values, result: torch.Tensor, dim: Any, *, keep: bool) -> torch.Tensor:  # noqa: ANN401
    """Return 1 at the entries that equal the result, divided by how many there are."""
    at: torch.Tensor = (s.self == spread(s, result, dim, keep=keep)).to(s.self.dtype)
    axes = reduced_axes(s.shape(), dim)
    return at / at.sum(axes, keepdim=True) if axes else at


def arrived(entry: Entry, dim: int | Sequence[int] | None, *, keep: bool) -> Number:
    """Return the gradient of the result into which an entry went."""
    axes = reduced_axes(entry.values.shape(), dim)
    place = enumerate(entry.place)
    if keep:
        return entry.g(tuple(0 if i in axes else at for i, at in place))
    return entry.g(tuple(at for i, at in place if i not in axes))


def _product_of_others(entry: Entry, dim: int | None, *, keep: bool) -> Term:
    x: torch.Tensor = entry.values.self
    row = entry.row(dim) if dim is not None else map(tuple, torch.ones_like(x).nonzero().tolist())
    factors = product(entry.of(x, place) for place in row if place != entry.place)
    return arrived(entry, dim, keep=keep) * factors


def _extreme(node: str, written: str) -> Rule:
    """Return the rule of an extreme over all entries: those that share it share the gradient."""
    return Rule(
        node,
        rf"\rho = {written}_i\, \xi_i",
        (
            Leaving(
                r"g\, [\xi_i = \rho] \,/\, \#\{j : \xi_j = \rho\}",
                lambda s, g: g * ties(s, s.result, None, keep=False),
                "i",
                entry=shares,
            ),
        ),
        letters={"a": "self", "r": "result"},
    )


def _extremes(node: str, written: str) -> Rule:
    """Return the rule of extremes along axes."""
    return Rule(
        node,
        rf"\rho_k = {written}_{{i \in I_k}} \xi_i",
        (
            Leaving(
                r"g_k\, [\xi_i = \rho_k] \,/\, \#\{j \in I_k : \xi_j = \rho_k\} \quad (i \in I_k)",
                along(lambda s: ties(s, s.result, s.dim, keep=s.keepdim)),
                "i",
                entry=shares,
            ),
        ),
        options=KEEP,
        letters={"a": "self", "r": "result"},
    )


def pick_along(s: Values, g: torch.Tensor, dim: int, *, keep: bool) -> torch.Tensor:
    """Put each gradient at the place whose index was saved, and 0 elsewhere."""
    if not s.shape():
        return g
    index = s.indices
    if not keep:
        g, index = g.unsqueeze(dim), index.unsqueeze(dim)
    return g.new_zeros(s.shape()).scatter(dim, index, g)


def _picked(node: str, written: str) -> Rule:
    return Rule(
        node,
        rf"\rho_k = \xi_{{j_k}}, \quad j_k = \operatorname{{{written}}}_{{i \in I_k}} \xi_i",
        (
            Leaving(
                r"g_k\, [i = j_k] \quad (i \in I_k)",
                lambda s, g, *_: pick_along(s, g, s.dim, keep=s.keepdim),
                "i",
            ),
        ),
        options=KEEP,
    )


RULES = (
    pointwise(
        "SumBackward0",
        r"\rho = \textstyle\sum_i \xi_i",
        "g * ones",
        plain="g",
        elementwise=False,
        entry=terms,
    ),
    Rule(
        "SumBackward1",
        r"\rho_k = \textstyle\sum_{i \in I_k} \xi_i",
        (Leaving(r"g_k \quad (i \in I_k)", along(lambda s: 1), "i"),),
        options=KEEP,
    ),
    pointwise(
        "MeanBackward0",
        r"\rho = \tfrac{1}{n} \textstyle\sum_i \xi_i",
        "g / n * ones",
        plain="g",
        numbers={"n": "self_sym_numel"},
        elementwise=False,
        entry=shares,
    ),
    Rule(
        "MeanBackward1",
        r"\rho_k = \tfrac{1}{n} \textstyle\sum_{i \in I_k} \xi_i",
        (
            Leaving(
                r"\tfrac{1}{n}\, g_k \quad (i \in I_k)",
                along(lambda s: 1 / count(s)),
                "i",
                entry=shares,
            ),
        ),
        numbers={"n": count},
        options=KEEP,
    ),
    Rule(
        "ProdBackward0",
        r"\rho = \textstyle\prod_i \xi_i",
        (
            Leaving(
                r"g \textstyle\prod_{j \ne i} \xi_j",
                lambda s, g: g * others(s.self.flatten()).view(s.self.shape),
                "i",
                entry=lambda entry: _product_of_others(entry, None, keep=False),
            ),
        ),
        letters={"a": "self"},
    ),
    Rule(
        "ProdBackward1",
        r"\rho_k = \textstyle\prod_{i \in I_k} \xi_i",
        (
            Leaving(
                r"g_k \textstyle\prod_{j \in I_k,\, j \ne i} \xi_j \quad (i \in I_k)",
                along(lambda s: others(s.self.movedim(s.dim, -1)).movedim(-1, s.dim)),
                "i",
                entry=lambda entry: _product_of_others(
                    entry, entry.values.dim, keep=entry.values.keepdim
                ),
            ),
        ),
        letters={"a": "self"},
        options=KEEP,
    ),
    Rule(
        "CumsumBackward0",
        r"\rho_k = \textstyle\sum_{j \le k} \xi_j",
        (
            Leaving(
                r"\textstyle\sum_{k \ge i} g_k",
                lambda s, g: g.flip(s.dim).cumsum(s.dim).flip(s.dim),
                "i",
            ),
        ),
    ),
    _extreme("MaxBackward1", r"\max"),
    _extreme("MinBackward1", r"\min"),
    _extreme("MedianBackward0", r"\operatorname{median}"),
    _extremes("AmaxBackward0", r"\max"),
    _extremes("AminBackward0", r"\min"),
    _picked("MaxBackward0", "arg\\,max"),
    _picked("MinBackward0", "arg\\,min"),
    _picked("MedianBackward1", "arg\\,median"),
    Rule(
        "TraceBackward0",
        r"\rho = \textstyle\sum_i \xi_{ii}",
        (Leaving("g\\, [i = j]", lambda s, g: g * torch.eye(*s.shape(), dtype=g.dtype), "ij"),),
    ),
)


def others(x: torch.Tensor) -> torch.Tensor:
    """Return for each entry the product of all others along the last axis, also where some are 0."""
    n = x.shape[-1] if x.dim() else 1
    if not x.dim():
        return torch.ones_like(x)
    pairs = x[..., None, :].expand(*x.shape, n).clone()
    pairs.diagonal(dim1=-2, dim2=-1).fill_(1)
    return pairs.prod(-1)
