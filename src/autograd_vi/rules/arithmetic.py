"""Rules of sums, products, quotients and powers."""

from __future__ import annotations

from autograd_vi.rules.rule import GIVEN, Leaving, Rule, Values, pointwise

_BOTH = "a=self b=other r=result"
_SIDES = "a=self b=other"


def _less_one(s: Values) -> float:
    return s.exponent - 1  # type: ignore[no-any-return]  # a number, as torch saved it


_ZERO = Leaving("0", lambda s, g: g.new_zeros(s.shape()))

RULES = (
    pointwise("AddBackward0", "a + b", "g", "g", when={"alpha": 1}),
    pointwise(
        "AddBackward0",
        "a + n * b",
        "g",
        "n * g",
        numbers={"n": "alpha"},
        options={"alpha": (3, -0.5)},
    ),
    pointwise("SubBackward0", "a - b", "g", "-g", when={"alpha": 1}),
    pointwise(
        "SubBackward0",
        "a - n * b",
        "g",
        "-n * g",
        numbers={"n": "alpha"},
        options={"alpha": (3, -0.5)},
    ),
    pointwise("RsubBackward0", "b - a", "-g", "g", when={"alpha": 1}),
    pointwise(
        "RsubBackward0",
        "b - n * a",
        "-n * g",
        "g",
        numbers={"n": "alpha"},
        options={"alpha": (3, -0.5)},
    ),
    pointwise("RsubBackward1", "b - a", "-g", slots=("a",), when={"alpha": 1}),
    pointwise(
        "RsubBackward1",
        "b - n * a",
        "-n * g",
        slots=("a",),
        numbers={"n": "alpha"},
        options={"alpha": (3, -0.5)},
    ),
    pointwise("MulBackward0", "a * b", "g * b", "g * a", letters=_BOTH),
    pointwise("MulBackward1", "n * a", "n * g", slots=("a",), numbers={"n": "other"}),
    pointwise("DivBackward0", "a / b", "g / b", "-g * a / b**2", letters=_BOTH),
    pointwise("DivBackward1", "a / n", "g / n", slots=("a",), numbers={"n": "other"}),
    # Rounded quotients are flat between their steps.
    Rule(
        "DivBackward2",
        r"\rho = \lfloor \xi / \psi \rfloor",
        (_ZERO, Leaving("0", lambda s, g: g.new_zeros(s.shape(1)))),
        when={"rounding_mode": "floor"},
        elementwise=True,
    ),
    Rule(
        "DivBackward2",
        r"\rho = \operatorname{sign}(\xi / \psi) \odot \lfloor |\xi / \psi| \rfloor",
        (_ZERO, Leaving("0", lambda s, g: g.new_zeros(s.shape(1)))),
        when={"rounding_mode": "trunc"},
        elementwise=True,
    ),
    pointwise("NegBackward0", "-a", "-g"),
    Rule("PowBackward0", r"\rho = \mathbf{1}", (_ZERO,), when={"exponent": 0}, elementwise=True),
    pointwise("PowBackward0", "a", "g", when={"exponent": 1}),
    pointwise("PowBackward0", "a**2", "g * (2 * a)", when={"exponent": 2}),
    pointwise(
        "PowBackward0",
        "a**n",
        "g * (n * a**k)",
        numbers={"n": "exponent", "k": _less_one},
        options={"exponent": (3, 0.5, -1, -2)},
    ),
    Rule(
        "PowBackward1",
        r"\rho = \xi^\psi",
        (
            # torch sends 0 where the exponent is 0, also from 0⁰⁻¹, and 0 from 0^y ln 0 for y ≥ 0.
            Leaving(
                r"g \odot \psi \odot \xi^{\psi - 1}",
                lambda s, g: (g * s.exponent * s.self ** (s.exponent - 1)).where(
                    s.exponent != 0, 0
                ),
            ),
            Leaving(
                r"g \odot \rho \odot \ln \xi",
                lambda s, g: (g * s.result * s.self.log()).where(
                    (s.self != 0) | (s.exponent < 0), 0
                ),
            ),
        ),
        letters={"a": "self", "b": "exponent", "r": "result"},
        elementwise=True,
        filled=True,
    ),
    Rule(
        "PowBackward2",
        r"\rho = n^\xi",
        (
            Leaving(
                r"g \odot \rho \odot \ln n",
                lambda s, g: (g * s.result * s.exponent.new_tensor(float(s.self)).log()).where(
                    (s.exponent.new_tensor(float(s.self)) != 0) | (s.exponent < 0), 0
                ),
            ),
        ),
        letters={"a": "exponent", "r": "result"},
        numbers={"n": "self"},
        options={"self": (2, 0.5)},
        elementwise=True,
        filled=True,
    ),
    pointwise("ReciprocalBackward0", "1 / a", "-g * r**2"),
    pointwise(
        "AddcmulBackward0",
        "a + n * b * c",
        "g",
        "n * g * c",
        "n * g * b",
        letters="b=tensor1 c=tensor2",
        numbers={"n": "value"},
        options={"value": (1, -2)},
    ),
    pointwise(
        "AddcdivBackward0",
        "a + n * b / c",
        "g",
        "n * g / c",
        "-n * g * b / c**2",
        letters="b=tensor1 c=tensor2",
        numbers={"n": "value"},
        options={"value": (1, -2)},
    ),
    pointwise(
        "LerpBackward0",
        "a + n * (b - a)",
        "k * g",
        "n * g",
        numbers={"n": "weight", "k": lambda s: 1 - s.weight},
        options={"weight": (0.25, 1.5)},
    ),
    pointwise(
        "LerpBackward1",
        "a + c * (b - a)",
        "(1 - c) * g",
        "c * g",
        "g * (b - a)",
        letters="a=self b=end c=weight",
    ),
    pointwise(
        "LogaddexpBackward0",
        "ln(exp(a) + exp(b))",
        "g * sigma(a - b)",
        "g * sigma(b - a)",
        letters=_SIDES,
    ),
    pointwise("HypotBackward0", "sqrt(a**2 + b**2)", "g * a / r", "g * b / r", letters=_BOTH),
    # A custom `when` that asks for the tensors keeps the rule off nodes that saved none.
    pointwise("RemainderBackward0", r"\rho = \xi \bmod n", "g", slots=("a",)),
    Rule(
        "RemainderBackward1",
        r"\rho = \xi - \psi \odot \lfloor \xi / \psi \rfloor",
        (
            Leaving("g", lambda s, g: g),
            Leaving(
                r"-g \odot \lfloor \xi / \psi \rfloor",
                lambda s, g: -g * (s.self / s.other).floor(),
            ),
        ),
        when={"self": GIVEN, "other": GIVEN},
        letters={"a": "self", "b": "other"},
        elementwise=True,
    ),
)
