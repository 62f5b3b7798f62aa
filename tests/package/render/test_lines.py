"""A curve is what a browser draws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.render.lines import Curve


@given(st.floats(0, 1), st.floats(-200, 200))
def test_a_curve_tells_where_it_has_a_height(t: float, width: float) -> None:
    # Bézier's curve whose inner control points are in the middle of the way, vertical at both ends.
    x = width * (3 * (1 - t) * t**2 + t**3)
    y = 100 * (1.5 * (1 - t) ** 2 * t + 1.5 * (1 - t) * t**2 + t**3)
    assert Curve(0, 10, width, 110).at(10 + y) == pytest.approx(x, abs=1e-6)


def test_a_curve_goes_on_straight_above_and_below() -> None:
    curve = Curve(3, 10, 7, 20)
    assert (curve.at(5), curve.at(25)) == (3, 7)
