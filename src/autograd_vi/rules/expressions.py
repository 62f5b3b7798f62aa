r"""Expressions from which a formula and its value are both made, so that the two cannot differ.

An expression is written in Python's syntax: ``g * r * (1 - r)``. Names are operands, results and numbers; ``*`` of two
tensors is the product element by element, ``@`` the product of matrices, a comparison is 1 where it holds and 0
elsewhere. ``latex`` writes it for readers, ``value`` computes it with plain tensor arithmetic.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import cache, reduce
from typing import Any

import torch

LETTERS = {
    # The operands by their place, the result, a target, a mask, a weight; no page uses these letters.
    "a": r"\xi",
    "b": r"\psi",
    "c": r"\chi",
    "r": r"\rho",
    "t": r"\tau",
    "m": r"\kappa",
    "w": r"\omega",
    "ones": r"\mathbf{1}",
    "pi": r"\pi",
    "inf": r"\infty",
}
TIMES = "\N{INVISIBLE TIMES}"  # between a number and a tensor; shown where numbers are put in

_ADD, _MULTIPLY, _APPLY, _POWER, _ATOM = range(5)  # how strongly a part holds together

_BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.MatMult: operator.matmul,
}
_COMPARE: dict[type[ast.cmpop], tuple[str, Callable[[Any, Any], Any]]] = {
    ast.Lt: ("<", operator.lt),
    ast.LtE: (r"\le", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (r"\ge", operator.ge),
    ast.Eq: ("=", operator.eq),
    ast.NotEq: (r"\ne", operator.ne),
}


def _normal_density(x: torch.Tensor) -> torch.Tensor:
    return torch.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def _normal_distribution(x: torch.Tensor) -> torch.Tensor:
    return torch.erfc(-x / math.sqrt(2)) / 2


# How a function is written, with {} for its argument, and how it is computed.
_FUNCTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "exp": ("e^{{{}}}", torch.exp),
    "exp2": ("2^{{{}}}", torch.exp2),
    "sqrt": (
        r"\sqrt{{{}}}",
        lambda x: math.sqrt(x) if isinstance(x, int | float) else torch.sqrt(x),
    ),
    "abs": (r"|{}|", torch.abs),
    "T": (r"{}^\top", lambda x: x.mT if x.dim() > 1 else x),
    "dot": (r"{}^\top {}", lambda x, y: (x * y).sum()),
    "outer": (r"{} {}^\top", lambda x, y: x[:, None] * y[None, :]),
    "total": (r"\textstyle\sum {}", torch.sum),
}
_NAMED: dict[str, tuple[str, Callable[..., Any]]] = {
    "ln": (r"\ln", lambda x: math.log(x) if isinstance(x, int | float) else torch.log(x)),
    "log2": (r"\log_2", torch.log2),
    "log10": (r"\log_{10}", torch.log10),
    "sin": (r"\sin", torch.sin),
    "cos": (r"\cos", torch.cos),
    "tan": (r"\tan", torch.tan),
    "sinh": (r"\sinh", torch.sinh),
    "cosh": (r"\cosh", torch.cosh),
    "tanh": (r"\tanh", torch.tanh),
    "arcsin": (r"\arcsin", torch.asin),
    "arccos": (r"\arccos", torch.acos),
    "arctan": (r"\arctan", torch.atan),
    "arsinh": (r"\operatorname{arsinh}", torch.asinh),
    "arcosh": (r"\operatorname{arcosh}", torch.acosh),
    "artanh": (r"\operatorname{artanh}", torch.atanh),
    "sigma": (r"\sigma", torch.sigmoid),
    "erf": (r"\operatorname{erf}", torch.erf),
    "sign": (r"\operatorname{sign}", torch.sign),
    "Phi": (r"\Phi", _normal_distribution),
    "phi": (r"\varphi", _normal_density),
    "min": (r"\min", lambda *xs: reduce(_least, xs)),
    "max": (r"\max", lambda *xs: reduce(_greatest, xs)),
}


_BRACKETED = frozenset(
    {"sigma", "Phi", "phi"}
)  # always with brackets; functions with a name only where needed


def _least(x: Any, y: Any) -> torch.Tensor:  # noqa: ANN401 (a tensor or a number)
    return torch.minimum(*_tensors(x, y))


def _greatest(x: Any, y: Any) -> torch.Tensor:  # noqa: ANN401 (a tensor or a number)
    return torch.maximum(*_tensors(x, y))


def _tensors(x: Any, y: Any) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401
    like = x if isinstance(x, torch.Tensor) else y
    return torch.as_tensor(x, dtype=like.dtype), torch.as_tensor(y, dtype=like.dtype)


@cache
def parse(expression: str) -> ast.expr:
    """Return an expression's syntax tree."""
    return ast.parse(expression, mode="eval").body


def names(expression: str) -> frozenset[str]:
    """Return the names of an expression's operands and numbers."""
    tree = parse(expression)
    functions = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node not in functions
    )


