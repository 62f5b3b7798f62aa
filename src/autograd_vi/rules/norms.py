r"""Rules of norms, variances and the like; the letters are those of ``reductions``."""

from __future__ import annotations

import math
from typing import Any

import torch

from autograd_vi.rules.entries import Entry, shares
from autograd_vi.rules.reductions import (
    KEEP,
    along,
    arrived,
    count,
    reduced_axes,
    spread,
    spread_result,
    ties,
)
from autograd_vi.rules.rule import Leaving, Rule, Values
from autograd_vi.rules.terms import Number, Term, applied


def _norm(s: Values, g: torch.Tensor) -> torch.Tensor:
    """Return g·sign(x)·(|x|/‖x‖)^(p−1); 0 where the norm is 0."""
    x, norm, p = s.self, spread_result(s), s.ord
    if math.isinf(p):
        factor = x.sign() * ties(_absolute(s), s.result, s.dim, keep=s.keepdim)
    else:
        factor = x.sign() * (x.abs() / norm) ** (p - 1)
    found: torch.Tensor = (spread(s, g, s.dim, keep=s.keepdim) * factor).where(
        (norm != 0) & (x != 0), 0
    )
    return found


class _Absolute(Values):
    """The same values, with the operand's absolute value in its place."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        found = super().__getattr__(name)
        return found.abs() if name == "self" else found


def _absolute(s: Values) -> Values:
    return _Absolute(s._saved)


def _deviation(s: Values) -> torch.Tensor:
    return s.self - s.self.mean(reduced_axes(s.shape(), s.dim), keepdim=True)  # type: ignore[no-any-return]


def _freedom(s: Values) -> float:
    correction = s.correction
    return count(s) - (1 if correction is None else correction)


def _standard(s: Values) -> torch.Tensor:
    """Return (x − mean) / ((n − c)·std); 0 where the deviation is 0."""
    std = spread_result(s)
    return (_deviation(s) / (_freedom(s) * std)).where(std != 0, 0)


def _g(entry: Entry) -> Number:
    return arrived(entry, entry.values.dim, keep=entry.values.keepdim)


def _norm_entry(entry: Entry) -> Term:
    """Write g·x/‖x‖ for the Euclidean norm, and with a power for another one."""
    s = entry.values
    x, norm = entry.of(s.self), entry.of(spread_result(s))
    if x.number == 0:
        return Number(0.0)
    if s.ord == 2:
        return _g(entry) * x / norm
    sign, size = Number(math.copysign(1, x.number)), Number(abs(x.number))
    return _g(entry) * sign * (size / norm) ** Number(s.ord - 1)


def _deviation_entry(entry: Entry) -> Term:
    x = entry.values.self
    mean = x.mean(reduced_axes(entry.values.shape(), entry.values.dim), keepdim=True)
    return entry.of(x) - entry.of(mean)


def _variance_entry(entry: Entry) -> Term:
    n = Number(_freedom(entry.values))
    return Number(2) / n * _g(entry) * _deviation_entry(entry)


def _standard_entry(entry: Entry) -> Term:
    std = entry.of(spread_result(entry.values))
    if std.number == 0:
        return Number(0.0)
    n = Number(_freedom(entry.values))
    return Number(1) / n * _g(entry) * _deviation_entry(entry) / std


def _logsumexp_entry(entry: Entry) -> Term:
    x, result = entry.of(entry.values.self), entry.of(spread_result(entry.values))
    return _g(entry) * applied("exp", x - result)


_FREEDOM = {"keepdim": (False, True), "correction": (None, 0, 1, 2)}
_MEAN_SQUARE = r"\tfrac{1}{n} \textstyle\sum_{i \in I_k} (\xi_i - \bar{\xi}_k)^2"

RULES = (
    Rule(
        "LinalgVectorNormBackward0",
        r"\rho_k = \lVert \xi_{I_k} \rVert",
        (Leaving(r"g_k\, \xi_i / \rho_k \quad (i \in I_k)", _norm, "i", entry=_norm_entry),),
        when={"ord": 2},
        letters={"a": "self", "r": "result"},
        filled=True,
        options=KEEP,
    ),
    Rule(
        "LinalgVectorNormBackward0",
        r"\rho_k = \textstyle\sum_{i \in I_k} |\xi_i|",
        (Leaving(r"g_k \operatorname{sign} \xi_i \quad (i \in I_k)", _norm, "i"),),
        when={"ord": 1},
        letters={"a": "self"},
        options=KEEP,
    ),
    *[
        Rule(
            "LinalgVectorNormBackward0",
            rf"\rho_k = \{written}_{{i \in I_k}} |\xi_i|",
            (
                Leaving(
                    r"g_k \operatorname{sign} \xi_i\, [|\xi_i| = \rho_k] \,/\, "
                    r"\#\{j \in I_k : |\xi_j| = \rho_k\} \quad (i \in I_k)",
                    _norm,
                    "i",
                    entry=shares,
                ),
            ),
            when={"ord": order},
            letters={"a": "self", "r": "result"},
            filled=True,
            options=KEEP,
        )
        for written, order in (("max", math.inf), ("min", -math.inf))
    ],
    Rule(
        "LinalgVectorNormBackward0",
        r"\rho_k = \bigl(\textstyle\sum_{i \in I_k} |\xi_i|^n\bigr)^{1/n}",
        (
            Leaving(
                r"g_k \operatorname{sign} \xi_i\, (|\xi_i| / \rho_k)^{n - 1} \quad (i \in I_k)",
                _norm,
                "i",
                entry=_norm_entry,
            ),
        ),
        letters={"a": "self", "r": "result"},
        numbers={"n": "ord"},
        filled=True,
        options=KEEP | {"ord": (3, 1.5)},
    ),
    Rule(
        "VarBackward0",
        rf"\rho_k = {_MEAN_SQUARE}",
        (
            Leaving(
                r"\tfrac{2}{n}\, g_k\, (\xi_i - \bar{\xi}_k) \quad (i \in I_k)",
                along(lambda s: 2 / _freedom(s) * _deviation(s)),
                "i",
                entry=_variance_entry,
            ),
        ),
        letters={"a": "self"},
        numbers={"n": _freedom},
        options=_FREEDOM,
    ),
    Rule(
        "StdBackward0",
        rf"\rho_k = \bigl({_MEAN_SQUARE}\bigr)^{{1/2}}",
        (
            Leaving(
                r"\tfrac{1}{n}\, g_k\, (\xi_i - \bar{\xi}_k) / \rho_k \quad (i \in I_k)",
                along(_standard),
                "i",
                entry=_standard_entry,
            ),
        ),
        letters={"a": "self", "r": "result"},
        numbers={"n": _freedom},
        filled=True,
        options=_FREEDOM,
    ),
    Rule(
        "LogsumexpBackward0",
        r"\rho_k = \ln \textstyle\sum_{i \in I_k} e^{\xi_i}",
        (
            Leaving(
                r"g_k\, e^{\xi_i - \rho_k} \quad (i \in I_k)",
                along(lambda s: (s.self - spread_result(s)).exp()),
                "i",
                entry=_logsumexp_entry,
            ),
        ),
        letters={"a": "self", "r": "result"},
        options=KEEP,
    ),
)
