"""Places in a row are as near to the wanted ones as their distances allow."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.render.spacing import isotonic

NUMBERS = st.floats(-100, 100)


@st.composite
def _layers(draw: st.DrawFn) -> tuple[list[float], list[float], list[float], list[float]]:
    """Return where vertices want to be, how strongly, their distances, and other places that keep these."""
    n = draw(st.integers(1, 8))
    wanted = [draw(NUMBERS) for _ in range(n)]
    weights = [draw(st.sampled_from([0.05, 1.0, 8.0])) for _ in range(n)]
    gaps = [draw(st.floats(0, 30)) for _ in range(n - 1)]
    offsets = list(itertools.accumulate(gaps, initial=0.0))
    others = sorted(draw(NUMBERS) for _ in range(n))
    return wanted, weights, offsets, [x + offset for x, offset in zip(others, offsets, strict=True)]


def _away(xs: list[float], wanted: list[float], weights: list[float]) -> float:
    return sum(w * (x - at) ** 2 for x, at, w in zip(xs, wanted, weights, strict=True))


@given(_layers())
def test_distances_are_kept(
    layer: tuple[list[float], list[float], list[float], list[float]],
) -> None:
    wanted, weights, offsets, _ = layer
    xs = isotonic(wanted, weights, offsets)
    for (x1, o1), (x2, o2) in itertools.pairwise(zip(xs, offsets, strict=True)):
        assert x2 - x1 >= o2 - o1 - 1e-9


@given(_layers())
def test_no_other_places_are_nearer(
    layer: tuple[list[float], list[float], list[float], list[float]],
) -> None:
    wanted, weights, offsets, others = layer
    best = _away(isotonic(wanted, weights, offsets), wanted, weights)
    assert best <= _away(others, wanted, weights) + 1e-6
