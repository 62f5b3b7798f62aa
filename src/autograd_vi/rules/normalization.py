r"""Rules of layers that normalize.

In the formulas $\hat{\xi}$ is the normalized operand, a bar is a mean over what is normalized together.
"""

from __future__ import annotations

import torch

from autograd_vi.rules.rule import GIVEN, NOTHING, Function, Leaving, Rule, Values


def _normalized(
    s: Values, g: torch.Tensor, mean: torch.Tensor, scale: torch.Tensor, axes: list[int]
) -> torch.Tensor:
    """Return what leaves towards what was normalized; ``g`` is the gradient of the normalized numbers."""
    x: torch.Tensor = (s.input.reshape(g.shape) - mean) * scale
    means = [y.mean(axes, keepdim=True) for y in (g, g * x)]
    return scale * (g - means[0] - x * means[1])


def _channels(x: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Return a tensor with one entry a channel, ready to be broadcast."""
    return x.reshape([-1 if i == 1 else 1 for i in range(like.dim())])


def _others(x: torch.Tensor) -> list[int]:
    return [i for i in range(x.dim()) if i != 1]


def _weighted(s: Values, g: torch.Tensor) -> torch.Tensor:
    return g if s.weight is None else g * _channels(s.weight, g)


def _batch_input(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    mean, scale = _batch_moments(s, g)
    inner = _weighted(s, g)
    return _normalized(s, inner, mean, scale, _others(g)) if s.training else inner * scale


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
            Leaving(f"{front} {inner}", _batch_input),
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


def _layer_input(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    axes, _shape = _layer_shape(s)
    inner = g if s.weight is None else g * s.weight
    return _normalized(s, inner, s.result1, s.result2, axes)


def _layer_weight(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    return _over_rows(s, g * (s.input - s.result1) * s.result2)


def _over_rows(s: Values, x: torch.Tensor) -> torch.Tensor:
    axes, _shape = _layer_shape(s)
    rows = list(range(axes[0]))
    return x.sum(rows) if rows else x


def _group_axes(s: Values, g: torch.Tensor) -> torch.Tensor:
    """Return a tensor as (batch, group, all that is normalized together)."""
    return g.reshape(s.N, s.group, -1)


def _group_input(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    inner = _group_axes(s, _weighted(s, g))
    mean, scale = s.result1.unsqueeze(-1), s.result2.unsqueeze(-1)
    return _normalized(s, inner, mean, scale, [2]).reshape(g.shape)


def _group_weight(s: Values, g: torch.Tensor, *_: torch.Tensor) -> torch.Tensor:
    x = _group_axes(s, s.input)
    x = (x - s.result1.unsqueeze(-1)) * s.result2.unsqueeze(-1)
    weighed: torch.Tensor = g * x.reshape(g.shape)
    return weighed.sum(_others(g))


def _norm(node: str, functions: tuple[Function, Function, Function], *, weighted: bool) -> Rule:
    """Return the rule of a layer that normalizes each example by itself."""
    h = r"\psi \odot g" if weighted else "g"
    means = rf"\overline{{{h}}} - \hat{{\xi}} \odot \overline{{{h} \odot \hat{{\xi}}}}"
    return Rule(
        node,
        rf"\rho = {_affine(weighted=weighted)}, \quad \hat{{\xi}} = (\xi - \mu) / \sqrt{{\sigma^2 + \varepsilon}}",
        (
            Leaving(
                rf"\tfrac{{1}}{{\sqrt{{\sigma^2 + \varepsilon}}}} \bigl({h} - {means}\bigr)",
                functions[0],
            ),
            Leaving(r"\textstyle\sum_k g_k\, \hat{\xi}_k", functions[1]) if weighted else NOTHING,
            Leaving(r"\textstyle\sum_k g_k", functions[2]),
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
        _norm(node, functions, weighted=weighted)
        for node, functions in (
            (
                "NativeLayerNormBackward0",
                (_layer_input, _layer_weight, lambda s, g, *_: _over_rows(s, g)),
            ),
            (
                "NativeGroupNormBackward0",
                (_group_input, _group_weight, lambda s, g, *_: g.sum(_others(g))),
            ),
        )
        for weighted in (True, False)
    ],
)
