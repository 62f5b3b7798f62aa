"""Rewrite the asserts of a page so that the values in them can be changed while the page runs.

An assert is a claim about values. Each value that the claim compares (a *part*) is wrapped in ``__part__``. The claim
itself becomes a function of that wrapper, which is called once with the true values, and then once for each change of
each part. A part is computed once only, so that no other call of the page is repeated.

``assert (x - y).norm() < 1e-6`` becomes ``assert __claims__.holds(0, lambda __part__: (__part__(0, lambda: x) -
__part__(1, lambda: y)).norm() < __part__(2, lambda: 1e-6))``.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum

CLAIMS, PART = "__claims__", "__part__"
"""The names that a rewritten page finds: the recorder, and the wrapper of one part."""

_SAME = {"torch.equal", "torch.allclose", "torch.testing.assert_close", "math.isclose"}
_SIZE = {"abs", "norm", "max", "amax", "item", "sum", "mean", "square", "sqrt"}
"""Methods that say how large a difference is."""
_KEEPS = {"detach", "item", "tolist", "cpu", "double", "float", "sum", "mean", "clone"}
"""Methods through which a formula is still seen."""
_HARMLESS = (
    *(ast.BinOp, ast.UnaryOp, ast.operator, ast.unaryop, ast.Name, ast.Constant),
    *(ast.Attribute, ast.Subscript, ast.Call, ast.expr_context, ast.keyword),
)


class Kind(Enum):
    """What a claim says of a part."""

    SAME = "is the same as another value: each change of it has to be refused"
    BOUND = "lies below or above another value: one change at least has to be refused"


@dataclass(frozen=True)
class Part:
    """One value in a claim."""

    text: str
    kind: Kind
    in_formula: bool
    """Whether it is an operand of a formula: a zero hides its sign and its factor there, and a sum its order."""
    comparison: int
    """The number of the comparison that it is a part of, in its claim."""


@dataclass
class Claim:
    """One assert of a page."""

    line: int
    text: str
    parts: list[Part] = field(default_factory=list)


def _inner(node: ast.expr) -> ast.expr | None:
    """Return the value of which ``node`` says the size: ``x`` in ``abs(x)``, ``x.norm()`` and ``x.norm() / s``.

    A bare ``a - b < 1`` is no such claim: it says nothing of a difference below zero.
    """
    match node:
        case ast.BinOp(left=left, op=ast.Div()):
            return left
        case ast.Call(func=ast.Name(id="abs"), args=[argument]):
            return argument
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _SIZE:
            return value
    return None


def _difference(node: ast.expr) -> ast.BinOp | None:
    """Return the difference of which ``node`` says how large it is, if it does."""
    inner = _inner(node)
    while inner is not None:
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Sub):
            return inner
        inner = _inner(inner)
    return None


class _Wrapper:
    """Wraps the parts of one claim."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self._comparisons = 0

    def part(self, node: ast.expr, kind: Kind, *, formula: bool = False) -> ast.expr:
        """Return ``node`` as a part."""
        number = len(self.claim.parts)
        self.claim.parts.append(Part(ast.unparse(node), kind, formula, self._comparisons))
        no_arguments = ast.arguments(
            posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[]
        )
        arguments = [ast.Constant(number), ast.Lambda(no_arguments, node)]
        return ast.Call(ast.Name(PART, ast.Load()), arguments, [])

    def operand(self, node: ast.expr, kind: Kind, *, formula: bool = False) -> ast.expr:
        """Return what stands on one side of a comparison, with its parts wrapped."""
        if kind is Kind.BOUND:
            return self.part(node, kind)
        match node:
            case ast.Tuple(elts=elts) | ast.List(elts=elts) if elts and not any(
                isinstance(item, ast.Starred) for item in elts
            ):
                node.elts = [self.operand(item, kind, formula=formula) for item in elts]
            case ast.BinOp(op=op) if not isinstance(op, ast.Pow):
                node.left = self.operand(node.left, kind, formula=True)
                node.right = self.operand(node.right, kind, formula=True)
            case ast.UnaryOp(op=ast.USub()):
                node.operand = self.operand(node.operand, kind, formula=formula)
            case ast.Call(func=ast.Attribute(value=inner, attr=name) as method) if (
                name in _KEEPS and _holds_formula(inner)
            ):
                method.value = self.operand(inner, kind, formula=formula)
            case _:
                return self.part(node, kind, formula=formula)
        return node

    def _comparison(self, node: ast.Compare) -> ast.expr:
        self._comparisons += 1
        sides = [node.left, *node.comparators]
        kinds: list[Kind | None] = [None] * len(sides)
        for at, op in enumerate(node.ops):
            for side in (at, at + 1):
                if isinstance(op, ast.Eq | ast.Is) or (isinstance(op, ast.In) and side == at):
                    kinds[side] = Kind.SAME
                elif isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE):
                    kinds[side] = kinds[side] or Kind.BOUND
        difference = _difference(node.left) if isinstance(node.ops[0], ast.Lt | ast.LtE) else None
        if difference is not None:  # a small difference: its two sides are the same, within a bound
            difference.left = self.operand(difference.left, Kind.SAME)
            difference.right = self.operand(difference.right, Kind.SAME)
            return node
        if not any(kinds):
            return self.part(node, Kind.SAME)
        node.left, *node.comparators = (
            self.operand(side, kind) if kind else side
            for side, kind in zip(sides, kinds, strict=True)
        )
        return node

    def test(self, node: ast.expr) -> ast.expr:
        """Return what an assert tests, with its parts wrapped."""
        match node:
            case ast.BoolOp(op=ast.And()):
                node.values = [self.test(value) for value in node.values]
            case ast.BoolOp():
                node.values[-1] = self.test(node.values[-1])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                node.operand = self.part(operand, Kind.SAME)
            case ast.Compare():
                return self._comparison(node)
            case ast.Call(func=func) if ast.unparse(func) in _SAME and len(node.args) >= 2:
                node.args[:2] = [self.operand(argument, Kind.SAME) for argument in node.args[:2]]
            case ast.Call(func=ast.Attribute(attr="startswith" | "endswith"), args=[arg]):
                node.args = [self.operand(arg, Kind.SAME)]
            case ast.Call(func=ast.Name(id="all"), args=[ast.GeneratorExp() as each]):
                each.elt = self.test(each.elt)
            case _:
                return self.part(node, Kind.SAME)
        return node


