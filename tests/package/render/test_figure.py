"""What stands below a picture: the key, what it folds and its text, each folded until it is pressed."""

import xml.etree.ElementTree as ET

import pytest
import torch
from package.render.graphs import toy
from torch import nn

import autograd_vi as av
from autograd_vi.render.words import strip_assets


def foot(shown: av.Graph | av.Replay) -> list[ET.Element]:
    figure = ET.fromstring(f"<div>{strip_assets(shown._repr_html_())}</div>")
    found = figure.find(".//div[@class='av-foot']")
    assert found is not None
    return [*found]


@pytest.mark.parametrize("make", [av.trace, av.replay])
def test_all_that_stands_below_a_picture_is_folded(make: type) -> None:
    output, params = toy()
    parts = foot(make(output, params))
    details = [part for part in parts if part.tag == "details"]
    assert [part.get("class") for part in details] == ["av-legend", "av-text"]
    assert not any(part.get("open") for part in details)


def wide(leaves: int) -> torch.Tensor:
    return torch.cat([torch.ones(k + 1, requires_grad=True) for k in range(leaves)])


def high(operations: int) -> torch.Tensor:
    y = torch.ones(2, requires_grad=True)
    for name in ("mul", "add", "sub", "div", "maximum", "atan2", "hypot")[:operations]:
        y = getattr(torch, name)(y, torch.ones(2, requires_grad=True))
    return y


@pytest.mark.parametrize(
    ("output", "offer"),
    [
        (wide(2), []),
        (wide(4), ["av-whole av-fits"]),  # cut on a phone alone
        (wide(6), ["av-whole"]),
        (high(7), ["av-whole"]),
    ],
)
def test_the_whole_picture_is_offered_where_some_screen_cuts_it(
    output: torch.Tensor, offer: list[str]
) -> None:
    labels = [part for part in foot(av.trace(output)) if part.tag == "label"]
    assert [label.get("class") for label in labels] == offer


def test_a_stepper_has_the_offer_hidden_for_its_script_to_show() -> None:
    (offer,) = [
        part for part in foot(av.replay(nn.Linear(2, 1)(torch.ones(2)))) if part.tag == "label"
    ]
    assert offer.get("hidden") == "hidden"
