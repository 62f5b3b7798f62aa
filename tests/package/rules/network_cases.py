"""Cases for losses and layers, with each of their options."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own documents call it F)
from package.rules.rule_case import GRID, TENSORS_ARE_SHOWN, Case, drawn, numbers

REDUCTIONS = ("none", "mean", "sum")


def losses() -> Iterator[Case]:
    x = drawn(3, 4)
    for dim in (0, 1, -1):
        yield Case("SoftmaxBackward0", lambda x, d=dim: x.softmax(d), (x,))
        masked = x.detach().clone().index_fill_(1 - dim % 2, torch.tensor(1), -torch.inf)
        for scores in (x, masked.requires_grad_()):
            safe = torch.ops.aten._safe_softmax
            yield Case("SafeSoftmaxBackward0", lambda x, d=dim, f=safe: f(x, d), (scores,))
        yield Case("LogSoftmaxBackward0", lambda x, d=dim: x.log_softmax(d), (x,))
    classes, image = torch.tensor([1, 0, 3]), torch.tensor([[[0, 1], [2, 0]]])
    for kind in REDUCTIONS:
        for weight in (None, numbers(1, 2, 0.5, 3)):
            for ignored in (-100, 0):
                options = {"reduction": kind, "ignore_index": ignored, "weight": weight}
                yield Case(
                    "NllLossBackward0", lambda x, o=options: F.nll_loss(x, classes, **o), (x,)
                )
                options = options | {"weight": None if weight is None else weight[:3]}
                yield Case(
                    "NllLoss2DBackward0",
                    lambda x, o=options: F.nll_loss(x, image, **o),
                    (drawn(1, 3, 2, 2),),
                )
            yield Case(
                "NllLossBackward0",
                lambda x, k=kind, w=weight: F.nll_loss(x, torch.tensor(2), weight=w, reduction=k),
                (drawn(4),),
            )
            yield Case(
                "NllLossBackward0",
                lambda x, k=kind, w=weight: F.cross_entropy(x, classes, weight=w, reduction=k),
                (x,),
            )
        y = drawn(3, 4, seed=4)
        near = (torch.stack([GRID, GRID]), torch.stack([GRID * 0, GRID * 0 + 1]))
        for operands in ((x, y), near):
            yield Case(
                "MseLossBackward0", lambda x, y, k=kind: F.mse_loss(x, y, reduction=k), operands
            )
            for size in (1.0, 0.5):
                yield Case(
                    "SmoothL1LossBackward0",
                    lambda x, y, k=kind, b=size: F.smooth_l1_loss(x, y, reduction=k, beta=b),
                    operands,
                )
                yield Case(
                    "HuberLossBackward0",
                    lambda x, y, k=kind, b=size: F.huber_loss(x, y, reduction=k, delta=b),
                    operands,
                )
        yield Case(
            "MseLossBackward0",
            lambda x, k=kind: F.mse_loss(x, drawn(3, 4, seed=4), reduction=k),
            (x,),
        )
        yield from _binary(kind)


def _binary(kind: str) -> Iterator[Case]:
    x, t = drawn(3, 4), drawn(3, 4, low=0.0, high=1.0)
    inner, borders = (
        drawn(3, 4, low=0.05, high=0.95, seed=8),
        (numbers(0, 1, 0, 1), numbers(0, 0, 1, 1)),
    )
    weight = drawn(3, 4, low=0.5, seed=3)
    for w in (None, weight):
        options = {"reduction": kind, "weight": w}
        yield Case(
            "BinaryCrossEntropyBackward0",
            lambda x, t, o=options: F.binary_cross_entropy(x, t, **o),
            (inner, t),
        )
        yield Case(
            "BinaryCrossEntropyBackward0",
            lambda x, o=options: F.binary_cross_entropy(x, (t > 0.5).double(), **o),
            (inner,),
        )
        for positive in (None, numbers(1, 2, 3, 4), weight):
            yield Case(
                "BinaryCrossEntropyWithLogitsBackward0",
                lambda x, t, o=options, p=positive: F.binary_cross_entropy_with_logits(
                    x, t, pos_weight=p, **o
                ),
                (x, t),
            )
    yield Case(
        "BinaryCrossEntropyBackward0",
        lambda x, k=kind: F.binary_cross_entropy(x, borders[1], reduction=k),
        (borders[0],),
    )


def layers() -> Iterator[Case]:
    """Yield the cases of layers. It is long because it is a table: each node stands beside its calls."""
    x = drawn(1, 2, 4, 5)
    for options in (
        {},
        {"stride": (2, 1), "padding": (1, 2)},
        {"dilation": (1, 2)},
        {"groups": 2},
    ):
        weight = drawn(2, 1 if "groups" in options else 2, 2, 3)
        yield Case(
            "ConvolutionBackward0", lambda *x, o=options: F.conv2d(*x, **o), (x, weight, drawn(2))
        )
        yield Case("ConvolutionBackward0", lambda *x, o=options: F.conv2d(*x, **o), (x, weight))
    yield Case("ConvolutionBackward0", F.conv1d, (drawn(2, 3, 5), drawn(2, 3, 2), drawn(2)))
    small = drawn(1, 2, 2, 2)
    for options in (
        {},
        {"stride": (2, 1), "padding": (1, 2), "output_padding": (1, 0)},
        {"dilation": (1, 2)},
        {"groups": 2},
    ):
        weight = drawn(2, 1, 2, 5)
        yield Case(
            "ConvolutionBackward0",
            lambda *x, o=options: F.conv_transpose2d(*x, **o),
            (small, weight),
        )
    yield Case(
        "ConvolutionBackward0", F.conv_transpose1d, (drawn(2, 3, 4), drawn(3, 2, 2), drawn(2))
    )
    for training in (True, False):
        running = {
            "running_mean": numbers(0.5, -1),
            "running_var": numbers(2, 0.5),
            "training": training,
        }

        def norm(
            x: torch.Tensor,
            w: torch.Tensor | None = None,
            b: torch.Tensor | None = None,
            r: dict[str, Any] = running,
        ) -> torch.Tensor:
            return F.batch_norm(
                x, **{**r, "running_mean": r["running_mean"].clone()}, weight=w, bias=b
            )

        for inputs in (drawn(5, 2), drawn(2, 2, 3), drawn(2, 2, 2, 3)):
            yield Case("NativeBatchNormBackward0", norm, (inputs, drawn(2), drawn(2)))
            yield Case("NativeBatchNormBackward0", norm, (inputs,))
            yield Case(
                "NativeBatchNormBackward0",
                lambda x, b, norm=norm: norm(x, None, b),
                (inputs, drawn(2)),
            )
    yield Case(
        "NativeLayerNormBackward0",
        lambda *x: F.layer_norm(x[0], (4,), *x[1:]),
        (drawn(3, 4), drawn(4), drawn(4)),
    )
    yield Case("NativeLayerNormBackward0", lambda x: F.layer_norm(x, (3, 4)), (drawn(2, 3, 4),))
    yield Case(
        "NativeLayerNormBackward0",
        lambda *x: F.layer_norm(x[0], (3, 4), *x[1:]),
        (drawn(3, 4), drawn(3, 4)),
    )
    yield Case(
        "NativeGroupNormBackward0",
        lambda *x: F.group_norm(x[0], 2, *x[1:]),
        (drawn(2, 4, 3), drawn(4), drawn(4)),
    )
    yield Case("NativeGroupNormBackward0", lambda x: F.group_norm(x, 3), (drawn(2, 3, 2, 2),))
    yield Case(
        "NativeLayerNormBackward0",
        lambda x, b: F.layer_norm(x, (4,), None, b),
        (drawn(3, 4), drawn(4)),
    )
    if TENSORS_ARE_SHOWN:
        yield Case(
            "NativeGroupNormBackward0",
            lambda x, b: F.group_norm(x, 2, None, b),
            (drawn(2, 4, 3), drawn(4)),
        )
    tied = torch.tensor(
        [[[1, 1, 0, 2], [1, 1, 2, 2], [0, -1, 3, 3], [0, 0, 3, 3]]], dtype=torch.float64
    )
    for image in (x, tied[None]):
        yield Case("MaxPool2DWithIndicesBackward0", lambda x: F.max_pool2d(x, 2), (image,))
        yield Case("MaxPool2DWithIndicesBackward0", lambda x: F.max_pool2d(x, 3, 1, 1), (image,))
        yield Case("AdaptiveMaxPool2DBackward0", lambda x: F.adaptive_max_pool2d(x, 3), (image,))
        yield Case("AdaptiveAvgPool2DBackward0", lambda x: F.adaptive_avg_pool2d(x, 3), (image,))
        yield Case(
            "AdaptiveAvgPool2DBackward0", lambda x: F.adaptive_avg_pool2d(x, (2, 3)), (image,)
        )
    cube = drawn(1, 2, 2, 4, 4)
    yield Case("MaxPool3DWithIndicesBackward0", lambda x: F.max_pool3d(x, 2), (cube,))
    for pad in (True, False):
        for divisor in (None, 3):
            for ceil in (False, True):
                averaging = {
                    "count_include_pad": pad,
                    "divisor_override": divisor,
                    "ceil_mode": ceil,
                }
                for kernel, stride, padding in ((2, None, 0), (3, 2, 1), ((2, 3), (1, 2), (1, 0))):
                    yield Case(
                        "AvgPool2DBackward0",
                        lambda x, k=kernel, s=stride, p=padding, o=averaging: F.avg_pool2d(
                            x, k, s, p, **o
                        ),
                        (x,),
                    )
                yield Case(
                    "AvgPool3DBackward0",
                    lambda x, o=averaging: F.avg_pool3d(x, 2, 2, 1, **o),
                    (cube,),
                )
