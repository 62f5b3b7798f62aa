"""Names for tensors come from a module, a mapping or pairs; anything else is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

import autograd_vi as av
from autograd_vi.names import Names, Params


def names_by_tensor(params: Params | None) -> dict[int, tuple[str, ...]]:
    return Names(params).by_id


def test_names_come_from_a_module_a_mapping_or_pairs() -> None:
    model = nn.Linear(2, 1)
    expected = {id(model.weight): ("weight",), id(model.bias): ("bias",)}
    assert names_by_tensor(model) == expected
    assert names_by_tensor(dict(model.named_parameters())) == expected
    assert names_by_tensor(model.named_parameters()) == expected
    assert names_by_tensor(None) == {}


def test_only_a_module_tells_what_its_modules_are() -> None:
    model = nn.Linear(2, 1)
    assert Names(model).module_kinds == {"": "Linear()"}
    assert Names(dict(model.named_parameters())).module_kinds == {}
    assert Names(None).module_kinds == {}


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


def test_a_result_is_named_by_what_computed_it_and_its_number() -> None:
    x = torch.ones(2, requires_grad=True)
    h = x * 2
    first, second = h.split(1)
    graph = av.trace(
        first * second, {"x": x, "h": h, "first": first, "b": second, "second": second}
    )
    split = next(node for node in graph.nodes if node.op == "SplitBackward0")
    assert split.names == ("first", "b", "second")
    assert graph.names_of(split.id, 0) == ("first",)
    assert graph.names_of(split.id, 1) == ("b", "second")
    assert [node.names for node in graph.nodes if node.op == "MulBackward0"] == [(), ("h",)]


def test_a_result_that_was_written_into_is_named_at_its_last_operation() -> None:
    x = torch.ones(2, requires_grad=True)
    h = x * 2
    h.add_(1)
    graph = av.trace(h.sum(), {"h": h})
    assert [node.op for node in graph.nodes if node.names == ("h",)] == ["AddBackward0"]


def test_the_names_of_a_generators_tensors_are_not_taken_for_those_of_others() -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.warns(UserWarning, match="nothing in the graph"):
        graph = av.trace(x * 2, ((str(k), torch.ones(2, requires_grad=True)) for k in range(50)))
    assert [node.names for node in graph.nodes] == [(), ()]


@pytest.mark.parametrize("give", [nn.Module.state_dict, lambda model: model.state_dict().items()])
def test_copies_match_nothing_and_that_is_said(give: Any) -> None:  # noqa: ANN401
    model = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    output = model(torch.rand(3, 2)).sum()
    told = r"'0\.weight', '0\.bias', '1\.weight' and 4 more.*state_dict\(\) gives copies"
    for look in (av.trace, av.replay):
        with pytest.warns(UserWarning, match=told) as caught:
            look(output, give(model))
        assert caught[0].filename == __file__


@pytest.mark.filterwarnings("error")
def test_frozen_and_unused_parameters_are_no_reason_for_a_warning() -> None:
    model = nn.ModuleDict({name: nn.Linear(2, 2) for name in ("a", "b", "frozen")})
    model["frozen"].requires_grad_(requires_grad=False)
    output = model["frozen"](model["a"](torch.ones(1, 2))).sum()
    assert [bool(node.names) for node in av.trace(output, model).nodes if node.kind == "leaf"]
    av.trace(output, dict(model.named_parameters()))
    other = torch.ones(2, requires_grad=True)
    av.trace(output, [*model.named_parameters(), ("other", other)])
    av.trace(output, {"a": dict(model.named_parameters())["a.weight"], "target": torch.zeros(2)})
    av.trace(output)
    av.trace(output, {})
