"""Columns tell of each node what torch tells, and the same as the nodes."""

from __future__ import annotations

import gc

import pytest
import torch
from hypothesis import given, settings
from package.autograd_graphs import outputs
from package.test_sources import needs_hook
from torch import nn

import autograd_vi as av
from autograd_vi.columns import columns_of, plain_shape
from autograd_vi.graph import Graph


@settings(deadline=None, max_examples=50)
@given(outputs())
def test_the_columns_say_what_the_nodes_say_before_these_are_made_and_after(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    graph = av.trace(*drawn)
    before = columns_of(graph)
    for i, node in enumerate(graph.nodes):
        row = (before.ops[i], before.kinds[i], before.names[i], before.shapes(i), before.sources[i])
        assert row == (node.op, node.kind, node.names, node.shapes, node.source)
        assert [str(dtype) for dtype in before.dtypes(i)] == [f"torch.{d}" for d in node.dtypes]
        assert str(before.device(i)) == node.device
    after = columns_of(Graph(graph.nodes, graph.edges, graph.roots))
    for name in ("ops", "kinds", "names", "sources"):
        assert getattr(after, name) == getattr(before, name)
    ids = range(len(graph.nodes))
    assert list(map(after.shapes, ids)) == list(map(before.shapes, ids))
    assert list(map(after.dtypes, ids)) == [node.dtypes for node in graph.nodes]
    assert list(map(after.device, ids)) == [node.device for node in graph.nodes]
    assert list(map(tuple, after.edges)) == before.edges == list(map(tuple, graph.edges))
    assert after.roots == before.roots == graph.roots


def test_what_torch_told_of_a_node_stays_when_torch_s_graph_is_gone() -> None:
    leaf = torch.ones(4, 2, dtype=torch.float64, requires_grad=True)
    output = torch.stack(leaf.unbind()).sum()
    graph = av.trace(output)
    del output, leaf
    gc.collect()
    assert [(node.shapes, node.dtypes, node.device) for node in graph.nodes] == [
        (((),), ("float64",), "cpu"),
        (((4, 2),), ("float64",), "cpu"),
        (((2,),) * 4, ("float64",) * 4, "cpu"),
        (((4, 2),), ("float64",), "cpu"),
    ]


def test_a_graph_keeps_its_columns_or_its_nodes_and_is_the_same_either_way() -> None:
    x = torch.ones(2, requires_grad=True)
    output = (x * x).sum()
    drawn_first, read_first = av.trace(output, {"x": x}), av.trace(output, {"x": x})
    picture = drawn_first.to_svg()
    assert drawn_first._nodes_and_edges is None  # nobody has asked for them
    assert read_first.nodes == drawn_first.nodes
    assert read_first._columns is None  # so a graph that was read takes no more room than its nodes
    assert read_first.to_svg() == picture
    assert read_first == drawn_first


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_has_no_shape_in_the_columns_either(layout: torch.layout) -> None:
    parts = [torch.rand(2, 2), torch.rand(3, 2)]
    nested = torch.nested.nested_tensor(parts, layout=layout, requires_grad=True)
    columns = columns_of(av.trace(nested * 2))
    assert set(map(columns.shapes, range(len(columns.ops)))) == {(None,)}


@needs_hook
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
