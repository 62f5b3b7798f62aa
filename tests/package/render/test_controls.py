"""The controls of a stepper: buttons, and a track or a slider that leads to each step."""

import re
from collections.abc import Callable

import pytest
import torch

import autograd_vi as av
from autograd_vi.render.controls import TRACK, bar_html, station_name


def chain(steps: int) -> av.Replay:
    """Return a replay of this many steps."""
    y = x = torch.tensor(1.0, requires_grad=True)
    for _ in range(steps - 1):
        y = y * 2
    replay = av.replay(y, params={"x": x})
    assert len(replay.steps) == steps
    return replay


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: torch.Tensor) -> torch.Tensor:
        del ctx
        return 2 * x

    @staticmethod
    def backward(ctx: object, *grads: torch.Tensor) -> torch.Tensor:
        del ctx
        return 2 * grads[0]


@pytest.mark.parametrize(
    ("make", "names"),
    [
        (lambda x: (x.exp() - 1).sum(), ["Sum", "Sub", "Exp", "w"]),
        (lambda x: Twice.apply(x).sum(), ["Sum", "Twice", "w"]),
    ],
)
def test_a_station_has_the_name_of_its_leaf_or_of_its_operation(
    make: Callable[[torch.Tensor], torch.Tensor], names: list[str]
) -> None:
    w = torch.ones(2, requires_grad=True)
    replay = av.replay(make(w), params={"w": w})
    assert [station_name(step.node) for step in replay.steps] == names


def test_a_leaf_without_a_name_is_called_by_its_node() -> None:
    x = torch.ones((), requires_grad=True)
    assert station_name(av.replay(x * 1).steps[-1].node) == "AccumulateGrad"


@pytest.mark.parametrize(("steps", "track"), [(TRACK, True), (TRACK + 1, False)])
def test_a_short_story_has_a_button_for_each_step_and_a_long_one_a_slider_alone(
    steps: int, track: bool
) -> None:
    html = bar_html(chain(steps).steps, {})
    stations = re.findall(r'data-av-go="(\d+)"', html)
    assert stations == ([str(k) for k in range(1, steps + 1)] if track else [])
    assert f'max="{steps}"' in html


def test_a_button_leads_to_the_first_number_that_is_none() -> None:
    html = bar_html(chain(3).steps, {"inf": 1, "nan": 2})
    leaps = re.findall(r'class="av-leap" data-av-go="(\d)">.*?"step.to_(\w+)"', html)
    assert leaps == [("1", "inf"), ("2", "nan")]
