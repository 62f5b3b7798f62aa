"""Rules of activations, of clamps, and of choices between two numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from autograd_vi.rules.rule import ANY_NUMBER, GIVEN, NOTHING, Leaving, Rule, pointwise

_SIDES = "a=self b=other"
_ONE_LOW: Any = {"n": "min"}
_ONE_HIGH: Any = {"k": "max"}
_TWO: Any = _ONE_LOW | _ONE_HIGH
_FLAT, _STEEP = ("clamp at its border", 0.0), ("clamp at its border", 1.0)
_HALF, _WHOLE = ("clamp at a tensor's border", 0.5), ("clamp at a tensor's border", 1.0)
_SHARED, _FIRST = ("fmax where both are equal", 0.5), ("fmax where both are equal", 1.0)


def _clamp(node: str, forward: str, flat: str, steep: str, **more: Any) -> tuple[Rule, Rule]:  # noqa: ANN401
    """Return the rules of a clamp between numbers, whose slope at its border depends on the version."""
    return (
        pointwise(node, forward, flat, trait=_FLAT, slots=("a",), **more),
        pointwise(node, forward, steep, trait=_STEEP, slots=("a",), **more),
    )


_LOW = {"when": {"min": ANY_NUMBER, "max": None}, "numbers": _ONE_LOW}
_HIGH = {"when": {"min": None, "max": ANY_NUMBER}, "numbers": _ONE_HIGH}
_CLAMPS = (
    *_clamp(
        "ClampBackward1",
        "min(max(a, n), k)",
        "g * (n < a < k)",
        "g * (n <= a <= k)",
        when={"min": ANY_NUMBER, "max": ANY_NUMBER},
        numbers=_TWO,
    ),
    *_clamp("ClampBackward1", "max(a, n)", "g * (a > n)", "g * (a >= n)", **_LOW),
    *_clamp("ClampBackward1", "min(a, k)", "g * (a < k)", "g * (a <= k)", **_HIGH),
    *_clamp("ClampMinBackward0", "max(a, n)", "g * (a > n)", "g * (a >= n)", numbers=_ONE_LOW),
    *_clamp("ClampMaxBackward0", "min(a, k)", "g * (a < k)", "g * (a <= k)", numbers=_ONE_HIGH),
)

_OVER, _UNDER = "g * ((a > {0}) + 1 / 2 * (a == {0}))", "g * ((a < {0}) + 1 / 2 * (a == {0}))"


def _between(node: str, bound: str, **more: Any) -> tuple[Rule, Rule]:  # noqa: ANN401
    """Return the rules of a clamp at one tensor: below it (``max``) or above it (``min``)."""
    low = bound == "min"
    forward = "max(a, b)" if low else "min(a, b)"
    half = (_OVER, _UNDER) if low else (_UNDER, _OVER)
    whole = ("g * (a >= b)", "g * (a < b)") if low else ("g * (a <= b)", "g * (a > b)")
    letters = f"a=self b={bound}"
    return (
        pointwise(
            node, forward, *[f.format("b") for f in half], trait=_HALF, letters=letters, **more
        ),
        pointwise(node, forward, *whole, trait=_WHOLE, letters=letters, **more),
    )


def _without_second(rule: Rule) -> Rule:
    """Return a rule of two inputs for a node that has three, of which the second was left out."""
    first, last = rule.leaving
    return replace(rule, leaving=(first, NOTHING, last), slots=("a", "", "b"))


_TENSOR_CLAMPS = (
    *_between("ClampBackward0", "min", when={"min": GIVEN, "max": None}),
    *(
        _without_second(rule)
        for rule in _between("ClampBackward0", "max", when={"min": None, "max": GIVEN})
    ),
    *_between("ClampMinBackward1", "min"),
    *_between("ClampMaxBackward1", "max"),
    pointwise(
        "ClampBackward0",
        "min(max(a, b), c)",
        "g * ((b < a < c) + 1 / 2 * (a == b < c) + 1 / 2 * (b < a == c) + (a == b == c))",
        "g * ((a < b <= c) + 1 / 2 * (a == b < c))",
        "g * ((max(a, b) > c) + 1 / 2 * (b < a == c))",
        trait=_HALF,
        when={"min": GIVEN, "max": GIVEN},
        letters="a=self b=min c=max",
    ),
    pointwise(
        "ClampBackward0",
        "min(max(a, b), c)",
        "g * (b <= a <= c)",
        "g * (a < b) * (b < c)",
        "g * (max(a, b) > c)",
        trait=_WHOLE,
        when={"min": GIVEN, "max": GIVEN},
        letters="a=self b=min c=max",
    ),
)

_MORE = ("g * ((a > b) + 1 / 2 * (a == b))", "g * ((b > a) + 1 / 2 * (a == b))")
_LESS = ("g * ((a < b) + 1 / 2 * (a == b))", "g * ((b < a) + 1 / 2 * (a == b))")
_CHOICES = (
    pointwise("MaximumBackward0", "max(a, b)", *_MORE, letters=_SIDES),
    pointwise("MinimumBackward0", "min(a, b)", *_LESS, letters=_SIDES),
    pointwise("FmaxBackward0", "max(a, b)", *_MORE, letters=_SIDES, trait=_SHARED),
    pointwise("FminBackward0", "min(a, b)", *_LESS, letters=_SIDES, trait=_SHARED),
    pointwise(
        "FmaxBackward0", "max(a, b)", "g * (a >= b)", "g * (a < b)", letters=_SIDES, trait=_FIRST
    ),
    pointwise(
        "FminBackward0", "min(a, b)", "g * (a <= b)", "g * (a > b)", letters=_SIDES, trait=_FIRST
    ),
    Rule(
        "WhereBackward0",
        r"\rho = [\kappa] \odot \xi + [\neg \kappa] \odot \psi",
        (
            Leaving(r"[\kappa] \odot g", lambda s, g: g * s.condition),
            Leaving(r"[\neg \kappa] \odot g", lambda s, g: g * ~s.condition),
        ),
        letters={"m": "condition"},
        elementwise=True,
    ),
    Rule(
        "MaskedFillBackward0",
        r"\rho = [\neg \kappa] \odot \xi + n\, [\kappa]",
        (Leaving(r"[\neg \kappa] \odot g", lambda s, g: g * ~s.mask),),
        letters={"m": "mask"},
        elementwise=True,
    ),
    Rule(
        "MaskedFillBackward1",
        r"\rho = [\neg \kappa] \odot \xi + [\kappa] \odot \psi",
        (
            Leaving(r"[\neg \kappa] \odot g", lambda s, g: g * ~s.mask),
            Leaving(r"[\kappa] \odot g", lambda s, g: g * s.mask),
        ),
        letters={"m": "mask"},
        elementwise=True,
    ),
)

_ACTIVATIONS = (
    pointwise("ReluBackward0", "max(a, 0)", "g * (r > 0)"),
    pointwise(
        "ThresholdBackward0",
        r"\rho = \xi \odot [\xi > n] + k\, [\xi \le n]",
        "g * (a > n)",
        numbers={"n": "threshold"},
        options={"threshold": (0.5, -1)},
    ),
    pointwise(
        "LeakyReluBackward0",
        "max(a, 0) + n * min(a, 0)",
        "g * ((a > 0) + n * (a <= 0))",
        numbers={"n": "negative_slope"},
        options={"negative_slope": (0.01, 0.5)},
    ),
    pointwise(
        "EluBackward0",
        "n * (max(a, 0) + k * (exp(min(a, 0)) - 1))",
        "n * g * ((a > 0) + k * (a <= 0) * exp(min(a, 0)))",
        when={"input_scale": 1},
        numbers={"n": "scale", "k": "alpha"},
        options={"alpha": (1.0, 2.0), "scale": (1, 1.0507009873554805)},
    ),
    pointwise(
        "CeluBackward0",
        "max(a, 0) + n * (exp(min(a, 0) / n) - 1)",
        "g * ((a > 0) + (a <= 0) * exp(min(a, 0) / n))",
        numbers={"n": "alpha"},
        options={"alpha": (1.0, 2.0)},
    ),
    pointwise(
        "GeluBackward0", "a * Phi(a)", "g * (Phi(a) + a * phi(a))", when={"approximate": "none"}
    ),
    pointwise(
        "GeluBackward0",
        "1 / 2 * a * (1 + tanh(sqrt(2 / pi) * (a + 0.044715 * a**3)))",
        "1 / 2 * g * (1 + tanh(sqrt(2 / pi) * (a + 0.044715 * a**3))"
        " + sqrt(2 / pi) * a * (1 + 0.134145 * a**2)"
        " * (1 - tanh(sqrt(2 / pi) * (a + 0.044715 * a**3))**2))",
        when={"approximate": "tanh"},
    ),
    pointwise("SiluBackward0", "a * sigma(a)", "g * sigma(a) * (1 + a * (1 - sigma(a)))"),
    pointwise(
        "MishBackward0",
        "a * tanh(ln(1 + exp(a)))",
        "g * (tanh(ln(1 + exp(a))) + a * sigma(a) * (1 - tanh(ln(1 + exp(a)))**2))",
    ),
    pointwise(
        "SoftplusBackward0",
        r"\rho = \tfrac{1}{n} \ln(1 + e^{n \xi}) \quad (n \xi \le k)",
        "g * ((n * a > k) + (n * a <= k) * sigma(n * a))",
        numbers={"n": "beta", "k": "threshold"},
        options={"beta": (1, 2), "threshold": (20, 1)},
    ),
    pointwise("LogSigmoidBackward0", "ln(sigma(a))", "g * sigma(-a)"),
    pointwise(
        "HardtanhBackward0",
        "min(max(a, n), k)",
        "g * (n < a < k)",
        numbers={"n": "min_val", "k": "max_val"},
        options={"min_val": (-1.0, 0), "max_val": (1.0, 6)},
    ),
    pointwise(
        "HardsigmoidBackward0",
        r"\rho = \min(\max(\xi / 6 + 1 / 2, 0), 1)",
        "1 / 6 * g * (-3 < a < 3)",
    ),
    pointwise(
        "HardswishBackward0",
        r"\rho = \xi \odot \min(\max(\xi / 6 + 1 / 2, 0), 1)",
        "g * ((a >= 3) + (-3 < a < 3) * (a / 3 + 1 / 2))",
        trait=("hardswish at its border", 1.0),
    ),
    pointwise(
        "HardswishBackward0",
        r"\rho = \xi \odot \min(\max(\xi / 6 + 1 / 2, 0), 1)",
        "g * ((a > 3) + (-3 <= a <= 3) * (a / 3 + 1 / 2))",
        trait=("hardswish at its border", 1.5),
    ),
    pointwise(
        "HardshrinkBackward0",
        r"\rho = \xi \odot [|\xi| > n]",
        "g * (abs(a) > n)",
        numbers={"n": "lambd"},
        options={"lambd": (0.5, 1.0)},
    ),
    pointwise(
        "SoftshrinkBackward0",
        "sign(a) * max(abs(a) - n, 0)",
        "g * (abs(a) > n)",
        numbers={"n": "lambd"},
        options={"lambd": (0.5, 1.0)},
    ),
)

RULES = (*_CLAMPS, *_TENSOR_CLAMPS, *_CHOICES, *_ACTIVATIONS)