def value(expression: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 (a tensor or a number)
    """Compute an expression.

    Raises:
        KeyError: if ``values`` lacks a name of it.
    """
    return _value(parse(expression), values)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:  # noqa: ANN401, PLR0911 (one line a form)
    match node:
        case ast.Constant(value=number):
            return number
        case ast.Name(id="pi"):
            return math.pi
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, values)
        case ast.BinOp(left=left, op=op, right=right):
            return _BINARY[type(op)](_value(left, values), _value(right, values))
        case ast.Compare(left=left, ops=ops, comparators=others):
            sides = [_value(side, values) for side in (left, *others)]
            pairs = zip(sides, sides[1:], ops, strict=False)
            held = [_COMPARE[type(op)][1](x, y) for x, y, op in pairs]
            return reduce(operator.and_, held).to(values["g"].dtype)
        case ast.Call(func=ast.Name(id=name), args=args):
            return (_FUNCTIONS | _NAMED)[name][1](*[_value(arg, values) for arg in args])
    raise SyntaxError(f"{ast.unparse(node)!r} is none of the forms that an expression may have")


def latex(expression: str, numbers: frozenset[str] = frozenset()) -> str:
    """Return an expression's formula.

    Args:
        expression: the expression.
        numbers: names that stand for one number, next to which no sign of multiplication is shown.
    """
    return _Writer(numbers).write(parse(expression))[0]


class _Writer:
    """Writes a tree as LaTeX; each part comes with how strongly it holds together."""

    def __init__(self, numbers: frozenset[str]) -> None:
        self.numbers = numbers

    def write(self, node: ast.expr) -> tuple[str, int]:
        match node:
            case ast.Constant(value=number):
                return str(number), _ATOM
            case ast.Name(id=name):
                return LETTERS.get(name, name), _ATOM
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return "-" + self.within(operand, _MULTIPLY), _MULTIPLY
            case ast.BinOp(left=left, op=op, right=right):
                return self.binary(left, op, right)
            case ast.Compare(left=left, ops=ops, comparators=others):
                parts = [self.write(left)[0]]
                for sign, other in zip(ops, others, strict=True):
                    parts += [_COMPARE[type(sign)][0], self.write(other)[0]]
                return f"[{' '.join(parts)}]", _ATOM
            case ast.Call(func=ast.Name(id=name), args=args):
                return self.call(name, args)
        raise SyntaxError(f"{ast.unparse(node)!r} is none of the forms that an expression may have")

    def within(self, node: ast.expr, least: int, *, before: bool = False) -> str:
        r"""Write a part, in brackets if it would fall apart beside what stands next to it.

        ``before`` a sign of multiplication ``\sin ξ`` would swallow what follows.
        """
        text, strength = self.write(node)
        return text if strength >= least and not (before and strength == _APPLY) else f"({text})"

    def binary(self, left: ast.expr, op: ast.operator, right: ast.expr) -> tuple[str, int]:
        match op:
            case ast.Pow():
                return f"{self.within(left, _ATOM)}^{{{self.write(right)[0]}}}", _POWER
            case ast.Div() if self.number(left) and self.number(right):
                return rf"\tfrac{{{self.write(left)[0]}}}{{{self.write(right)[0]}}}", _ATOM
            case ast.Div():
                return f"{self.within(left, _MULTIPLY)} / {self.within(right, _POWER)}", _MULTIPLY
            case ast.Add():
                return f"{self.within(left, _ADD)} + {self.within(right, _MULTIPLY)}", _ADD
            case ast.Sub():
                return f"{self.within(left, _ADD)} - {self.within(right, _MULTIPLY)}", _ADD
            case ast.MatMult():
                sign = r"\, "
            case _:
                plain = self.number(left) or self.number(right)
                sign = f" {TIMES} " if plain else r" \odot "
        return (
            f"{self.within(left, _MULTIPLY, before=True)}{sign}{self.within(right, _MULTIPLY)}",
            _MULTIPLY,
        )

    def number(self, node: ast.expr) -> bool:
        """Whether a part stands for one number."""
        match node:
            case ast.BinOp(left=left, right=right):
                return self.number(left) and self.number(right)
            case ast.UnaryOp(operand=operand):
                return self.number(operand)
            case ast.Call(args=args):
                return all(map(self.number, args))
            case ast.Name(id=name):
                return name in self.numbers or name == "pi"
        return isinstance(node, ast.Constant)

    def call(self, name: str, args: list[ast.expr]) -> tuple[str, int]:
        if name in _FUNCTIONS:
            least = _ADD if name in {"exp", "exp2", "sqrt", "abs"} else _ATOM
            shown = _FUNCTIONS[name][0].format(*[self.within(arg, least) for arg in args])
            return shown, _POWER if name in {"exp", "exp2", "T"} else _MULTIPLY if least else _ATOM
        written, _ = _NAMED[name]
        if len(args) == 1 and isinstance(args[0], ast.Name) and name not in _BRACKETED:
            return f"{written} {self.write(args[0])[0]}", _APPLY
        return f"{written}({', '.join(self.write(arg)[0] for arg in args)})", _POWER
