"""Each line with numbers holds: both of its sides come to what torch sent."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import NamedTuple

import pytest
import torch
from package.render.formula_values import evaluated, name
from package.rules.rule_cases import CASES, Case

import autograd_vi as av
from autograd_vi.recorded import Step
from autograd_vi.render import entry_lines, numbers_in_formulas
from autograd_vi.render.rule_lines import rule_html
from autograd_vi.rules.nodes import saved_by_node
from autograd_vi.rules.table import LEAF, choose

SPECIAL = (float("nan"), float("inf"), -float("inf"), 0.0, -0.0, 1e-30, 1e30)


class Line(NamedTuple):
    """A line of a step: what leaves towards an input, and the formulas that are said to equal it."""

    rule: int
    step: Step
    sides: list[ET.Element]


@pytest.fixture(autouse=True)
def _all_digits_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show numbers with all digits, so that what they come to is no question of rounding."""
    for module in (numbers_in_formulas, entry_lines):
        monkeypatch.setattr(module, "number", repr)


def lines(case: Case, special: float | None = None) -> Iterator[Line]:
    """Yield the lines of a case; ``special`` is put into the gradient that enters."""
    operands = [x.clone().requires_grad_() for x in case.operands]
    result = case.function(*operands)
    results = list(result) if isinstance(result, list) else [result]
    torch.manual_seed(0)
    grads = [torch.randn(r.shape, dtype=r.dtype) for r in results]
    if special is not None:
        for grad in grads:
            grad.view(-1)[:1] = special
    replay = av.replay(results, gradient=grads)
    for step in replay.steps:
        if step.node.op != case.node:
            continue
        saved = saved_by_node(replay)[step.node.id]
        rule = choose(step.node.op, saved)
        if rule is LEAF:
            continue
        root = ET.fromstring(f"<div>{rule_html(step, saved)}</div>")
        for line in root.iterfind("div"):
            yield Line(id(rule), step, sides(list(line)))


def sides(formulas: list[ET.Element]) -> list[ET.Element]:
    """Return the sides of a line: what stands before the first sign of equality, and after each."""
    found = []
    for formula in formulas:
        at = next(k for k, part in enumerate(formula) if part.text == "=" and name(part) == "mo")
        for part in (formula[:at], formula[at + 1 :]):
            side = ET.Element("mrow")
            side.extend(part)
            if part:
                found.append(side)
    return found


def check(line: Line) -> None:
    """Assert that a line is about what torch sent, and that each side that can be read comes to it."""
    left, *others = line.sides
    sent = [grad.tensor for grad in line.step.grad_inputs if grad is not None]
    total = evaluated(others[-1])
    text = "".join(left.itertext())
    place = text.partition("[")[2].rstrip("]")
    at = tuple(map(int, place.split(","))) if place else None
    wanted = [
        tensor if at is None else tensor[at]
        for tensor in sent
        if tensor is not None and (at is None or within(at, tensor.shape))
    ]
    assert any(same(total, tensor) for tensor in wanted), text
    grads = [None if grad is None else grad.tensor for grad in line.step.grad_outputs]
    shape = total.shape if at is None else ()
    # Without numbers for its letters, the first formula of a line on whole tensors cannot be read.
    for side in others[:-1] if at is not None or not has_letters(others[0]) else others[1:-1]:
        written = "".join(side.itertext())
        if "…" not in written:
            assert same(evaluated(side, grads, shape), total), (text, written)


def within(place: tuple[int, ...], shape: torch.Size) -> bool:
    return len(place) == len(shape) and all(k < n for k, n in zip(place, shape, strict=True))


def has_letters(side: ET.Element) -> bool:
    return bool(set("ξψχρτκω𝟏g") & set("".join(side.itertext())))


def same(computed: torch.Tensor, wanted: torch.Tensor) -> bool:
    if computed.numel() != wanted.numel():
        return False
    computed = computed.to(wanted.dtype)
    return torch.allclose(
        computed.reshape(wanted.shape), wanted, rtol=1e-5, atol=1e-8, equal_nan=True
    )


@pytest.mark.parametrize("k", range(len(CASES)), ids=[case.node for case in CASES])
def test_what_a_line_says_is_what_torch_sent(k: int) -> None:
    for special in (None, SPECIAL[k % len(SPECIAL)]):
        for line in lines(CASES[k], special):
            check(line)
