"""Names for tensors come from a module, a mapping or pairs; anything else is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from autograd_vi.names import names_by_tensor


def test_names_come_from_a_module_a_mapping_or_pairs() -> None:
    model = nn.Linear(2, 1)
    expected = {id(model.weight): ("weight",), id(model.bias): ("bias",)}
    assert names_by_tensor(model) == expected
    assert names_by_tensor(dict(model.named_parameters())) == expected
    assert names_by_tensor(model.named_parameters()) == expected
    assert names_by_tensor(None) == {}


def test_a_tensor_keeps_all_its_names_in_order() -> None:
    x = torch.ones(2)
    assert names_by_tensor([("a", x), ("b", x)]) == {id(x): ("a", "b")}


@pytest.mark.parametrize(
    ("params", "what"),
    [
        (3, "params is a int"),
        ("x", "params is a str"),
        (torch.ones(2, 2), "params is a Tensor"),
        ([torch.ones(2, 2)], "params holds a Tensor without a name"),
        ([("x",)], "params holds a tuple without a name"),
        ([(0, torch.ones(2))], "params holds a tuple without a name"),
        ({"x": 3.0}, "params names 'x' a float"),
        (nn.Linear(2, 1).parameters(), "params holds a Parameter without a name"),
    ],
)
def test_anything_else_is_refused(params: Any, what: str) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match=f"{what}.*; give a module.*named_parameters"):
        names_by_tensor(params)
