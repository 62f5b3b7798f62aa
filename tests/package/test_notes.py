"""Notes tell of each node what torch tells, and the columns say the same as the nodes."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from package.autograd_graphs import leaf, outputs
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Graph, columns_of
from autograd_vi.notes import is_view, op_and_kind, plain_shape


@settings(deadline=None, max_examples=50)
@given(outputs())
def test_the_columns_say_what_the_nodes_say_before_these_are_made_and_after(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    graph = av.trace(*drawn)
    before = columns_of(graph)
    for i, node in enumerate(graph.nodes):
        plain = tuple(map(plain_shape, before.shapes[i]))
        said = (before.ops[i], before.kinds[i], before.names[i], plain, before.sources[i])
        assert said == (node.op, node.kind, node.names, node.shapes, node.source)
    after = columns_of(Graph(graph.nodes, graph.edges, graph.roots))
    assert after.shapes == [node.shapes for node in graph.nodes]
    assert after._replace(shapes=before.shapes, edges=before.edges) == before
    assert list(map(tuple, after.edges)) == before.edges
    assert after.roots == graph.roots


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_has_no_shape_in_the_columns_either(layout: torch.layout) -> None:
    parts = [torch.rand(2, 2), torch.rand(3, 2)]
    nested = torch.nested.nested_tensor(parts, layout=layout, requires_grad=True)
    assert set(columns_of(av.trace(nested * 2)).shapes) == {(None,)}


def test_the_columns_have_the_names_and_the_source_lines() -> None:
    model = nn.Linear(2, 1)
    with av.record_sources():
        output = model(torch.ones(1, 2))
    found = columns_of(av.trace(output, model))
    assert ("weight",) in found.names
    line = found.sources[0]
    assert line is not None
    assert "model(torch.ones(1, 2))" in line.text


@pytest.mark.parametrize(
    ("shape", "plain"), [([2, 3], (2, 3)), (torch.Size([2]), (2,)), ([], ()), (None, None)]
)
def test_a_plain_shape_is_a_tuple_of_numbers(
    shape: list[int] | None, plain: tuple[int, ...] | None
) -> None:
    found = plain_shape(shape)
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("torch::autograd::CppNode<(anonymous namespace)::Twice>", ("Twice", "custom")),
        ("torch::autograd::NoPythonClass", ("NoPythonClass", "operation")),
    ],
)
def test_functions_written_in_cpp_go_by_their_own_name(
    name: str, expected: tuple[str, str]
) -> None:
    stand_in = type("CppFunction", (), {"name": lambda _: name})()
    assert op_and_kind(stand_in) == expected


def test_views_are_told_from_operations() -> None:
    x = leaf(4, 4)
    views = [
        *(x.t(), x[0], x[:, 1:], x.view(16), x.reshape(2, 8), x.expand(2, 4, 4), x.unbind()[0]),
        *(x.diagonal(), x.permute(1, 0), x.unsqueeze(0), x.split(2)[0], x.unfold(0, 2, 1)),
    ]
    assert [av.trace(view).nodes[0].kind for view in views] == ["view"] * len(views)
    others = [x + 1, x.clone(), x.sum(), x.relu(), x @ x, x.repeat(1, 2), x.mul(2).add_(1)]
    assert [av.trace(other).nodes[0].kind for other in others] == ["operation"] * len(others)


def test_a_name_that_torch_has_no_schema_for_is_no_view() -> None:
    assert not is_view("CopySlices")
    assert not is_view("NoSuchThingBackward0")
