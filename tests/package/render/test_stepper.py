"""The stepper as HTML: the whole story without the script."""

from __future__ import annotations

import gzip
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
import torch
from hypothesis import given, settings
from package.random_programs import Program, programs
from package.render.graphs import Stack, toy
from torch import nn

import autograd_vi as av
from autograd_vi.render.figure import script_text
from autograd_vi.render.words import strip_assets

SVG = "{http://www.w3.org/2000/svg}"


def _html(replay: av.Replay) -> ET.Element:
    return ET.fromstring(f"<div>{strip_assets(replay._repr_html_())}</div>")


def _text(element: ET.Element) -> str:
    return " ".join("".join(element.itertext()).split())


@pytest.fixture
def story() -> list[ET.Element]:
    output, params = toy()
    return _html(av.replay(output, params=params)).findall(".//li[@class='av-step']")


def test_the_story_has_a_start_and_one_entry_per_step(story: list[ET.Element]) -> None:
    assert [li.get("value") for li in story] == [str(k) for k in range(8)]
    assert "starts at SubBackward0 with 1." in _text(story[0])


@pytest.mark.skipif(
    not hasattr(torch._C._autograd.SavedTensor, "data"),
    reason="this torch shows saved tensors only unpacked",
)
def test_a_step_tells_what_enters_the_rule_and_what_leaves(story: list[ET.Element]) -> None:
    product = story[4]
    assert "MulBackward0" in _text(product)
    assert "enters: 1" in _text(product)
    assert "leaves towards leaf a: 9" in _text(product)
    assert "leaves towards PowBackward0: 2" in _text(product)
    assert "rule: from ρ=a·ψ followsga=g·ψ =1·9 =9gψ=g·a =1·2 =2" in _text(product)


def test_a_leaf_tells_what_its_grad_becomes(story: list[ET.Element]) -> None:
    assert "x.grad changes from None to 12" in _text(story[7])


def test_the_table_holds_what_was_there_and_what_is_there_now() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    x.grad = torch.tensor([0.5, 0.5])
    rows = _html(av.replay((x * 2).sum(), params={"x": x})).findall(".//tbody/tr")
    assert [_text(row) for row in rows] == ["x[0.5, 0.5][2.5, 2.5]"]


def test_a_large_gradient_is_told_by_shape_norm_and_range() -> None:
    x = torch.ones(50, 2, requires_grad=True)
    story = _html(av.replay((x * 3).sum(), params={"x": x})).findall(".//li[@class='av-step']")
    assert "enters: shape (50, 2), norm 30, from 3 to 3" in _text(story[-1])


def test_the_gradients_stand_in_the_picture() -> None:
    output, params = toy()
    html = _html(av.replay(output, params=params))
    values = [
        _text(text)
        for text in html.iter("{http://www.w3.org/2000/svg}text")
        if "av-value" in (text.get("class") or "").split()
    ]
    assert sorted(values) == sorted(
        ["1", "1", "-1", "9", "2", "-8", "12", ".grad = 9", ".grad = -8", ".grad = 12"]
    )


def test_what_is_lit_follows_the_engine() -> None:
    output, params = toy()
    html = _html(av.replay(output, params=params))
    at = {
        _text(text): g.get("data-av-at")
        for g in html.iter("{http://www.w3.org/2000/svg}g")
        if (g.get("class") or "").startswith("av-node") and g.get("data-av-at")
        for text in g.iter("{http://www.w3.org/2000/svg}text")
    }
    assert at["SubBackward0"] == "1"
    assert at["MulBackward0"] == "4"
    assert (at["y"], at["a"], at["x"]) == ("3", "5", "7")


def test_a_long_story_is_cut_in_the_middle() -> None:
    x = torch.tensor(1.0, requires_grad=True)
    y = x
    for _ in range(5_000):
        y = y * 1
    replay = av.replay(y)
    html = replay._repr_html_()
    assert len(html) < 250_000
    assert "Steps not shown here" in html
    assert re.search(r'<g class="av-node av-run" data-av-at="1-5000">', html)


@settings(max_examples=30)
@given(programs())
def test_random_programs_give_well_formed_html(program: Program) -> None:
    replay = av.replay(program.output)
    assert len(_html(replay).findall(".//li[@class='av-step']")) == len(replay.steps) + 1


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e-30, -0.0, 1 + 2j])
def test_any_number_can_be_shown(value: complex) -> None:
    x = torch.tensor([value], requires_grad=True)
    av.replay([x * value], gradient=[torch.ones_like(x)])._repr_html_()


def _recorded_replay(model: nn.Module) -> av.Replay:
    with av.record_modules(model):
        output = model(torch.ones(2, 3)).sum()
    return av.replay(output, params=model)


