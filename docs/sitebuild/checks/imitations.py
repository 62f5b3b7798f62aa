"""What turns this machine into another one while a page runs: context managers by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from unittest import mock

import torch

import autograd_vi
from sitebuild.checks.accelerator import accelerator
from sitebuild.checks.linear_node import linear_in_one_node
from sitebuild.checks.rounding_noise import RoundingNoise, Tf32Convolutions


@contextmanager
def no_onednn() -> Iterator[None]:
    """Compute without oneDNN."""
    torch.backends.mkldnn.set_flags(False)
    try:
        yield
    finally:
        torch.backends.mkldnn.set_flags(True)


@contextmanager
def threads(number: int) -> Iterator[None]:
    """Compute with so many threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextmanager
def other_seeds(by: int) -> Iterator[None]:
    """Let each seed that a page sets be larger by so much, and the one that it starts with too."""
    seed_everything = autograd_vi.seed_everything
    torch.manual_seed(torch.initial_seed() + by)
    with mock.patch.object(autograd_vi, "seed_everything", lambda seed: seed_everything(seed + by)):
        yield


IMITATIONS: dict[str, Callable[[], AbstractContextManager[object]]] = {
    "no_onednn": no_onednn,
    "four_threads": partial(threads, 4),
    "rounding_noise": RoundingNoise,
    "tf32_convolutions": Tf32Convolutions,
    "linear_in_one_node": linear_in_one_node,
    "cuda": partial(accelerator, "cuda:0"),
    "mps": partial(accelerator, "mps:0", float64=False),
    "seed_1": partial(other_seeds, 1),
    "seed_14": partial(other_seeds, 14),
}


@contextmanager
def imitating(names: tuple[str, ...]) -> Iterator[None]:
    """Do all that ``names`` stand for, until the block ends."""
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(IMITATIONS[name]())
        yield
