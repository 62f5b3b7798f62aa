"""A label stands beside its line, and clear of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from autograd_vi.render.line_labels import LABEL_GAP, LabelledLine, label_shift, pull_labels
from autograd_vi.render.lines import Curve
from autograd_vi.render.sizes import BEND, Size

TEXT = 6  # from a label's axis to its text, in pixels


@given(st.floats(-300, 300), st.floats(0, 1), st.integers(1, 2))
def test_a_slanting_line_does_not_cross_its_label(width: float, part: float, lines: int) -> None:
    label = Size(4, 60, 14 * lines + 4)
    curve, y = Curve(0, 0, width, 44), 22.0
    right, down = label_shift(curve, y, label)
    height = y + down + (part - 0.5) * 14 * lines
    assert curve.at(height) < curve.at(y) + right + TEXT


def test_beside_a_straight_line_a_label_stays() -> None:
    assert label_shift(Curve(5, 0, 5, 44), 22, Size(4, 60, 18)) == (0, 0)


def test_a_label_goes_to_its_line_as_far_as_a_line_beside_it_leaves_room() -> None:
    label, xs = Size(4, 70, 18), [10, 100]
    # The label's line passes at 60, and the label would reach to 130 there.
    pull_labels(
        {0: LabelledLine(Curve(110, 0, 10, 100), True, 5, 4)}, [[0, 1]], [50], [label, BEND], xs
    )
    assert xs[1] == 100
    assert xs[0] + label.right + 5 + LABEL_GAP == 100 - BEND.left
