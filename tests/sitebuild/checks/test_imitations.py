"""An imitation changes what it says, while it lasts."""

from collections.abc import Callable

import pytest
import torch

import autograd_vi
from sitebuild.checks.imitations import IMITATIONS, imitating

STATE: dict[str, Callable[[], object]] = {
    "no_onednn": lambda: torch.backends.mkldnn.enabled,
    "four_threads": torch.get_num_threads,
    "seed_1": lambda: autograd_vi.seed_everything(0).initial_seed(),
    "seed_14": lambda: autograd_vi.seed_everything(0).initial_seed(),
    "cuda": lambda: str(autograd_vi.pick_device()),
    "mps": lambda: str(autograd_vi.pick_device()),
    "linear_in_one_node": lambda: type(torch.nn.Linear(1, 1)(torch.ones(1, 1)).grad_fn).__name__,
}
"""What to look at; that the noise is noise, other tests say."""


@pytest.mark.parametrize("name", STATE)
def test_an_imitation_ends_with_its_block(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUTOGRAD_VI_DEVICE", "cpu")
    look = STATE[name]
    before = look()
    with imitating((name,)):
        during = look()
    assert look() == before != during


def test_each_imitation_is_looked_at_here_or_adds_noise() -> None:
    assert set(IMITATIONS) - set(STATE) == {"rounding_noise", "tf32_convolutions"}
