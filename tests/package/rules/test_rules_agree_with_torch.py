"""Every rule of the table gives the numbers that torch gives, with every option of its operation."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from itertools import chain
from typing import NamedTuple

import pytest
import torch
from package.rules.rule_cases import CASES, TENSORS_ARE_SHOWN, Case

import autograd_vi as av
from autograd_vi.rules import expressions
from autograd_vi.rules.nodes import saved_by_node
from autograd_vi.rules.rule import GIVEN, Rule, Values
from autograd_vi.rules.saved import Kept, Saved
from autograd_vi.rules.table import LEAF, RULES, choose, evaluate
from autograd_vi.rules.traits import trait

# Saved by torch for shapes and strides, or for what the formulas say already.
UNUSED = {
    "PowBackward0": {"self"},  # exponents 0 and 1
    "DivBackward2": {"self", "other"},
    "SgnBackward0": {"self", "result"},
    "LogSigmoidBackward0": {"buffer"},
    "MaxPool2DWithIndicesBackward0": {"ceil_mode", "dilation", "kernel_size", "padding", "stride"},
    "MaxPool3DWithIndicesBackward0": {"ceil_mode", "dilation", "kernel_size", "padding", "stride"},
    "AvgPool2DBackward0": {"ceil_mode"},
    "AvgPool3DBackward0": {"ceil_mode"},
    "NativeGroupNormBackward0": {"C", "HxW", "eps"},
    "NativeLayerNormBackward0": {"bias"},
    "NativeBatchNormBackward0": {
        "input",
        "running_mean",
        "running_var",
        "eps",
        "result1",
        "result2",
    },
    "SplitBackward0": {"split_size"},
    "UnsafeSplitBackward0": {"split_size"},
    "SplitWithSizesBackward0": {"split_sizes"},
    "PowBackward1": {"result"},  # read where the exponent is tracked
    "ProdBackward0": {"result"},
    "ProdBackward1": {"result"},
    "SqueezeBackward1": {"dim"},
    "SqueezeBackward2": {"dim"},
    "SqueezeBackward4": {"dim"},
    "SqueezeBackward5": {"dim"},
    "UnsqueezeBackward0": {"dim"},
    "UnsqueezeBackward1": {"dim"},
    "GatherBackward0": {"self"},
    "TakeBackward0": {"self"},
    "MaskedSelectBackward0": {"self"},
    "NllLossBackward0": {"total_weight"},  # read for the mean
    "NllLoss2DBackward0": {"total_weight"},
}
SHAPES = ("_sym_sizes", "_sym_strides", "_sym_sizes_opt", "_sym_argsize_0", "_sym_numel")


class Compared(NamedTuple):
    rule: Rule
    saved: Saved
    read: frozenset[str]
    error: float


@cache
def compare(case: Case) -> list[Compared]:
    """Run a case, and compare at each of its nodes what torch sent with what the rule says.

    Raises:
        AssertionError: where the two differ.
    """
    operands = [x.clone().requires_grad_() for x in case.operands]
    if "grad" in case.constants:
        operands[0].grad = case.constants["grad"].clone()
    result = case.function(*operands)
    results = list(result) if isinstance(result, list) else [result]
    torch.manual_seed(0)
    replay = av.replay(results, gradient=[torch.randn_like(r) for r in results])
    found = []
    for step in replay.steps:
        if step.node.op != case.node:
            continue
        saved = saved_by_node(replay)[step.node.id]
        rule = choose(case.node, saved)
        assert rule is not None, f"no rule of {case.node} fits {saved.values}"
        values = Values(saved)
        computed = evaluate(
            rule, saved, [None if g is None else g.tensor for g in step.grad_outputs], values
        )
        sent = [step.grad_after] if rule is LEAF else step.grad_inputs
        errors = [
            difference(left, None if there is None else there.tensor)
            for left, there, operand in zip(computed, sent, saved.operands, strict=True)
            if operand is not None
        ]
        assert errors
        found.append(Compared(rule, saved, frozenset(values.read), max(errors)))
    assert found, f"the case makes no {case.node}"
    return found


def difference(computed: torch.Tensor | None, sent: torch.Tensor | None) -> float:
    """Return the largest difference, relative to numbers above 1; not a number and infinite must agree."""
    assert computed is not None
    assert sent is not None
    assert computed.shape == sent.shape
    torch.testing.assert_close(
        computed.to(sent.dtype),
        sent,
        equal_nan=True,
        rtol=1e-7 if sent.dtype == torch.float64 else 1e-5,
        atol=1e-9,
    )
    finite = computed.isfinite() & sent.isfinite()
    error = (computed - sent).abs()[finite] / sent.abs()[finite].clamp(min=1)
    return float(error.max()) if error.numel() else 0.0


@pytest.mark.parametrize("case", CASES, ids=[f"{k}-{case.node}" for k, case in enumerate(CASES)])
def test_a_rule_gives_what_torch_sends(case: Case) -> None:
    assert compare(case)


def of_this_torch(rule: Rule) -> bool:
    return rule.trait is None or trait(rule.trait[0]) == rule.trait[1]


@cache
def seen() -> dict[int, list[Compared]]:
    found: dict[int, list[Compared]] = {}
    for case in CASES:
        with suppress(AssertionError):  # the case fails in a test of its own
            for step in compare(case):
                found.setdefault(id(step.rule), []).append(step)
    return found


@pytest.mark.parametrize("rule", [r for r in RULES if of_this_torch(r)], ids=lambda rule: rule.node)
def test_every_rule_is_compared_with_each_of_its_options(rule: Rule) -> None:
    compared = seen().get(id(rule), [])
    assert compared, f"no case follows the rule of {rule.node} when {rule.when}"
    for name, wanted in rule.options.items():
        tried = [step.saved.values[name] for step in compared]
        assert not [value for value in wanted if value not in tried], name
    reached = {
        slot
        for step in compared
        for slot, operand in enumerate(step.saved.operands)
        if operand is not None
    }
    needed = {0, 1} if rule.many else {i for i, leaving in enumerate(rule.leaving) if leaving.latex}
    if rule.node == "NativeGroupNormBackward0" and not TENSORS_ARE_SHOWN:
        needed.discard(2)  # there torch's own backward fails for a bias without a weight
    assert needed <= reached


@pytest.mark.parametrize("rule", [r for r in RULES if of_this_torch(r)], ids=lambda rule: rule.node)
def test_no_saved_value_is_overlooked(rule: Rule) -> None:
    compared = seen()[id(rule)]
    saved = {name for step in compared for name in step.saved.values}
    known = {name for step in compared for name in step.read} | set(rule.when) | set(rule.options)
    left = saved - known - UNUSED.get(rule.node, set())
    assert not {name for name in left if not name.endswith(SHAPES)}


def stated(case: Case, step: Compared) -> tuple[torch.Tensor, torch.Tensor] | None:
    """Return what the rule's forward formula gives, and torch's result, if the case is one operation alone."""
    result = case.function(*[x.clone().requires_grad_() for x in case.operands])
    alone = isinstance(result, torch.Tensor) and type(result.grad_fn).__name__ == case.node
    if not step.rule.computes or not alone or "composite" in case.constants:
        return None
    second = case.constants.get("second")
    letters = ["b"] if second else case.constants.get("slots", step.rule.slots)
    values = case.constants | dict(zip(letters, case.operands, strict=False))
    read = Values(step.saved)
    values |= {letter: step.rule.number(letter, read) for letter in step.rule.numbers} | {
        "g": result
    }
    return expressions.value(step.rule.computes, values), result.detach()


def test_a_rule_says_what_is_computed_too() -> None:
    said = {case: stated(case, compare(case)[0]) for case in CASES}
    checked = {case: pair for case, pair in said.items() if pair is not None}
    for computed, result in checked.values():
        torch.testing.assert_close(
            computed.to(result.dtype).expand_as(result), result, equal_nan=True
        )
    rules = {id(compare(case)[0].rule) for case in checked}
    assert rules == {id(rule) for rule in RULES if rule.computes and of_this_torch(rule)}


def test_each_version_has_its_rule() -> None:
    for rule in RULES:
        if rule.trait is not None:
            same = [r for r in RULES if (r.node, dict(r.when)) == (rule.node, dict(rule.when))]
            assert len({r.trait for r in same}) == len(same) == 2
            assert [r for r in same if of_this_torch(r)]


def test_the_first_rule_that_fits_is_no_less_exact_than_the_others() -> None:
    for step in chain.from_iterable(seen().values()):
        fitting = [
            r for r in RULES if r.node == step.rule.node and r.fits(step.saved) and of_this_torch(r)
        ]
        assert len(step.rule.when) == max(len(r.when) for r in fitting)


def test_complex_numbers_have_no_rule() -> None:
    x = torch.tensor([1 + 2j], requires_grad=True)
    replay = av.replay([x * x], gradient=[torch.ones_like(x)])
    assert choose("MulBackward0", saved_by_node(replay)[0]) is None


def test_an_option_that_no_rule_knows_has_none() -> None:
    kept = Kept((2,), torch.ones(2))
    saved = Saved({"approximate": "something new", "self": kept}, (), (), real=True)
    assert choose("GeluBackward0", saved) is None
    assert choose("SomethingNewBackward0", saved) is None
    assert GIVEN is not None
