r"""Rules of layers that normalize.

In the formulas $\hat{\xi}$ is the normalized operand, a bar is a mean over what is normalized together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch

from autograd_vi.rules.entries import Entry, Work
from autograd_vi.rules.rule import GIVEN, NOTHING, Function, Leaving, Rule, Values
from autograd_vi.rules.terms import Term


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the formula is made of: 1/√(σ² + ε), the gradient of the normalized numbers, and these numbers.

    They have the shape in which ``axes`` are those that are normalized together.
    """

    scale: torch.Tensor
    g: torch.Tensor
    x: torch.Tensor
    axes: list[int]

    def means(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the means of the gradient, and of its product with the normalized numbers."""
        g, x = self.g, self.x
        return g.mean(self.axes, keepdim=True), (g * x).mean(self.axes, keepdim=True)

    def value(self) -> torch.Tensor:
        """Return what leaves towards what was normalized."""
        mean, moment = self.means()
        return self.scale * (self.g - mean - self.x * moment)


def _parts(
    s: Values, g: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor, axes: list[int]
) -> _Parts:
    return _Parts(scale, g, (s.input.reshape(g.shape) - mean) * scale, axes)


def _entry(parts_of: Callable[[Values, torch.Tensor], _Parts]) -> Work:
    """Return what works out an entry of what leaves towards what was normalized."""

    def work(entry: Entry) -> Term:
        grad = entry.entered
        parts = parts_of(entry.values, grad)
        every = (parts.scale, parts.g, *parts.means(), parts.x)
        scale, g, mean, moment, x = (
            entry.of(tensor.expand(parts.g.shape).reshape(grad.shape)) for tensor in every
        )
        g = entry.g() if torch.equal(parts.g, grad) else g
        return scale * (g - mean - x * moment)

    return work


def _channels(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return a tensor with one entry a channel, ready to be broadcast."""
    return x.reshape([-1 if i == 1 else 1 for i in range(like.dim())])


def _others(x: torch.Tensor) -> list[int]:
    return [i for i in range(x.dim()) if i != 1]


def _weighted(s: Values, g: torch.Tensor) -> torch.Tensor:
    return g if s.weight is None else g * _channels(s.weight, g)


def _batch_parts(s: Values, g: torch.Tensor) -> _Parts:
    return _parts(s, _weighted(s, g), *_batch_moments(s, g), _others(g))


def _batch_input(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    parts = _batch_parts(s, g)
    return parts.value() if s.training else parts.g * parts.scale


def _batch_moments(s: Values, g: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Return mean and 1/√(variance + ε): of the batch when training, else the running ones."""
    if s.training:
        return _channels(s.result1, g), _channels(s.result2, g)
    return _channels(s.running_mean, g), _channels((s.running_var + s.eps).rsqrt(), g)


def _batch_weight(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    mean, scale = _batch_moments(s, g)
    weighed: torch.Tensor = g * (s.input - mean) * scale
    return weighed.sum(_others(g))


def _batch_norm(*, training: bool, weighted: bool) -> Rule:
    spread = r"\sqrt{\sigma^2 + \varepsilon}"
    front = r"\psi / \sqrt{\sigma^2 + \varepsilon}" if weighted else rf"\tfrac{{1}}{{{spread}}}"
    inner = (
        r"\odot \bigl(g - \overline{g} - \hat{\xi} \odot \overline{g \odot \hat{\xi}}\bigr)"
        if training
        else r"\odot g"
    )
    return Rule(
        "NativeBatchNormBackward0",
        rf"\rho = {_affine(weighted=weighted)}, \quad \hat{{\xi}} = (\xi - \mu) / {spread}",
        (
            Leaving(
                f"{front} {inner}", _batch_input, entry=_entry(_batch_parts) if training else None
            ),
            Leaving(r"\textstyle\sum_k g_k\, \hat{\xi}_k", _batch_weight) if weighted else NOTHING,
            Leaving(r"\textstyle\sum_k g_k", lambda s, g, *_: g.sum(_others(g))),
        ),
        when={"training": training, "weight": GIVEN if weighted else None},
        letters={"a": "input"} | ({"b": "weight"} if weighted else {}),
    )


def _affine(*, weighted: bool) -> str:
    return r"\psi \odot \hat{\xi} + \chi" if weighted else r"\hat{\xi} + \chi"


def _layer_shape(s: Values) -> tuple[list[int], tuple[int, ...]]:
    """Return the axes that are normalized together, and the shape of what they hold."""
    shape = tuple(s.normalized_shape)
    n = len(s.input.shape)
    return list(range(n - len(shape), n)), shape


def _layer_parts(s: Values, g: torch.Tensor) -> _Parts:
    axes, _shape = _layer_shape(s)
    inner = g if s.weight is None else g * s.weight
    return _parts(s, inner, s.result1, s.result2, axes)


def _layer_weight(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    return _over_rows(s, g * (s.input - s.result1) * s.result2)


def _over_rows(s: Values, x: torch.Tensor) -> torch.Tensor:
    axes, _shape = _layer_shape(s)
    rows = list(range(axes[0]))
    return x.sum(rows) if rows else x


def _group_axes(s: Values, g: torch.Tensor) -> torch.Tensor:
    """Return a tensor as (batch, group, all that is normalized together)."""
    return g.reshape(s.N, s.group, -1)


def _group_parts(s: Values, g: torch.Tensor) -> _Parts:
    inner = _group_axes(s, _weighted(s, g))
    return _parts(s, inner, s.result1.unsqueeze(-1), s.result2.unsqueeze(-1), [2])


def _group_weight(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    x = _group_axes(s, s.input)
    x = (x - s.result1.unsqueeze(-1)) * s.result2.unsqueeze(-1)
    weighed: torch.Tensor = g * x.reshape(g.shape)
    return weighed.sum(_others(g))


def _norm(
    node: str,
    parts_of: Callable[[Values, torch.Tensor], _Parts],
    weight: Function,
    bias: Function,
    *,
    weighted: bool,
) -> Rule:
    """Return the rule of a layer that normalizes each example by itself."""
    h = r"\psi \odot g" if weighted else "g"
    means = rf"\overline{{{h}}} - \hat{{\xi}} \odot \overline{{{h} \odot \hat{{\xi}}}}"
    return Rule(
        node,
        rf"\rho = {_affine(weighted=weighted)}, \quad \hat{{\xi}} = (\xi - \mu) / \sqrt{{\sigma^2 + \varepsilon}}",
        (
            Leaving(
                rf"\tfrac{{1}}{{\sqrt{{\sigma^2 + \varepsilon}}}} \bigl({h} - {means}\bigr)",
                lambda s, g, *_: parts_of(s, g).value().reshape(g.shape),
                entry=_entry(parts_of),
            ),
            Leaving(r"\textstyle\sum_k g_k\, \hat{\xi}_k", weight) if weighted else NOTHING,
            Leaving(r"\textstyle\sum_k g_k", bias),
        ),
        when={"weight": GIVEN if weighted else None},
        letters={"a": "input"} | ({"b": "weight"} if weighted else {}),
    )


RULES = (
    *[
        _batch_norm(training=training, weighted=weighted)
        for training in (True, False)
        for weighted in (True, False)
    ],
    *[
        _norm(node, parts_of, weight, bias, weighted=weighted)
        for node, parts_of, weight, bias in (
            (
                "NativeLayerNormBackward0",
                _layer_parts,
                _layer_weight,
                lambda s, g, *_: _over_rows(s, g),
            ),
            (
                "NativeGroupNormBackward0",
                _group_parts,
                _group_weight,
                lambda s, g, *_: g.sum(_others(g)),
            ),
        )
        for weighted in (True, False)
    ],
)