class Unequal(nn.Module):
    """Blocks of which no two are equal, and each of which is worth folding."""

    def __init__(self) -> None:
        super().__init__()
        widths = [4, 5, 6, 7, 8, 9, 10]
        self.blocks = nn.Sequential(
            *[
                nn.Sequential(nn.Linear(a, b), nn.ReLU(), nn.Linear(b, b))
                for a, b in pairwise([3, *widths])
            ]
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.blocks(x)
        return result


def test_folded_modules_unfold_below_the_picture() -> None:
    html = _html(_recorded_replay(Unequal()))
    summaries = [_text(details.find("summary")) for details in html.iter("details")]  # type: ignore[arg-type]
    assert [s for s in summaries if s.startswith("Unfold")] == [
        f"Unfold blocks.{i}" for i in reversed(range(7))
    ]


def test_an_unfolded_module_shows_where_gradients_enter_and_leave_it() -> None:
    replay = _recorded_replay(Unequal())
    details = next(d for d in _html(replay).iter("details") if d.get("class") == "av-unfold")
    svg = details.find(".//{http://www.w3.org/2000/svg}svg")
    assert svg is not None
    title = svg.findtext("{http://www.w3.org/2000/svg}title") or ""
    assert title.startswith("blocks.6; operations: 5, leaves: 4")
    texts = [_text(text) for text in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert "ReluBackward0" in texts
    assert "root" not in texts


def test_a_step_in_a_repeat_lights_its_box_and_says_which_copy_it_is() -> None:
    replay = _recorded_replay(Stack(12))
    html = _html(replay)
    frame = next(g for g in html.iter(f"{SVG}g") if "av-repeat" in (g.get("class") or ""))
    for k, step in enumerate(replay.steps, 1):
        row = next(li for li in html.iter("li") if li.get("value") == str(k))
        told = re.search(r"number (\d+) of 12 equal ones, blocks\.0 … blocks\.11", _text(row))
        inside = step.node.name.startswith("blocks.")
        assert _is_lit(frame, k) or not inside
        assert told or not inside
        if told and inside:
            assert step.node.name.startswith(f"blocks.{int(told[1]) - 1}.")


def _is_lit(element: ET.Element, step: int) -> bool:
    ranges = [part.split("-") for part in (element.get("data-av-at") or "").split()]
    return any(int(ends[0]) <= step <= int(ends[-1]) for ends in ranges)


def test_the_script_is_small_and_may_stand_in_xml() -> None:
    script = script_text("stepper.js")
    assert len(gzip.compress(script.encode())) <= 8_000
    assert not set("<&") & set(script)


def test_both_names_of_a_tied_weight_are_told_everywhere() -> None:
    w = torch.ones(2, requires_grad=True)
    replay = av.replay((w * 2).sum(), params=[("emb.weight", w), ("head.weight", w)])
    html = _html(replay)
    (row,) = html.findall(".//tbody/tr")
    assert _text(row).startswith("emb.weight = head.weight")
    story = " ".join(map(_text, html.findall(".//li[@class='av-step']")))
    assert "leaves towards leaf emb.weight = head.weight" in story
    assert "AccumulateGrad · emb.weight = head.weight" in story
    labels = [_text(text) for text in html.iter("{http://www.w3.org/2000/svg}text")]
    assert any("emb.weight" in label and "head.weight" in label for label in labels)


def test_a_named_result_and_named_roots_are_told_in_the_picture() -> None:
    x = torch.ones(2, requires_grad=True)
    h = x * 2
    html = _html(
        av.replay(
            {"loss": h.sum(), "hidden": h}, {"h": h}, {"loss": torch.ones(()), "hidden": h * 0}
        )
    )
    labels = [_text(text) for text in html.iter("{http://www.w3.org/2000/svg}text")]
    assert "MulBackward0 h" in labels
    assert {"loss", "hidden"} <= set(labels)


def test_memory_is_told_after_each_step_if_it_was_recorded() -> None:
    x = torch.ones(1000, requires_grad=True)
    story = _html(av.replay(x.exp().sum(), saved=True)).findall(".//li[@class='av-step']")
    assert [re.findall(r"after this step: (.*)", _text(li)) for li in story] == [
        *([], ["4 kB"], ["0 B"], ["0 B"]),
    ]


def test_where_the_pass_failed_is_told_after_the_last_step() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x.exp()
    z = y.sum()
    y.add_(1)
    with pytest.raises(RuntimeError) as caught:
        av.replay(z)
    last = _html(caught.value.replay).findall(".//li[@class='av-step']")[-1]  # type: ignore[attr-defined]
    assert _text(last) == "The backward pass failed in ExpBackward0."
