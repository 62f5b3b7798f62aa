"""Every line runs downwards through layers."""

from __future__ import annotations

import pytest

from autograd_vi.render.layers import longest_paths, put_in_layers
from autograd_vi.render.sizes import BEND, Size


def test_a_line_has_a_vertex_in_each_layer_that_it_passes_and_its_label_right_above_its_target() -> (
    None
):
    label = Size(4, 30, 18)
    layers, sizes, chains = put_in_layers(
        [Size(5, 5, 10)] * 3, [(0, 1), (1, 2), (0, 2)], [label] * 3, None
    )
    assert layers[:3] == [0, 2, 4]
    assert [layers[v] for v in chains[2]] == [0, 1, 2, 3, 4]
    assert [sizes[v] for v in chains[2][1:-1]] == [BEND, BEND, label]


def test_a_cycle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        longest_paths(2, [(0, 1), (1, 0)])