def _holds_formula(node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        node = node.func.value
    return isinstance(node, ast.BinOp)


class _Inliner(ast.NodeTransformer):
    """Puts the formula behind a name in place of the name."""

    def __init__(self, values: dict[str, ast.expr]) -> None:
        self._values = values

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return deepcopy(self._values.get(node.id, node))


def _just_computed(before: Sequence[ast.stmt]) -> dict[str, ast.expr]:
    """Return the formulas that were given names right before an assert, with nothing but prints in between.

    Only such as can be computed once more without any effect.
    """
    values: dict[str, ast.expr] = {}
    for statement in reversed(before):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.BinOp() as value) if all(
                isinstance(node, _HARMLESS) and _is_size(node) for node in ast.walk(value)
            ):
                values.setdefault(name, value)
            case ast.Assert() | ast.Expr(value=ast.Call(func=ast.Name(id="print"))):
                pass
            case _:
                break
    return values


def _is_size(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return True
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
    return name in _SIZE | _KEEPS


class Rewriter(ast.NodeTransformer):
    """Rewrites the asserts of a page, cell after cell, and lists its claims."""

    def __init__(self) -> None:
        self.claims: list[Claim] = []

    def __call__(self, tree: ast.Module) -> ast.Module:
        """Return one parsed cell with its claims rewritten."""
        rewritten = self.visit(tree)
        assert isinstance(rewritten, ast.Module)  # noqa: S101  # for mypy: a module stays one
        return rewritten

    def _rewritten(self, statement: ast.stmt, test: ast.expr, method: str) -> ast.expr:
        claim = Claim(statement.lineno, ast.unparse(statement))
        self.claims.append(claim)
        if any(isinstance(node, ast.NamedExpr) for node in ast.walk(test)):
            return test  # a name that it gives would be lost in a function
        body = _Wrapper(claim).test(test)
        argument = ast.arguments(
            posonlyargs=[], args=[ast.arg(PART)], kwonlyargs=[], kw_defaults=[], defaults=[]
        )
        call = ast.Attribute(ast.Name(CLAIMS, ast.Load()), method, ast.Load())
        number = ast.Constant(len(self.claims) - 1)
        return ast.copy_location(ast.Call(call, [number, ast.Lambda(argument, body)], []), test)

    def _statement(self, statement: ast.stmt, before: Sequence[ast.stmt]) -> ast.stmt:
        match statement:
            case ast.Assert(test=test):
                inlined = _Inliner(_just_computed(before)).visit(deepcopy(test))
                statement.test = self._rewritten(statement, inlined, "holds")
            case ast.Expr(value=ast.Call(func=func) as call) if ast.unparse(func).endswith(
                "assert_close"
            ):
                statement.value = self._rewritten(statement, call, "passes")
            case _:
                self.generic_visit(statement)
        return statement

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Rewrite the statements in the bodies of ``node``."""
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list):
                original = deepcopy(body)
                for at, statement in enumerate(body):
                    body[at] = self._statement(statement, original[:at])
        for handler in getattr(node, "handlers", ()):
            self.generic_visit(handler)
        return node
