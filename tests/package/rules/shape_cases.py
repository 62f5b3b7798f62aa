"""Cases for reductions, products of matrices, views and indexing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own documents call it F)
from package.rules.rule_case import Case, drawn


def with_dims(
    function: Callable[..., Any], node: str, points: torch.Tensor, *dims: int | tuple[int, ...]
) -> Iterator[Case]:
    """Yield calls along the axes ``dims``, with and without keeping them."""
    for dim in dims:
        for keep in (False, True):
            yield Case(node, lambda x, d=dim, k=keep: function(x, dim=d, keepdim=k), (points,))


def first(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda *args, **options: function(*args, **options)[0]


TIES = torch.tensor([[1, 2, 2], [0, 0, -3], [2, 2, 2], [-1, 5, 5]], dtype=torch.float64)


def reductions() -> Iterator[Case]:
    x = drawn(2, 3, 4)
    for name in ("sum", "mean"):
        function, node = getattr(torch, name), name.capitalize()
        yield Case(f"{node}Backward0", function, (x,))
        yield Case(f"{node}Backward0", function, (drawn(),))
        yield from with_dims(function, f"{node}Backward1", x, 1, -1, (0, 2), (0, 1, 2))
    zeros = torch.tensor([[2, 0, 3], [0, 0, 1], [1, 2, 4]], dtype=torch.float64)
    for rows in (*zeros, drawn(4), drawn()):
        yield Case("ProdBackward0", torch.prod, (rows,))
    yield from with_dims(torch.prod, "ProdBackward1", zeros, 0, 1, -1)
    for dim in (0, -1):
        yield Case("CumsumBackward0", lambda x, d=dim: torch.cumsum(x, d), (drawn(3, 4),))
    for name in ("max", "min", "median"):
        function, node = getattr(torch, name), name.capitalize()
        whole, along = ("0", "1") if name == "median" else ("1", "0")
        yield Case(f"{node}Backward{whole}", function, (TIES,))
        yield Case(f"{node}Backward{whole}", function, (drawn(5),))
        yield from with_dims(first(function), f"{node}Backward{along}", TIES, 0, 1, -1)
    for name in ("amax", "amin"):
        node = f"{name.capitalize()}Backward0"
        yield from with_dims(getattr(torch, name), node, TIES, (), 0, 1, -1, (0, 1))
        yield Case(node, getattr(torch, name), (drawn(3, 4),))
    rows = torch.cat([TIES, torch.zeros(1, 3, dtype=torch.float64)])
    for order in (1, 2, 3, 1.5, math.inf, -math.inf):
        yield Case(
            "LinalgVectorNormBackward0",
            lambda x, p=order: torch.linalg.vector_norm(x, p),
            (drawn(3, 4),),
        )
        yield Case(
            "LinalgVectorNormBackward0", lambda x, p=order: torch.linalg.vector_norm(x, p), (TIES,)
        )
        yield from with_dims(
            lambda x, p=order, **options: torch.linalg.vector_norm(x, p, **options),
            "LinalgVectorNormBackward0",
            rows,
            0,
            1,
            (0, 1),
        )
    for correction in (0, 1, 2):
        for name in ("var", "std"):
            yield from with_dims(
                lambda x, n=name, c=correction, **options: getattr(torch, n)(
                    x, correction=c, **options
                ),
                f"{name.capitalize()}Backward0",
                drawn(4, 4),
                0,
                -1,
                (0, 1),
            )
    for name in ("var", "std"):
        yield Case(f"{name.capitalize()}Backward0", getattr(torch, name), (drawn(3, 4),))
    yield Case("StdBackward0", lambda x: x.std(1), (TIES,))
    yield from with_dims(torch.logsumexp, "LogsumexpBackward0", drawn(3, 4), 0, 1, (0, 1))
    yield Case("TraceBackward0", torch.trace, (drawn(3, 3),))
    yield Case("TraceBackward0", torch.trace, (drawn(2, 4),))


def matrices() -> Iterator[Case]:
    yield Case("MmBackward0", torch.mm, (drawn(2, 3), drawn(3, 4)))
    yield Case(
        "MmBackward0", lambda y: drawn(2, 3) @ y, (drawn(3, 4),), {"a": drawn(2, 3), "second": True}
    )
    yield Case("BmmBackward0", torch.bmm, (drawn(2, 3, 4), drawn(2, 4, 2)))
    yield Case("MvBackward0", torch.mv, (drawn(3, 4), drawn(4)))
    yield Case("DotBackward0", torch.dot, (drawn(4), drawn(4, seed=5)))
    for beta, alpha in ((1, 1), (2, 1), (1, 3), (2, 3)):
        scales = {"beta": beta, "alpha": alpha}
        yield Case(
            "AddmmBackward0",
            lambda *x, s=scales: torch.addmm(*x, **s),
            (drawn(2, 4), drawn(2, 3), drawn(3, 4)),
        )
        yield Case(
            "AddmmBackward0",
            lambda *x, s=scales: torch.addmm(*x, **s),
            (drawn(4), drawn(2, 3), drawn(3, 4)),
        )
        yield Case(
            "AddmvBackward0",
            lambda *x, s=scales: torch.addmv(*x, **s),
            (drawn(2), drawn(2, 3), drawn(3)),
        )
        batches = (drawn(2, 2, 4), drawn(2, 2, 3), drawn(2, 3, 4))
        yield Case("BaddbmmBackward0", lambda *x, s=scales: torch.baddbmm(*x, **s), batches)
    yield Case(
        "AddmmBackward0", F.linear, (drawn(3, 4), drawn(2, 4), drawn(2)), {"composite": True}
    )


def changed(*changes: Callable[[torch.Tensor], Any]) -> Callable[[torch.Tensor], torch.Tensor]:
    """Return a function that changes a copy of its operand in place."""

    def function(x: torch.Tensor) -> torch.Tensor:
        y = x.clone()
        for change in changes:
            change(y)
        return y

    return function


def views() -> Iterator[Case]:
    x = drawn(2, 1, 3)
    yield Case("ViewBackward0", lambda x: x.view(3, 2), (x,))
    yield Case("UnsafeViewBackward0", lambda x: x.t().reshape(6), (drawn(2, 3),))
    yield Case("SqueezeBackward0", torch.squeeze, (x,))
    yield Case("SqueezeBackward1", lambda x: x.squeeze(1), (x,))
    yield Case("SqueezeBackward2", lambda x: x.squeeze((1,)), (x,))
    yield Case("SqueezeBackward3", changed(lambda y: y.squeeze_()), (x,))
    yield Case("SqueezeBackward4", changed(lambda y: y.squeeze_(1)), (x,))
    yield Case("SqueezeBackward5", changed(lambda y: y.squeeze_((1,))), (x,))
    yield Case("UnsqueezeBackward0", lambda x: x.unsqueeze(-1), (x,))
    yield Case("UnsqueezeBackward1", changed(lambda y: y.unsqueeze_(0)), (x,))
    yield Case(
        "ReshapeAliasBackward0", lambda x: torch.ops.aten._reshape_alias(x, [3, 2], [2, 1]), (x,)
    )
    yield Case("AliasBackward0", torch.ops.aten.alias, (x,))
    yield Case("CloneBackward0", torch.clone, (x,))
    yield Case("ToCopyBackward0", lambda x: x.to(torch.float32), (x,))
    yield Case("CopyBackwards", lambda x, y: x.clone().copy_(y), (drawn(2, 3), drawn(2, 3)))
    yield Case(
        "CopyBackwards", lambda x: torch.zeros(2, 3, dtype=torch.float64).copy_(x), (drawn(3),)
    )
    yield Case("FillBackward2", changed(lambda y: y.fill_(2.0)), (x,))
    yield Case("FillBackward3", lambda x, v: x.clone().fill_(v), (x, drawn()))
    yield Case("ZeroBackward0", changed(lambda y: y.zero_()), (x,))
    yield Case("TBackward0", torch.t, (drawn(2, 3),))
    yield Case("TBackward0", torch.t, (drawn(3),))
    yield Case("TBackward1", changed(lambda y: y.t_()), (drawn(2, 3),))
    yield Case("TransposeBackward0", lambda x: x.transpose(0, -1), (x,))
    yield Case("TransposeBackward1", changed(lambda y: y.transpose_(0, 2)), (x,))
    yield Case("PermuteBackward0", lambda x: x.T, (drawn(2, 3),))
    yield Case("PermuteBackward0", lambda x: x.permute(2, 0, 1), (x,))
    yield Case("PermuteBackward0", lambda x: x.permute(-1, 0, 1), (x,))
    yield Case("FlipBackward0", lambda x: x.flip(0, -1), (x,))
    yield Case("RollBackward0", lambda x: x.roll((1, 2), (0, 2)), (x,))
    yield Case("RollBackward0", lambda x: x.roll(2), (x,))
    yield Case("ExpandBackward0", lambda x: x.expand(3, 2, 3, 3), (x,))
    yield Case("ExpandBackward0", lambda x: x.expand(3, -1), (drawn(4),))
    yield Case("RepeatBackward0", lambda x: x.repeat(2, 1, 2, 1), (x,))
    yield Case("RepeatBackward0", lambda x: x.repeat(3), (drawn(4),))
    for diagonal in (0, 1, -1):
        yield Case("TrilBackward0", lambda x, d=diagonal: x.tril(d), (drawn(3, 4),))
        yield Case("TriuBackward0", lambda x, d=diagonal: x.triu(d), (drawn(3, 4),))


TWICE = torch.tensor([2, 0, 2])


def indexing() -> Iterator[Case]:
    x = drawn(4, 3)
    yield Case("SelectBackward0", lambda x: x[1], (x,))
    yield Case("SelectBackward0", lambda x: x[..., -1], (x,))
    for cut in (slice(1, 3), slice(None, None, 2), slice(-2, None), slice(3, 1)):
        yield Case(
            "SliceBackward0", lambda x, c=cut: x[c] if c != slice(None, None, 2) else x[:, c], (x,)
        )
    for offset in (0, 1, -1):
        yield Case("DiagonalBackward0", lambda x, o=offset: x.diagonal(o), (x,))
    yield Case("DiagonalBackward0", lambda x: x.diagonal(0, 2, 0), (drawn(2, 3, 2),))
    yield Case("IndexBackward0", lambda x: x[TWICE], (x,))
    yield Case("IndexBackward0", lambda x: x[:, TWICE], (x,))
    yield Case("IndexBackward0", lambda x: x[TWICE, TWICE], (x,))
    yield Case("IndexBackward0", lambda x: x[x > 0], (x,))
    yield Case("IndexSelectBackward0", lambda x: x.index_select(1, TWICE), (x,))
    yield Case("GatherBackward0", lambda x: x.gather(1, TWICE[None].expand(4, 3)), (x,))
    yield Case("TakeBackward0", lambda x: x.take(torch.tensor([0, 11, 0])), (x,))
    for descending in (False, True):
        yield Case("SortBackward0", lambda x, d=descending: x.sort(0, d)[0], (TIES,))
        yield Case(
            "SortBackward1",
            lambda x, d=descending: x.sort(stable=True, dim=1, descending=d)[0],
            (TIES,),
        )
        yield Case("TopkBackward0", lambda x, d=descending: x.topk(2, 1, d)[0], (TIES,))
    yield Case("SortBackward0", lambda x: torch.sort(x, dim=-1)[0], (TIES,))
    for keep in (False, True):
        yield Case("KthvalueBackward0", lambda x, k=keep: x.kthvalue(2, 1, k)[0], (TIES,))
        yield Case("KthvalueBackward0", lambda x, k=keep: x.kthvalue(2, 0, k)[0], (TIES,))
    yield Case("MaskedSelectBackward0", lambda x: x.masked_select(x > 0), (x,))
    yield Case("MaskedSelectBackward0", lambda x: x.masked_select(x[0] > 0), (x,))
    for add in (False, True):
        places = (torch.tensor([0, 2]),) if not add else (TWICE,)
        yield Case(
            "IndexPutBackward0",
            lambda x, v, p=places, add=add: x.index_put(p, v, accumulate=add),
            (x, drawn(len(places[0]), 3)),
        )
        yield Case(
            "IndexPutBackward0",
            lambda x, v, p=places, add=add: x.index_put(p, v, accumulate=add),
            (x, drawn(3)),
        )
    for padding in (None, 0, 2):
        yield Case("EmbeddingBackward0", lambda w, p=padding: F.embedding(TWICE[None], w, p), (x,))
    yield Case("UnbindBackward0", lambda x: list(x.unbind(1)), (x,))
    yield Case("UnbindBackward0", lambda x: x.unbind()[1], (x,))
    yield Case("SplitBackward0", lambda x: list(x.split(3)), (x,))
    yield Case("SplitBackward0", lambda x: x.split(2, 1)[1], (x,))
    yield Case("SplitWithSizesBackward0", lambda x: list(x.split([1, 3])), (x,))
    yield Case("SplitWithSizesBackward0", lambda x: x.split([1, 2], -1)[0], (x,))
    yield Case("UnsafeSplitBackward0", lambda x: list(torch.unsafe_split(x, 3)), (x,))
    yield Case("CatBackward0", lambda *x: torch.cat(x, 1), (drawn(2, 1), drawn(2, 3), drawn(2, 2)))
    yield Case("StackBackward0", lambda *x: torch.stack(x, 1), (drawn(2, 3), drawn(2, 3, seed=1)))
    yield Case("StackBackward0", lambda x: torch.stack([x, drawn(2, 3)], -1), (drawn(2, 3),))
    yield Case("ConstantPadNdBackward0", lambda x: F.pad(x, (1, 2, 0, 1)), (x,))
    yield Case("ConstantPadNdBackward0", lambda x: F.pad(x, (-1, 2)), (x,))
