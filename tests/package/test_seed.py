"""The seed reaches every source of random numbers."""

import random

import numpy as np
import pytest
import torch

from autograd_vi import seed_everything


def draw() -> tuple[float, float, list[float]]:
    return random.random(), float(np.random.rand()), torch.rand(3).tolist()


def test_the_same_seed_gives_the_same_numbers_everywhere() -> None:
    seed_everything(3)
    first = draw()
    draw()
    seed_everything(3)
    assert draw() == first


def test_another_seed_gives_other_numbers_everywhere() -> None:
    seed_everything(3)
    first = draw()
    seed_everything(4)
    assert all(a != b for a, b in zip(first, draw(), strict=True))


def test_the_generator_lives_on_the_cpu_and_has_the_seed() -> None:
    g = seed_everything(7)
    assert g.device == torch.device("cpu")
    assert g.initial_seed() == 7
    torch.testing.assert_close(
        torch.rand(4, generator=g), torch.rand(4, generator=torch.Generator().manual_seed(7))
    )


def test_the_generator_is_apart_from_the_global_one() -> None:
    g = seed_everything(7)
    torch.rand(100)
    expected = torch.rand(4, generator=torch.Generator().manual_seed(7))
    assert torch.equal(torch.rand(4, generator=g), expected)


def test_all_devices_are_seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds: list[int] = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeds.append)
    seed_everything(5)
    assert seeds == [5]


@pytest.mark.parametrize("seed", [0, 2**32 - 1, np.int64(5)])
def test_integers_of_every_kind_are_seeds(seed: int) -> None:
    assert seed_everything(seed).initial_seed() == seed


@pytest.mark.parametrize("seed", [1.0, "1", None, True, np.True_, [1]])
def test_what_is_no_integer_is_refused(seed: object) -> None:
    with pytest.raises(TypeError, match="allowed are the integers from 0 to 4294967295"):
        seed_everything(seed)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("seed", [-1, 2**32])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match=f"seed is {seed}; allowed are the integers from 0"):
        seed_everything(seed)


def test_a_refused_seed_changes_nothing() -> None:
    seed_everything(3)
    first = draw()
    seed_everything(3)
    with pytest.raises(ValueError, match="seed is -1"):
        seed_everything(-1)
    assert draw() == first
