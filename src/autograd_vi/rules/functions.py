"""Rules of the elementary functions of one number."""

from __future__ import annotations

from autograd_vi.rules.rule import Leaving, Rule, pointwise

_ZERO = (Leaving("0", lambda s, g: g.new_zeros(s.shape())),)

RULES = (
    pointwise("SqrtBackward0", "sqrt(a)", "g / (2 * r)"),
    pointwise("RsqrtBackward0", "1 / sqrt(a)", "-(1 / 2 * g * r**3)"),
    pointwise("ExpBackward0", "exp(a)", "g * r"),
    pointwise("Exp2Backward0", "exp2(a)", "ln(2) * g * r"),
    pointwise("Expm1Backward0", "exp(a) - 1", "g * (r + 1)"),
    pointwise("LogBackward0", "ln(a)", "g / a"),
    pointwise("Log1PBackward0", "ln(1 + a)", "g / (1 + a)"),
    pointwise("Log2Backward0", "log2(a)", "g / (ln(2) * a)"),
    pointwise("Log10Backward0", "log10(a)", "g / (ln(10) * a)"),
    pointwise("SinBackward0", "sin(a)", "g * cos(a)"),
    pointwise("CosBackward0", "cos(a)", "-g * sin(a)"),
    pointwise("TanBackward0", "tan(a)", "g * (1 + r**2)"),
    pointwise("AsinBackward0", "arcsin(a)", "g / sqrt(1 - a**2)"),
    pointwise("AcosBackward0", "arccos(a)", "-g / sqrt(1 - a**2)"),
    pointwise("AtanBackward0", "arctan(a)", "g / (1 + a**2)"),
    pointwise("SinhBackward0", "sinh(a)", "g * cosh(a)"),
    pointwise("CoshBackward0", "cosh(a)", "g * sinh(a)"),
    pointwise("TanhBackward0", "tanh(a)", "g * (1 - r**2)"),
    pointwise("AsinhBackward0", "arsinh(a)", "g / sqrt(1 + a**2)"),
    pointwise("AcoshBackward0", "arcosh(a)", "g / sqrt(a**2 - 1)"),
    pointwise("AtanhBackward0", "artanh(a)", "g / (1 - a**2)"),
    pointwise("SigmoidBackward0", "sigma(a)", "g * r * (1 - r)"),
    pointwise("ErfBackward0", "erf(a)", "2 / sqrt(pi) * g * exp(-a**2)"),
    pointwise("AbsBackward0", "abs(a)", "g * sign(a)"),
    # These are flat between their steps, and torch sends 0 at the steps too.
    Rule("SgnBackward0", r"\rho = \operatorname{sign} \xi", _ZERO, elementwise=True),
    Rule("SignBackward0", r"\rho = \operatorname{sign} \xi", _ZERO, elementwise=True),
    Rule("FloorBackward0", r"\rho = \lfloor \xi \rfloor", _ZERO, elementwise=True),
    Rule("CeilBackward0", r"\rho = \lceil \xi \rceil", _ZERO, elementwise=True),
    Rule("RoundBackward0", r"\rho = \operatorname{round} \xi", _ZERO, elementwise=True),
    Rule("TruncBackward0", r"\rho = \operatorname{trunc} \xi", _ZERO, elementwise=True),
    pointwise("FracBackward0", r"\rho = \xi - \operatorname{trunc} \xi", "g"),
)
