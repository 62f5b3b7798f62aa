"""The seeds of a script are those that it sets, read without running it."""

from __future__ import annotations

import pytest

from facts.seeds import seeds_of


@pytest.mark.parametrize(
    ("source", "seeds"),
    [
        ("g = av.seed_everything(10)", (10,)),
        ("seed_everything(0)\nseed_everything(seed=3)\nseed_everything(0)", (0, 3)),
        ("for _ in range(2):\n    g = av.seed_everything(7)", (7,)),
        ("print('seed_everything(5)')", ()),
    ],
)
def test_each_seed_counts_once_in_its_order(source: str, seeds: tuple[int, ...]) -> None:
    assert seeds_of(source) == seeds


@pytest.mark.parametrize(
    "call", ["seed_everything(n)", "seed_everything()", "seed_everything(1.5)"]
)
def test_a_seed_that_a_page_could_not_say_is_refused(call: str) -> None:
    with pytest.raises(ValueError, match=r"line 2: .* must be given one whole number"):
        seeds_of(f"import autograd_vi as av\nav.{call}")
