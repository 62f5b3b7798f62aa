"""One entry of a formula with indices, worked out on a line."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 (torch's own documents call it F)
from package.render import test_number_lines
from package.render.test_rule_lines import leaf, told
from package.rules.rule_cases import CASES, TENSORS_ARE_SHOWN

import autograd_vi as av
from autograd_vi.render import entry_lines
from autograd_vi.rules.table import RULES
from autograd_vi.rules.terms import Number

pytestmark = pytest.mark.skipif(
    not TENSORS_ARE_SHOWN, reason="this torch shows saved tensors only unpacked"
)


def line(result: torch.Tensor, op: str, gradient: object, **names: torch.Tensor) -> str:
    """Return the line of the first input of an operation."""
    replay = av.replay([result], gradient=[torch.tensor(gradient)], params=names)
    return told(replay, op).split(" | ")[1]


def test_a_sum_and_a_mean_along_an_axis_say_from_which_result_the_gradient_comes() -> None:
    x = leaf([[1.0, 2.0, 4.0], [0.0, -1.0, 3.0]])
    assert line(x.sum(0), "SumBackward1", [1.0, 5.0, 2.0], x=x) == "gx[0,1]=g[1] =5"
    assert line(x.mean(1), "MeanBackward1", [1.0, -6.0], x=x) == "gx[1,0]=g[1]/3 =−6/3 =−2"
    assert line(x.mean(), "MeanBackward0", 3.0, x=x) == "gx[0,0]=g/6 =3/6 =0.5"


def test_softmax_shows_the_weighted_sum_that_is_subtracted() -> None:
    x = torch.tensor([3.0, 1.0]).log().requires_grad_()
    assert (
        line(x.softmax(0), "SoftmaxBackward0", [1.0, 0.0], x=x)
        == "gx[0]=0.75·(1−(1·0.75+0·0.25)) =0.1875"
    )
    assert (
        line(x.log_softmax(0), "LogSoftmaxBackward0", [1.0, 0.0], x=x)
        == "gx[0]=g[0]−e−0.2877·(g[0]+g[1]) =1−e−0.2877·(1+0) =0.25"
    )


def test_a_long_sum_is_shown_as_what_it_comes_to_and_a_lone_one_by_its_ends() -> None:
    x = torch.zeros(8, requires_grad=True)
    softmax = line(x.softmax(0), "SoftmaxBackward0", [1.0] + [0.0] * 7, x=x)
    assert softmax == "gx[0]=0.125·(1−0.125) =0.1094"
    b = leaf([1.0])
    expanded = line(b.expand(9, 1), "ExpandBackward0", [[float(k)] for k in range(9)], b=b)
    assert expanded == "gb[0]=0+1+…+8 =36"


def test_what_was_picked_says_where_it_went() -> None:
    x = leaf([[1.0, 2.0], [4.0, 3.0]])
    assert line(x[1], "SelectBackward0", [1.0, 2.0], x=x) == "gx[1,1]=g[1] =2"
    assert line(x[:, 1:], "SliceBackward0", [[1.0], [2.0]], x=x) == "gx[1,1]=g[1,0] =2"
    assert (
        line(x[torch.tensor([0, 0])], "IndexBackward0", [[1.0, 2.0], [3.0, 4.0]], x=x)
        == "gx[0,1]=g[0,1]+g[1,1] =2+4 =6"
    )
    assert line(x.max(1).values, "MaxBackward0", [1.0, 2.0], x=x) == "gx[1,0]=g[1] =2"
    assert line(leaf([5.0, 5.0]).amax(0), "AmaxBackward0", 3.0) == "gξ[0]=g/2 =3/2 =1.5"


def test_convolution_shows_each_product_of_the_entry() -> None:
    x = leaf([[[1.0, 2.0, 4.0]]])
    w = leaf([[[0.5, -1.0]]])
    replay = av.replay(
        [F.conv1d(x, w)], gradient=[torch.tensor([[[1.0, 3.0]]])], params={"x": x, "w": w}
    )
    text = told(replay, "ConvolutionBackward0")
    assert "gw[0,0,1]=g[0,0,0]·2+g[0,0,1]·4 =1·2+3·4 =14" in text
    assert "gx[0,0,2]=−g[0,0,1] =−3" in text


def test_of_several_results_the_line_says_which_gradient_it_means() -> None:
    x = leaf([[1.0, 2.0], [4.0, 3.0]])
    top, bottom = x.unbind(0)
    replay = av.replay(top.sum() + 3 * bottom.sum(), params={"x": x})
    assert "gx[1,0]=g1[0] =3" in told(replay, "UnbindBackward0")


def test_almost_equal_entries_give_the_first_of_them() -> None:
    x = leaf([1.0, 1.0])
    assert line(x.cumsum(0), "CumsumBackward0", [1e-9, 1.0], x=x).startswith("gx[0]=")


def test_no_line_says_what_its_digits_deny() -> None:
    x = leaf([0.0, 0.0])
    text = told(
        av.replay([x.softmax(0)], gradient=[torch.tensor([1.00001, 1.0])], params={"x": x}),
        "SoftmaxBackward0",
    )
    assert "gx[" not in text  # 0.5·(1−(1·0.5+1·0.5)) is not 2.5e-06


def test_a_line_that_torch_contradicts_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    x = leaf([[1.0, 2.0]])
    monkeypatch.setattr(entry_lines, "terms", lambda _: Number(7.0))
    assert "gx[" not in told(av.replay(x.sum(0).sum(), params={"x": x}), "SumBackward1")


def test_what_is_too_large_to_be_kept_has_no_line() -> None:
    x = torch.ones(1, 65, requires_grad=True)
    assert "gx[" not in told(av.replay(x.sum(0).sum(), params={"x": x}), "SumBackward1")


def test_a_replay_that_is_shown_in_inference_mode_has_the_same_lines() -> None:
    first = {case.node: case for case in reversed(CASES) if case.node != "AccumulateGrad"}
    for node, case in first.items():
        operands = [x.clone().requires_grad_() for x in case.operands]
        result = case.function(*operands)
        results = list(result) if isinstance(result, list) else [result]
        replay = av.replay(results, gradient=[torch.ones_like(r) for r in results])
        usual = told(replay, node)
        with torch.inference_mode():
            assert told(replay, node) == usual


def test_every_rule_with_an_index_has_a_line_in_some_case() -> None:
    lacking = {id(rule): rule for rule in RULES if any(leaving.index for leaving in rule.leaving)}
    for case in CASES:
        if case.node in {rule.node for rule in lacking.values()}:
            for found in test_number_lines.lines(case):
                lacking.pop(found.rule, None)
    assert [rule.node for rule in lacking.values()] == []
