"""Cases for arithmetic, elementary functions and activations: random numbers, zeros, ties, borders."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own documents call it F)
from package.rules.rule_case import GRID, INNER, PAIRS, POSITIVE, Case, drawn, numbers


def two(function: Callable[..., Any], node: str, **constants: Any) -> Iterator[Case]:  # noqa: ANN401
    """Yield calls with two operands: alike, broadcast to each other, and one of them constant."""
    shapes = (((3,), (3,)), ((2, 3), (3,)), ((), (3,)), ((2, 1), (1, 3)), ((), ()))
    for seed, (left, right) in enumerate(shapes):
        a = drawn(*left, seed=seed, low=0.5)
        b = drawn(*right, seed=seed + 9, low=0.5)
        yield Case(node, function, (a, b), constants)
        yield Case(node, lambda x, b=b: function(x, b), (a,), {"b": b} | constants)
        yield Case(node, lambda x, a=a: function(a, x), (b,), {"a": a, "second": True} | constants)


def arithmetic() -> Iterator[Case]:
    """Yield the cases of arithmetic. It is long because it is a table: each node stands beside its calls."""
    yield from two(torch.add, "AddBackward0")
    yield from two(torch.sub, "SubBackward0")
    yield from two(torch.mul, "MulBackward0")
    yield from two(torch.div, "DivBackward0")
    yield from two(torch.rsub, "RsubBackward0")
    a, b, c = (drawn(2, 3, seed=seed, low=0.5) for seed in range(3))
    for n in (3, -0.5):
        for op, node in (
            (torch.add, "AddBackward0"),
            (torch.sub, "SubBackward0"),
            (torch.rsub, "RsubBackward0"),
        ):
            yield from two(lambda x, y, op=op, n=n: op(x, y, alpha=n), node)
        yield Case("RsubBackward1", lambda x, n=n: torch.rsub(x, 5.0, alpha=n), (a,), {"b": 5.0})
    yield Case("RsubBackward1", lambda x: 5.0 - x, (a,), {"b": 5.0})
    yield Case("AddBackward0", lambda x: x + 2, (a,), {"b": 2})
    yield Case("MulBackward0", lambda x: x * 3, (a,), {"b": 3})
    yield Case("DivBackward0", lambda x: x / 4, (a,), {"b": 4})
    yield Case("MulBackward1", lambda x: torch.ops.aten.mul.Scalar(x, 3.0), (a,))
    yield Case("DivBackward1", lambda x: torch.ops.aten.div.Scalar(x, 4.0), (a,))
    for mode in ("floor", "trunc"):
        yield Case(
            "DivBackward2",
            lambda x, y, m=mode: torch.div(x, y, rounding_mode=m),
            (PAIRS[0], PAIRS[1] + 3),
        )
        yield Case("DivBackward2", lambda x, m=mode: torch.div(x, 2, rounding_mode=m), (GRID,))
    yield Case("NegBackward0", torch.neg, (GRID,))
    for exponent in (0, 1, 2, 3, -1, -2):
        yield Case("PowBackward0", lambda x, n=exponent: x**n, (GRID,))
    for root in (0.5, 1.5):
        yield Case("PowBackward0", lambda x, n=root: x**n, (POSITIVE,))
    yield Case("PowBackward1", torch.pow, (POSITIVE, drawn(5)))
    yield Case("PowBackward1", torch.pow, (numbers(0, 0, 0, 2, 3), numbers(0, 1, 2, 0, -1)))
    yield Case(
        "PowBackward1", lambda x: torch.pow(x, numbers(0, 1, 2)), (numbers(0, 0, 0),), {"b": 1}
    )
    yield Case(
        "PowBackward1",
        lambda y: torch.pow(numbers(2, 3, 0), y),
        (numbers(0, 1, 2),),
        {"second": True},
    )
    for base in (2, 0.5, 0):
        yield Case("PowBackward2", lambda x, n=base: n**x, (GRID if base else GRID.abs(),))
    yield Case("ReciprocalBackward0", torch.reciprocal, (GRID,))
    for n in (1, -2):
        yield Case(
            "AddcmulBackward0", lambda x, y, z, n=n: torch.addcmul(x, y, z, value=n), (a, b, c)
        )
        yield Case(
            "AddcdivBackward0", lambda x, y, z, n=n: torch.addcdiv(x, y, z, value=n), (a, b, c)
        )
    yield Case("AddcmulBackward0", torch.addcmul, (drawn(2, 3), drawn(3), drawn(2, 1)))
    yield Case("AddcdivBackward0", torch.addcdiv, (drawn(2, 3), drawn(3), drawn(2, 1, low=0.5)))
    for weight in (0.25, 1.5):
        yield Case("LerpBackward0", lambda x, y, n=weight: torch.lerp(x, y, n), (a, b))
    yield Case("LerpBackward1", torch.lerp, (a, b, c))
    yield Case("LogaddexpBackward0", torch.logaddexp, (PAIRS[0], PAIRS[1]))
    yield Case(
        "LogaddexpBackward0",
        torch.logaddexp,
        (numbers(1000, -1000), numbers(-1000, 1000)),
        {"composite": True},
    )
    yield Case("HypotBackward0", torch.hypot, (PAIRS[0], PAIRS[1]))
    for n in (2, -3):
        yield Case("RemainderBackward0", lambda x, n=n: torch.remainder(x, n), (GRID,))
    yield Case("RemainderBackward1", torch.remainder, (PAIRS[0], PAIRS[1] + 3))


FUNCTIONS = {
    "Sqrt": (torch.sqrt, numbers(0, 0.5, 1, 4)),
    "Rsqrt": (torch.rsqrt, numbers(0, 0.5, 1, 4)),
    "Exp": (torch.exp, GRID),
    "Exp2": (torch.exp2, GRID),
    "Expm1": (torch.expm1, GRID),
    "Log": (torch.log, numbers(0, 0.5, 1, 4)),
    "Log1P": (torch.log1p, numbers(-1, 0, 2)),
    "Log2": (torch.log2, numbers(0, 0.5, 1, 4)),
    "Log10": (torch.log10, numbers(0, 0.5, 1, 4)),
    "Sin": (torch.sin, GRID),
    "Cos": (torch.cos, GRID),
    "Tan": (torch.tan, GRID),
    "Asin": (torch.asin, numbers(-1, -0.5, 0, 0.5, 1)),
    "Acos": (torch.acos, numbers(-1, -0.5, 0, 0.5, 1)),
    "Atan": (torch.atan, GRID),
    "Sinh": (torch.sinh, GRID),
    "Cosh": (torch.cosh, GRID),
    "Tanh": (torch.tanh, GRID * 10),
    "Asinh": (torch.asinh, GRID),
    "Acosh": (torch.acosh, numbers(1, 1.5, 4)),
    "Atanh": (torch.atanh, numbers(-1, *INNER.tolist(), 1)),
    "Sigmoid": (torch.sigmoid, GRID * 10),
    "Erf": (torch.erf, GRID),
    "Abs": (torch.abs, GRID),
    "Sgn": (torch.sgn, GRID),
    "Sign": (torch.sign, GRID),
    "Floor": (torch.floor, GRID),
    "Ceil": (torch.ceil, GRID),
    "Round": (torch.round, GRID),
    "Trunc": (torch.trunc, GRID),
    "Frac": (torch.frac, GRID),
}


def functions() -> Iterator[Case]:
    for name, (function, points) in FUNCTIONS.items():
        yield Case(f"{name}Backward0", function, (points,))
        yield Case(f"{name}Backward0", function, (points[1],))


def activations() -> Iterator[Case]:
    bounds = [
        {"min": -1, "max": 1},
        {"min": 0.5},
        {"max": 0.5},
        {"min": 1, "max": -1},
        {"min": 1, "max": 1},
    ]
    for bound in bounds:
        yield Case("ClampBackward1", lambda x, b=bound: x.clamp(**b), (GRID,))
    yield Case("ClampMinBackward0", lambda x: torch.clamp_min(x, 0.5), (GRID,))
    yield Case("ClampMaxBackward0", lambda x: torch.clamp_max(x, 0.5), (GRID,))
    pair, other = PAIRS
    for function, node in (
        (torch.clamp_min, "ClampMinBackward1"),
        (torch.clamp_max, "ClampMaxBackward1"),
    ):
        yield Case(node, function, (pair, other))
    yield Case("ClampBackward0", lambda x, low: x.clamp(min=low), (pair, other))
    yield Case(
        "ClampBackward0", lambda x, high: x.clamp(max=high), (pair, other), {"slots": ("a", "b")}
    )
    grid = torch.cartesian_prod(*[numbers(-1, 0, 1)] * 3).T
    yield Case("ClampBackward0", torch.clamp, tuple(grid))
    yield Case(
        "ClampBackward0",
        lambda x: x.clamp(numbers(-1), numbers(1)),
        (GRID,),
        {"b": numbers(-1), "c": numbers(1)},
    )
    for name in ("maximum", "minimum", "fmax", "fmin"):
        yield Case(f"{name.capitalize()}Backward0", getattr(torch, name), (pair, other))
        yield Case(f"{name.capitalize()}Backward0", getattr(torch, name), (drawn(2, 3), drawn(3)))
    yield Case("WhereBackward0", lambda x, y: torch.where(x > y, x, y), (pair, other))
    yield Case("WhereBackward0", lambda x, y: torch.where(x > 0, x, y), (drawn(2, 3), drawn()))
    yield Case("MaskedFillBackward0", lambda x: x.masked_fill(x > 0.5, 7.0), (GRID,))
    yield Case("MaskedFillBackward1", lambda x, v: x.masked_fill(x > 0.5, v), (GRID, drawn()))
    for name in ("relu", "gelu", "silu", "mish", "hardsigmoid", "hardswish"):
        yield Case(f"{name.capitalize()}Backward0", getattr(F, name), (GRID,))
    yield Case("GeluBackward0", lambda x: F.gelu(x, approximate="tanh"), (GRID,))
    yield Case("LogSigmoidBackward0", F.logsigmoid, (torch.cat([GRID, numbers(-300, 300)]),))
    yield Case("ThresholdBackward0", lambda x: F.threshold(x, 0.5, 7.0), (GRID,))
    yield Case("ThresholdBackward0", lambda x: F.threshold(x, -1, 2), (GRID,))
    for n in (0.01, 0.5):
        yield Case("LeakyReluBackward0", lambda x, n=n: F.leaky_relu(x, n), (GRID,))
    for n in (1.0, 2.0):
        yield Case("EluBackward0", lambda x, n=n: F.elu(x, n), (GRID,))
        yield Case("CeluBackward0", lambda x, n=n: F.celu(x, n), (GRID,))
    yield Case("EluBackward0", F.selu, (GRID,))
    for beta, threshold in ((1, 20), (2, 1)):
        yield Case("SoftplusBackward0", lambda x, b=beta, t=threshold: F.softplus(x, b, t), (GRID,))
    yield Case("HardtanhBackward0", F.hardtanh, (GRID,))
    yield Case("HardtanhBackward0", F.relu6, (GRID * 2,))
    for n in (0.5, 1.0):
        yield Case("HardshrinkBackward0", lambda x, n=n: F.hardshrink(x, n), (GRID,))
        yield Case("SoftshrinkBackward0", lambda x, n=n: F.softshrink(x, n), (GRID,))
