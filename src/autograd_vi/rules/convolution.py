r"""Rules of convolution.

In the formulas $\star$ is the sum that a layer slides over its input, $\star^\top$ the same sum read backwards.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import torch

from autograd_vi.rules.rule import Leaving, Rule, Values


def _slid(s: Values) -> list[tuple[Any, Any]]:
    """Return each place of the kernel, and what it meets of the padded input (transposed: of the result)."""
    small = s.input.shape[2:] if s.transposed else s.result_shape()[2:]
    found = []
    for k in product(*map(range, s.weight.shape[2:])):
        starts = [i * d for i, d in zip(k, s.dilation, strict=True)]
        steps = zip(starts, s.stride, small, strict=True)
        found.append((k, tuple(slice(a, a + step * (n - 1) + 1, step) for a, step, n in steps)))
    return found


def _padded(s: Values, x: torch.Tensor) -> torch.Tensor:
    pads = [p for pad in reversed(s.padding) for p in (pad, pad)]
    extra = [p for pad in reversed(s.output_padding) for p in (0, pad)]
    return torch.nn.functional.pad(x, [a + b for a, b in zip(pads, extra, strict=True)])


def _grouped(s: Values, x: torch.Tensor) -> torch.Tensor:
    """Return a tensor with its channels in their groups: (batch, group, channel, places …)."""
    return x.reshape(len(x), s.groups, -1, *x.shape[2:])


def _kernel(s: Values) -> torch.Tensor:
    """Return the weight as (group, channels out of the short side, channels of the long side, …)."""
    weight: torch.Tensor = s.weight
    return weight.reshape(s.groups, -1, *weight.shape[1:])


def _convolved_input(s: Values, g: torch.Tensor) -> torch.Tensor:
    kernel = _kernel(s)
    if s.transposed:
        wide = _grouped(s, _padded(s, g))
        parts = [
            torch.einsum("ngo...,gco->ngc...", wide[(..., *at)], kernel[(..., *k)])
            for k, at in _slid(s)
        ]
        return sum(parts).flatten(1, 2)  # type: ignore[union-attr]  # there is at least one part
    grown = _padded(s, torch.zeros_like(s.input))
    wide = _grouped(s, grown).clone()  # autograd may not let a view be written into
    for k, at in _slid(s):
        wide[(..., *at)] += torch.einsum("ngo...,goc->ngc...", _grouped(s, g), kernel[(..., *k)])
    inner: Any = [slice(pad, pad + n) for pad, n in zip(s.padding, s.input.shape[2:], strict=True)]
    return wide.flatten(1, 2)[(..., *inner)]


def _convolved_weight(s: Values, g: torch.Tensor) -> torch.Tensor:
    small, wide = (s.input, _padded(s, g)) if s.transposed else (g, _padded(s, s.input))
    found = torch.zeros_like(_kernel(s))
    for k, at in _slid(s):
        met = _grouped(s, wide)[(..., *at)].flatten(3)
        found[(..., *k)] = torch.einsum("ngop,ngcp->goc", _grouped(s, small).flatten(3), met)
    return found.flatten(0, 1)


_CONVOLUTION = Rule(
    "ConvolutionBackward0",
    r"\rho = \psi \star \xi + \chi",
    (
        Leaving(r"\psi \star^\top g", _convolved_input),
        Leaving(r"g \star \xi", _convolved_weight),
        Leaving(r"\textstyle\sum_k g_k", lambda s, g: g.transpose(0, 1).flatten(1).sum(1)),
    ),
    when={"transposed": False},
    letters={"a": "input", "b": "weight"},
    options={
        "stride": ((1, 1), (2, 1)),
        "padding": ((0, 0), (1, 2)),
        "dilation": ((1, 1), (1, 2)),
        "groups": (1, 2),
    },
)
_TRANSPOSED = Rule(
    "ConvolutionBackward0",
    r"\rho = \psi \star^\top \xi + \chi",
    (
        Leaving(r"\psi \star g", _convolved_input),
        Leaving(r"\xi \star g", _convolved_weight),
        _CONVOLUTION.leaving[2],
    ),
    when={"transposed": True},
    letters={"a": "input", "b": "weight"},
    options={**_CONVOLUTION.options, "output_padding": ((0, 0), (1, 0))},
)

RULES = (_CONVOLUTION, _TRANSPOSED)
