r"""Rules of operations that pass the same numbers on in another form: shape, order, copies.

$\operatorname{vec}$ is the list of all entries in the order of their places.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from autograd_vi.rules.rule import Function, Leaving, Rule, Values, pointwise

_RESHAPED = r"\operatorname{vec} \rho = \operatorname{vec} \xi"


def _reshape(node: str) -> Rule:
    return Rule(
        node,
        _RESHAPED,
        (Leaving(r"\operatorname{vec} g", lambda s, g: g.reshape(s.shape()), "vec"),),
    )


def _same(node: str, forward: str = r"\rho = \xi") -> Rule:
    return pointwise(node, forward, "g")


def _moved(node: str, function: Function) -> Rule:
    """Return the rule of a change of places, $p$ of which tells where the entry at $i$ goes."""
    return Rule(node, r"\rho_{p(i)} = \xi_i", (Leaving("g_{p(i)}", function, "i"),))


def _permuted(s: Values, g: torch.Tensor) -> torch.Tensor:
    inverse = [0] * g.dim()
    for place, dim in enumerate(s.dims):
        inverse[dim] = place
    return g.permute(inverse)


def summed_to(g: torch.Tensor, shape: Sequence[int]) -> torch.Tensor:
    """Sum over the axes along which a tensor of ``shape`` was repeated to give one like ``g``."""
    lead = g.dim() - len(shape)
    g = g.sum(list(range(lead))) if lead else g
    axes = [i for i, size in enumerate(shape) if size == 1 and g.shape[i] != 1]
    return g.sum(axes, keepdim=True) if axes else g


def _repeated(s: Values, g: torch.Tensor) -> torch.Tensor:
    shape = s.shape()
    repeats = s.repeats
    lead = len(repeats) - len(shape)
    split = [
        *repeats[:lead],
        *[n for pair in zip(repeats[lead:], shape, strict=True) for n in pair],
    ]
    axes = [*range(lead), *range(lead, len(split), 2)]
    return g.reshape(split).sum(axes) if axes else g


def _rolled(s: Values, g: torch.Tensor) -> torch.Tensor:
    if not s.dims:
        return g.flatten().roll([-n for n in s.shifts], [0]).reshape(g.shape)
    return g.roll([-n for n in s.shifts], s.dims)


def _triangle(node: str, sign: str) -> Rule:
    lower = node.startswith("Tril")
    return Rule(
        node,
        rf"\rho_{{ij}} = \xi_{{ij}}\, [j {sign} i + n]",
        (
            Leaving(
                rf"g_{{ij}}\, [j {sign} i + n]",
                lambda s, g: g.tril(s.diagonal) if lower else g.triu(s.diagonal),
                "ij",
            ),
        ),
        numbers={"n": "diagonal"},
        options={"diagonal": (0, 1, -1)},
    )


_COPIES = r"\rho_{ki} = \xi_i"
_TRANSPOSED = r"\rho = \xi^\top"

RULES = (
    *map(
        _reshape,
        (
            "ViewBackward0",
            "UnsafeViewBackward0",
            "ReshapeAliasBackward0",
            "SqueezeBackward0",
            "SqueezeBackward1",
            "SqueezeBackward2",
            "SqueezeBackward3",
            "SqueezeBackward4",
            "SqueezeBackward5",
            "UnsqueezeBackward0",
            "UnsqueezeBackward1",
        ),
    ),
    _same("AliasBackward0"),
    _same("CloneBackward0"),
    _same("ToCopyBackward0", r"\rho = \operatorname{to}_\rho (\xi)"),
    Rule(
        "CopyBackwards",
        r"\rho \leftarrow \psi",
        (Leaving("0", lambda s, g: g.new_zeros(s.shape())), Leaving("g", lambda s, g: g)),
        elementwise=True,
    ),
    Rule(
        "FillBackward2",
        r"\rho \leftarrow n",
        (Leaving("0", lambda s, g: g.new_zeros(s.shape())),),
    ),
    Rule(
        "FillBackward3",
        r"\rho \leftarrow \psi",
        (
            Leaving("0", lambda s, g: g.new_zeros(s.shape())),
            Leaving(r"\textstyle\sum_i g_i", lambda s, g: g.sum().reshape(s.shape(1))),
        ),
    ),
    Rule(
        "ZeroBackward0", r"\rho \leftarrow 0", (Leaving("0", lambda s, g: g.new_zeros(s.shape())),)
    ),
    *[
        Rule(node, _TRANSPOSED, (Leaving(r"g^\top", lambda s, g: g.t()),))
        for node in ("TBackward0", "TBackward1")
    ],
    _moved("TransposeBackward0", lambda s, g: g.transpose(s.dim0, s.dim1)),
    _moved("TransposeBackward1", lambda s, g: g.transpose(s.dim0, s.dim1)),
    Rule(
        "PermuteBackward0",
        _TRANSPOSED,
        (Leaving(r"g^\top", lambda s, g: g.t()),),
        when={"dims": (1, 0)},
    ),
    _moved("PermuteBackward0", _permuted),
    _moved("FlipBackward0", lambda s, g: g.flip(s.dims)),
    _moved("RollBackward0", _rolled),
    Rule(
        "ExpandBackward0",
        _COPIES,
        (Leaving(r"\textstyle\sum_k g_{ki}", lambda s, g: summed_to(g, s.shape()), "i"),),
    ),
    Rule(
        "RepeatBackward0",
        _COPIES,
        (Leaving(r"\textstyle\sum_k g_{ki}", _repeated, "i"),),
    ),
    _triangle("TrilBackward0", r"\le"),
    _triangle("TriuBackward0", r"\ge"),
)
