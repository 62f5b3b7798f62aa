r"""The local rule of an operation: what it computes, and what it sends to each of its inputs.

``g`` is the gradient that enters, ``g_x`` the one that leaves towards the input ``x``, $\odot$ the
product element by element, ``[...]`` is 1 where the condition holds and 0 elsewhere. No rule has a
word in it, so that each is right in every language.

The rules are written in LaTeX. A page shows them as MathML, made once by math-core and kept in
``rules.json``, so that the package needs no converter. After a change:

    python -m autograd_vi.rules

writes the file again (math-core is among the ``docs`` extra), and a test compares the two.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from importlib.resources import files
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rule:
    """The forward formula and the backward one, both in LaTeX; a leaf computes nothing."""

    forward: str
    backward: str


_VIEW = Rule(
    r"\operatorname{vec} z = \operatorname{vec} x", r"\operatorname{vec} g_x = \operatorname{vec} g"
)

# Keys are names of torch's nodes without "Backward" and the overload's number, or with both where
# overloads differ. Scalar factors that are 1 unless asked for (`alpha=`, `beta=`) are left out, and
# so is the sum over broadcast dimensions.
RULES: dict[str, Rule] = {
    # sums and products
    "Add": Rule(r"z = x + y", r"g_x = g, \quad g_y = g"),
    "Sub": Rule(r"z = x - y", r"g_x = g, \quad g_y = -g"),
    "Rsub": Rule(r"z = y - x", r"g_x = -g, \quad g_y = g"),
    "Mul": Rule(r"z = x \odot y", r"g_x = g \odot y, \quad g_y = g \odot x"),
    "Div": Rule(r"z = x / y", r"g_x = g / y, \quad g_y = -g \odot x / y^2"),
    "Neg": Rule(r"z = -x", r"g_x = -g"),
    "Pow": Rule(r"z = x^n", r"g_x = g \odot n x^{n-1}"),
    "PowBackward1": Rule(
        r"z = x^y", r"g_x = g \odot y x^{y-1}, \quad g_y = g \odot x^y \odot \ln x"
    ),
    "Reciprocal": Rule(r"z = 1/x", r"g_x = -g \odot z^2"),
    "Addcmul": Rule(
        r"z = x + c\, u \odot v", r"g_x = g, \quad g_u = c\, g \odot v, \quad g_v = c\, g \odot u"
    ),
    "Addcdiv": Rule(
        r"z = x + c\, u / v", r"g_x = g, \quad g_u = c\, g / v, \quad g_v = -c\, g \odot u / v^2"
    ),
    "Lerp": Rule(r"z = x + w (y - x)", r"g_x = (1 - w) g, \quad g_y = w g"),
    # functions of one number
    "Sqrt": Rule(r"z = \sqrt{x}", r"g_x = g / (2 z)"),
    "Rsqrt": Rule(r"z = 1 / \sqrt{x}", r"g_x = -\tfrac{1}{2}\, g \odot z^3"),
    "Square": Rule(r"z = x^2", r"g_x = 2\, g \odot x"),
    "Exp": Rule(r"z = e^x", r"g_x = g \odot z"),
    "Expm1": Rule(r"z = e^x - 1", r"g_x = g \odot (z + 1)"),
    "Log": Rule(r"z = \ln x", r"g_x = g / x"),
    "Log1P": Rule(r"z = \ln(1 + x)", r"g_x = g / (1 + x)"),
    "Log2": Rule(r"z = \log_2 x", r"g_x = g / (x \ln 2)"),
    "Sin": Rule(r"z = \sin x", r"g_x = g \odot \cos x"),
    "Cos": Rule(r"z = \cos x", r"g_x = -g \odot \sin x"),
    "Tanh": Rule(r"z = \tanh x", r"g_x = g \odot (1 - z^2)"),
    "Sigmoid": Rule(r"z = \sigma(x)", r"g_x = g \odot z \odot (1 - z)"),
    "LogSigmoid": Rule(r"z = \ln \sigma(x)", r"g_x = g \odot \sigma(-x)"),
    "Softplus": Rule(r"z = \ln(1 + e^x)", r"g_x = g \odot \sigma(x)"),
    "Erf": Rule(r"z = \operatorname{erf} x", r"g_x = g \odot \tfrac{2}{\sqrt{\pi}} e^{-x^2}"),
    "Abs": Rule(r"z = |x|", r"g_x = g \odot \operatorname{sign} x"),
    "Sgn": Rule(r"z = \operatorname{sign} x", r"g_x = 0"),
    "Relu": Rule(r"z = \max(x, 0)", r"g_x = g \odot [x > 0]"),
    "Threshold": Rule(r"z = \max(x, t)", r"g_x = g \odot [x > t]"),
    "LeakyRelu": Rule(r"z = \max(x, 0) + a \min(x, 0)", r"g_x = g \odot ([x > 0] + a\, [x \le 0])"),
    "Gelu": Rule(r"z = x \odot \Phi(x)", r"g_x = g \odot (\Phi(x) + x \odot \varphi(x))"),
    "Silu": Rule(
        r"z = x \odot \sigma(x)", r"g_x = g \odot \sigma(x) \odot (1 + x \odot (1 - \sigma(x)))"
    ),
    "Clamp": Rule(r"z = \min(\max(x, a), b)", r"g_x = g \odot [a \le x \le b]"),
    "ClampMin": Rule(r"z = \max(x, a)", r"g_x = g \odot [x \ge a]"),
    "ClampMax": Rule(r"z = \min(x, b)", r"g_x = g \odot [x \le b]"),
    "Where": Rule(
        r"z = c \odot x + (1 - c) \odot y", r"g_x = c \odot g, \quad g_y = (1 - c) \odot g"
    ),
    "MaskedFill": Rule(r"z = (1 - m) \odot x + m\, v", r"g_x = (1 - m) \odot g"),
    "Maximum": Rule(r"z = \max(x, y)", r"g_x = g \odot [x > y], \quad g_y = g \odot [x < y]"),
    "Minimum": Rule(r"z = \min(x, y)", r"g_x = g \odot [x < y], \quad g_y = g \odot [x > y]"),
    "NativeDropout": Rule(r"z = m \odot x / (1 - p)", r"g_x = g \odot m / (1 - p)"),
    # reductions
    "Sum": Rule(r"z = \sum_i x_i", r"g_{x_i} = g"),
    "Mean": Rule(r"z = \tfrac{1}{n} \sum_{i=1}^{n} x_i", r"g_{x_i} = g / n"),
    "Prod": Rule(r"z = \prod_i x_i", r"g_{x_i} = g\, z / x_i"),
    "Cumsum": Rule(r"z_i = \sum_{j \le i} x_j", r"g_{x_j} = \sum_{i \ge j} g_i"),
    "Max": Rule(r"z = \max_i x_i", r"g_{x_i} = g\, [x_i = z] \,/\, \#\{j : x_j = z\}"),
    "Min": Rule(r"z = \min_i x_i", r"g_{x_i} = g\, [x_i = z] \,/\, \#\{j : x_j = z\}"),
    "Amax": Rule(r"z = \max_i x_i", r"g_{x_i} = g\, [x_i = z] \,/\, \#\{j : x_j = z\}"),
    "Amin": Rule(r"z = \min_i x_i", r"g_{x_i} = g\, [x_i = z] \,/\, \#\{j : x_j = z\}"),
    "LinalgVectorNorm": Rule(r"z = \lVert x \rVert", r"g_x = g\, x / z"),
    "Norm": Rule(r"z = \lVert x \rVert", r"g_x = g\, x / z"),
    "Var": Rule(
        r"z = \tfrac{1}{n-1} \sum_i (x_i - \bar{x})^2",
        r"g_{x_i} = g \, \tfrac{2}{n-1} (x_i - \bar{x})",
    ),
    "Std": Rule(
        r"z = \sqrt{\tfrac{1}{n-1} \sum_i (x_i - \bar{x})^2}",
        r"g_{x_i} = g\, \frac{x_i - \bar{x}}{(n-1)\, z}",
    ),
    "Logsumexp": Rule(r"z = \ln \sum_i e^{x_i}", r"g_{x_i} = g\, e^{x_i - z}"),
    "Trace": Rule(r"z = \sum_i X_{ii}", r"G_X = g\, I"),
    # matrices
    "Mm": Rule(r"Z = X Y", r"G_X = G\, Y^\top, \quad G_Y = X^\top G"),
    "Bmm": Rule(r"Z_b = X_b Y_b", r"G_{X_b} = G_b Y_b^\top, \quad G_{Y_b} = X_b^\top G_b"),
    "Mv": Rule(r"z = A x", r"G_A = g\, x^\top, \quad g_x = A^\top g"),
    "Dot": Rule(r"z = x^\top y", r"g_x = g\, y, \quad g_y = g\, x"),
    "Addmm": Rule(r"Z = B + X Y", r"G_B = G, \quad G_X = G\, Y^\top, \quad G_Y = X^\top G"),
    "Addmv": Rule(r"z = b + A x", r"g_b = g, \quad G_A = g\, x^\top, \quad g_x = A^\top g"),
    "Linear": Rule(
        r"Z = X W^\top + b", r"G_X = G\, W, \quad G_W = G^\top X, \quad g_b = \sum_i G_i"
    ),
    "T": Rule(r"Z = X^\top", r"G_X = G^\top"),
    "Transpose": Rule(r"Z = X^\top", r"G_X = G^\top"),
    "Permute": Rule(r"z_{\pi(i)} = x_i", r"g_{x_i} = g_{\pi(i)}"),
    # the same numbers in another form
    "View": _VIEW,
    "UnsafeView": _VIEW,
    "Reshape": _VIEW,
    "ReshapeAlias": _VIEW,
    "Alias": Rule("z = x", "g_x = g"),
    "Detach": Rule("z = x", "g_x = g"),
    "Clone": Rule("z = x", "g_x = g"),
    "ToCopy": Rule(r"z = \operatorname{to}_z (x)", r"g_x = \operatorname{to}_x (g)"),
    "Copys": Rule(r"z \leftarrow x", r"g_x = g"),
    "CopyBackwards": Rule(r"z \leftarrow x", r"g_x = g"),
    "CopySlices": Rule(
        r"z_S = f(x_S), \quad z_{\bar S} = x_{\bar S}",
        r"(g_x)_S = f'(g_S), \quad (g_x)_{\bar S} = g_{\bar S}",
    ),
    "Fill": Rule(r"z \leftarrow v", r"g_x = 0, \quad g_v = \sum_i g_i"),
    "Zero": Rule(r"z \leftarrow 0", r"g_x = 0"),
    "Squeeze": _VIEW,
    "Unsqueeze": _VIEW,
    "Flatten": _VIEW,
    "Expand": Rule(r"z_{kj} = x_j", r"g_{x_j} = \sum_k g_{kj}"),
    "Repeat": Rule(r"z_{kj} = x_j", r"g_{x_j} = \sum_k g_{kj}"),
    "Select": Rule(r"z = x_k", r"g_{x_i} = g\, [i = k]"),
    "Slice": Rule(r"z = x_{a:b}", r"g_{x_i} = g_{i-a}\, [a \le i < b]"),
    "AsStrided": Rule(r"z_k = x_{I_k}", r"g_{x_i} = \sum_{k : I_k = i} g_k"),
    "Diagonal": Rule(r"z_i = X_{ii}", r"g_{X_{ij}} = g_i\, [i = j]"),
    "Index": Rule(r"z_k = x_{I_k}", r"g_{x_i} = \sum_{k : I_k = i} g_k"),
    "IndexSelect": Rule(r"z_k = x_{I_k}", r"g_{x_i} = \sum_{k : I_k = i} g_k"),
    "IndexPut": Rule(
        r"z = x, \quad z_I \leftarrow v", r"g_{x_i} = g_i\, [i \notin I], \quad g_v = g_I"
    ),
    "Gather": Rule(r"z_k = x_{I_k}", r"g_{x_i} = \sum_{k : I_k = i} g_k"),
    "Embedding": Rule(r"Z_k = W_{I_k}", r"G_{W_i} = \sum_{k : I_k = i} G_k"),
    "Unbind": Rule(r"z_k = x_k", r"(g_x)_k = g_k"),
    "Split": Rule(r"z_k = x_{S_k}", r"(g_x)_{S_k} = g_k"),
    "SplitWithSizes": Rule(r"z_k = x_{S_k}", r"(g_x)_{S_k} = g_k"),
    "Cat": Rule(r"z = (x_1, \dots, x_n)", r"g_{x_k} = g_{S_k}"),
    "Stack": Rule(r"z = (x_1, \dots, x_n)", r"g_{x_k} = g_k"),
    "Sort": Rule(r"z_k = x_{\pi(k)}", r"(g_x)_{\pi(k)} = g_k"),
    "Topk": Rule(r"z_k = x_{I_k}", r"g_{x_i} = \sum_{k : I_k = i} g_k"),
    "ConstantPadNd": Rule(r"z_S = x, \quad z_{\bar S} = c", r"g_x = g_S"),
    # probabilities and losses
    "Softmax": Rule(
        r"z_i = e^{x_i} / \sum_j e^{x_j}", r"g_{x_i} = z_i \bigl(g_i - \sum_j g_j z_j\bigr)"
    ),
    "LogSoftmax": Rule(r"z_i = x_i - \ln \sum_j e^{x_j}", r"g_{x_i} = g_i - e^{z_i} \sum_j g_j"),
    "NllLoss": Rule(
        r"z = -\tfrac{1}{n} \sum_i x_{i, t_i}", r"g_{x_{ij}} = -\tfrac{1}{n}\, g\, [j = t_i]"
    ),
    "MseLoss": Rule(
        r"z = \tfrac{1}{n} \sum_i (x_i - t_i)^2",
        r"g_{x_i} = \tfrac{2}{n}\, g\, (x_i - t_i), \quad g_t = -g_x",
    ),
    "L1Loss": Rule(
        r"z = \tfrac{1}{n} \sum_i |x_i - t_i|",
        r"g_{x_i} = \tfrac{1}{n}\, g\, \operatorname{sign}(x_i - t_i)",
    ),
    "BinaryCrossEntropyWithLogits": Rule(
        r"z = -\tfrac{1}{n} \sum_i \bigl(t_i \ln \sigma(x_i) + (1 - t_i) \ln \sigma(-x_i)\bigr)",
        r"g_{x_i} = \tfrac{1}{n}\, g\, (\sigma(x_i) - t_i)",
    ),
    "BinaryCrossEntropy": Rule(
        r"z = -\tfrac{1}{n} \sum_i \bigl(t_i \ln x_i + (1 - t_i) \ln (1 - x_i)\bigr)",
        r"g_{x_i} = \tfrac{1}{n}\, g\, \frac{x_i - t_i}{x_i (1 - x_i)}",
    ),
    # layers
    "Convolution": Rule(
        r"z = w \star x + b",
        r"g_x = w \star^\top g, \quad g_w = g \star x, \quad g_b = \sum g",
    ),
    "NativeBatchNorm": Rule(
        r"z = \gamma \hat{x} + \beta, \quad \hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}",
        r"g_x = \frac{\gamma}{\sqrt{\sigma^2 + \varepsilon}} "
        r"\bigl(g - \operatorname{mean} g - \hat{x} \operatorname{mean}(g \hat{x})\bigr), \quad "
        r"g_\gamma = \sum g \odot \hat{x}, \quad g_\beta = \sum g",
    ),
    "NativeLayerNorm": Rule(
        r"z = \gamma \hat{x} + \beta, \quad \hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}",
        r"g_{\hat{x}} = g \odot \gamma, \quad g_\gamma = \sum g \odot \hat{x}, \quad "
        r"g_\beta = \sum g",
    ),
    "MaxPool2DWithIndices": Rule(
        r"z_k = \max_{i \in W_k} x_i", r"g_{x_i} = \sum_k g_k\, [i = \operatorname{argmax}_{W_k} x]"
    ),
    "AvgPool2D": Rule(
        r"z_k = \tfrac{1}{|W_k|} \sum_{i \in W_k} x_i",
        r"g_{x_i} = \sum_{k : i \in W_k} g_k / |W_k|",
    ),
    "AdaptiveAvgPool2D": Rule(
        r"z_k = \tfrac{1}{|W_k|} \sum_{i \in W_k} x_i",
        r"g_{x_i} = \sum_{k : i \in W_k} g_k / |W_k|",
    ),
    # the end of every path
    "AccumulateGrad": Rule(r"", r"x.\mathrm{grad} \leftarrow x.\mathrm{grad} + g"),
}

_SAME = {
    "CudnnBatchNorm": "NativeBatchNorm",
    "BatchNorm": "NativeBatchNorm",
    "CudnnConvolution": "Convolution",
    "MkldnnConvolution": "Convolution",
    "NllLossNd": "NllLoss",
    "NllLoss2D": "NllLoss",
    "Swapdims": "Transpose",
    "SafeSoftmax": "Softmax",
    "UnsafeSplit": "Split",
    "MeanDim": "Mean",
}

_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos|#\w+);)\w+;")
_SUFFIX = re.compile(r"Backward(?:Autograd\w*)?\d*$")


def rule(op: str) -> Rule | None:
    """Return the rule of a node's name (``MulBackward0``), or None if there is none here."""
    name = _SUFFIX.sub("", op)
    return RULES.get(op) or RULES.get(_SAME.get(name, name))


def mathml(latex: str) -> str:
    """Return the MathML of a formula of ``RULES``."""
    return _converted()[latex]


def formulas() -> list[str]:
    """Return all formulas of ``RULES``, each once, in order."""
    return list(dict.fromkeys(f for r in RULES.values() for f in (r.forward, r.backward) if f))


@cache
def _converted() -> dict[str, str]:
    text = files("autograd_vi").joinpath("rules.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def convert() -> dict[str, str]:
    """Convert all formulas by math-core.

    Raises:
        ImportError: if math-core is not installed.
    """
    from math_core import LatexToMathML  # noqa: PLC0415 (needed to write the file only)

    converter = LatexToMathML(xml_namespace=True)
    return {
        # Entities such as &nbsp; are none of XML's; &lt; and its like must stay.
        f: _ENTITY.sub(
            lambda found: unescape(found[0]),
            converter.convert_with_local_state(f, displaystyle=False),
        )
        for f in formulas()
    }


if __name__ == "__main__":
    text = json.dumps(convert(), ensure_ascii=False, indent=1) + "\n"
    Path(__file__).with_name("rules.json").write_text(text, encoding="utf-8")
