"""The device: the best one, or the one that is asked for, or a clear error."""

from typing import Any

import pytest
import torch

from autograd_vi import pick_device
from autograd_vi.device import VARIABLE


@pytest.fixture(autouse=True)
def _no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def machine(
    monkeypatch: pytest.MonkeyPatch, cuda: int = 0, xpu: int = 0, mps: bool = False
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.xpu, "is_available", lambda: xpu > 0)
    monkeypatch.setattr(torch.xpu, "device_count", lambda: xpu)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("has", "picked"),
    [
        ({"cuda": 2, "xpu": 1, "mps": True}, "cuda"),
        ({"xpu": 1, "mps": True}, "xpu"),
        ({"mps": True}, "mps"),
        ({}, "cpu"),
    ],
)
def test_the_best_device_is_picked(
    has: dict[str, Any], picked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch, **has)
    assert pick_device() == torch.device(picked)


def test_the_environment_variable_overrides(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, cuda=2)
    monkeypatch.setenv(VARIABLE, " cuda:1 ")
    assert pick_device() == torch.device("cuda:1")
    monkeypatch.setenv(VARIABLE, "cpu")
    assert pick_device() == torch.device("cpu")


def test_an_empty_environment_variable_is_no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, cuda=1)
    monkeypatch.setenv(VARIABLE, "")
    assert pick_device() == torch.device("cuda")


def test_the_argument_beats_the_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch, cuda=1)
    monkeypatch.setenv(VARIABLE, "cuda")
    assert pick_device("cpu") == torch.device("cpu")
    assert pick_device(torch.device("cuda:0")) == torch.device("cuda:0")


@pytest.mark.parametrize("name", ["gpu", "", "cuda:x", "3"])
def test_a_name_that_is_no_device_is_refused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    machine(monkeypatch)
    with pytest.raises(ValueError, match=rf"'{name}'.*this machine has cpu\. Choose one"):
        pick_device(name)


@pytest.mark.parametrize("name", ["cuda", "mps", "xpu:0", "meta", "cpu:1"])
def test_a_device_that_this_machine_lacks_is_refused(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch)
    with pytest.raises(ValueError, match=f"'{name}' does not exist here; this machine has cpu"):
        pick_device(name)


def test_an_index_that_is_too_large_is_refused_and_the_allowed_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    machine(monkeypatch, cuda=2)
    with pytest.raises(ValueError, match=r"'cuda:7' does not exist.*cuda:0 … cuda:1, cpu"):
        pick_device("cuda:7")


@pytest.mark.parametrize("value", ["nonsense", "cuda:7"])
def test_an_error_that_comes_from_the_environment_variable_names_it(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(monkeypatch)
    monkeypatch.setenv(VARIABLE, value)
    with pytest.raises(
        ValueError, match=rf"'{value}' \(from the environment variable {VARIABLE}\)"
    ):
        pick_device()


def test_a_tensor_can_be_made_on_the_picked_device() -> None:
    assert torch.ones(2, device=pick_device()).sum().item() == 2
