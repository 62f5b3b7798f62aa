"""`trace` reads the graph that torch has, as plain data, whatever its size."""

from __future__ import annotations

import gc
import io
import pickle
import weakref
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from package.autograd_graphs import Both, leaf, outputs
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Edge, Graph, Node


def recursive_walk(roots: list[Any]) -> tuple[list[Any], list[tuple[int, int, int, int]]]:
    """Return nodes and edges by the definition: depth first, slots in order, ids at first meeting."""
    nodes: list[Any] = []
    edges: list[tuple[int, int, int, int]] = []

    def meet(node: Any) -> int:  # noqa: ANN401
        if node in nodes:
            return nodes.index(node)
        nodes.append(node)
        i = len(nodes) - 1
        for slot, (child, output_nr) in enumerate(node.next_functions):
            if child is not None:
                edges.append((i, meet(child), slot, output_nr))
        return i

    for root in roots:
        meet(root)
    return nodes, sorted(edges, key=lambda edge: (edge[0], edge[2]))


@settings(deadline=None, max_examples=150)
@given(outputs())
def test_random_graphs_are_read_as_an_independent_walk_reads_them(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    tensors, leaves = drawn
    edges_of_roots = [torch.autograd.graph.get_gradient_edge(t) for t in tensors]
    nodes, edges = recursive_walk([edge.node for edge in edges_of_roots])
    graph = av.trace(tensors, leaves)

    assert graph.edges == tuple(edges)
    assert graph.roots == tuple((nodes.index(e.node), e.output_nr) for e in edges_of_roots)
    assert [node.id for node in graph.nodes] == list(range(len(nodes)))
    for node, torch_node in zip(graph.nodes, nodes, strict=True):
        if hasattr(torch_node, "variable"):
            [name] = [n for n, x in leaves.items() if x is torch_node.variable]
            assert (node.kind, node.names, node.shapes) == ("leaf", (name,), ((2, 2),))
        else:
            custom = node.op == "Both"
            assert (torch_node.name() == "BothBackward") is custom
            assert (node.kind == "custom") is custom
            assert node.names == ()
            assert custom or node.op == torch_node.name().rsplit("::")[-1]
    for (i, output_nr), tensor in zip(graph.roots, tensors, strict=True):
        assert graph.nodes[i].shapes[output_nr] == tuple(tensor.shape)
        assert graph.nodes[i].dtypes[output_nr] == "float32"


@settings(deadline=None, max_examples=25)
@given(outputs())
def test_a_graph_reads_the_same_a_second_time_and_after_backward(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    tensors, leaves = drawn
    before = av.trace(tensors, leaves)
    assert av.trace(tensors, leaves) == before
    torch.autograd.backward(tensors, [torch.ones_like(t) for t in tensors])
    after = av.trace(tensors, leaves)
    assert after == before
    assert str(after) == str(before)


def test_the_nodes_of_an_expression_are_read() -> None:
    a, x, y = leaf(), leaf(), leaf()
    graph = av.trace(a * x**2 - y**2, {"a": a, "x": x, "y": y})
    assert [(node.op, node.name) for node in graph.nodes] == [
        ("SubBackward0", ""),
        ("MulBackward0", ""),
        ("AccumulateGrad", "a"),
        ("PowBackward0", ""),
        ("AccumulateGrad", "x"),
        ("PowBackward0", ""),
        ("AccumulateGrad", "y"),
    ]
    assert graph.edges == (
        Edge(0, 1, 0, 0),
        Edge(0, 5, 1, 0),
        Edge(1, 2, 0, 0),
        Edge(1, 3, 1, 0),
        Edge(3, 4, 0, 0),
        Edge(5, 6, 0, 0),
    )
    assert graph.roots == ((0, 0),)
    assert repr(graph) == "Graph(7 nodes, 6 edges)"


def test_both_edges_of_x_plus_x_are_kept() -> None:
    x = leaf(2)
    assert av.trace(x + x).edges == (Edge(0, 1, 0, 0), Edge(0, 1, 1, 0))


def test_a_leaf_is_a_graph_of_one_node() -> None:
    x = leaf(2, 3)
    graph = av.trace(x, {"x": x})
    assert graph.nodes == (
        Node(0, "AccumulateGrad", "leaf", ("x",), ((2, 3),), ("float32",), "cpu"),
    )
    assert graph.edges == ()
    assert graph.roots == ((0, 0),)


def test_a_leaf_is_read_in_inference_mode_too() -> None:
    x = leaf(2)
    with torch.inference_mode():
        assert av.trace(x).nodes[0].kind == "leaf"


def test_an_operation_with_several_outputs_is_one_node() -> None:
    first, second = leaf(3).split([1, 2])
    graph = av.trace([second * 2, first])
    assert [node.op for node in graph.nodes] == [
        "MulBackward0",
        "SplitWithSizesBackward0",
        "AccumulateGrad",
    ]
    assert graph.nodes[1].shapes == ((1,), (2,))
    assert graph.nodes[1].dtypes == ("float32", "float32")
    assert graph.edges[0] == Edge(0, 1, 0, 1)
    assert graph.roots == ((0, 0), (1, 0))


def test_an_input_that_needs_no_gradient_leaves_its_slot_empty() -> None:
    x, weight = torch.ones(4, 2), leaf(3, 2)
    graph = av.trace(nn.functional.linear(x, weight, leaf(3)))
    assert [edge.slot for edge in graph.edges if edge.source == 0] == [0, 2]


def test_a_custom_function_goes_by_its_own_name() -> None:
    first, _ = Both.apply(leaf(2), leaf(2))
    node = av.trace(first).nodes[0]
    assert (node.op, node.kind, node.shapes) == ("Both", "custom", ((2,), (2,)))


def test_writing_into_a_view_is_read() -> None:
    x, y = leaf(3), leaf(3) * 1.0
    y[1:].mul_(x[1:])
    graph = av.trace(y)
    assert graph.nodes[0].op == "CopySlices"
    assert {node.op for node in graph.nodes} > {"SliceBackward0", "AccumulateGrad"}


def test_all_names_of_a_tied_weight_are_kept() -> None:
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Linear(2, 2, bias=False))
    model[1].weight = model[0].weight
    graph = av.trace(model(torch.ones(1, 2)).sum(), model)
    assert [node.names for node in graph.nodes if node.names] == [("0.weight", "1.weight")]


def test_shape_dtype_and_device_are_those_of_the_forward_result() -> None:
    x = torch.ones(2, 3, dtype=torch.float64, requires_grad=True)
    node = av.trace(x.sum(0)).nodes[0]
    assert (node.shapes, node.dtypes, node.device) == (((3,),), ("float64",), "cpu")


@pytest.mark.filterwarnings("ignore:The PyTorch API of nested tensors:UserWarning")
@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_tensor_has_no_shape(layout: torch.layout) -> None:
    parts = [torch.rand(2, 2), torch.rand(3, 2)]
    nested = torch.nested.nested_tensor(parts, layout=layout, requires_grad=True)
    graph = av.trace(nested * 2)
    assert {node.shapes for node in graph.nodes} == {(None,)}
    assert "MulBackward0 ?" in str(graph)
    assert ">?</text>" in av.trace(nested * 2).to_svg()


def test_an_unread_graph_keeps_no_tensor_alive() -> None:
    x = leaf(3)
    alive = weakref.ref(x)
    graph = av.trace(x.exp())
    del x
    assert alive() is None
    assert graph.nodes[1].shapes == ((3,),)


def test_a_graph_does_not_change() -> None:
    graph = av.trace(leaf() * 2)
    for name in ("nodes", "edges", "roots", "other"):
        with pytest.raises(AttributeError):
            setattr(graph, name, ())
    with pytest.raises(AttributeError):
        graph.nodes[0].op = "other"  # type: ignore[misc]


def test_graphs_compare_hash_and_pickle_by_value() -> None:
    x = leaf()
    graph = av.trace(x * 2)
    assert graph == av.trace(x * 2)
    assert hash(graph) == hash(av.trace(x * 2))
    assert graph != av.trace(x + 2)
    assert pickle.loads(pickle.dumps(graph)) == graph  # noqa: S301 (made here)
    assert Graph(graph.nodes, graph.edges, graph.roots) == graph


def test_tracing_leaves_the_cycle_collector_as_it_was() -> None:
    assert gc.isenabled()
    av.trace(leaf() * 2)
    assert gc.isenabled()
    gc.disable()
    try:
        av.trace(leaf() * 2)
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_tracing_changes_no_gradient() -> None:
    x, y = leaf(3), leaf(3)
    (x.exp() * x).sum().backward()
    z = (y.exp() * y).sum()
    av.trace(z)
    z.backward()
    assert x.grad is not None
    assert y.grad is not None
    assert torch.equal(x.grad, y.grad)


def test_print_dag_prints_the_tree() -> None:
    x = leaf(2)
    out = io.StringIO()
    av.print_dag(x * x, {"x": x}, file=out)
    assert out.getvalue() == "MulBackward0 (2,)\n└─ AccumulateGrad x (2,) ×2\n"


def test_print_dag_prints_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    x = leaf(2)
    av.print_dag([x * 2, x], [("x", x)])
    assert capsys.readouterr().out == f"{av.trace([x * 2, x], {'x': x})}\n"


@pytest.mark.parametrize("output", [None, 3.0, "x", np.ones(2), iter([leaf()])])
def test_what_is_no_tensor_is_refused(output: Any) -> None:  # noqa: ANN401
    name = type(output).__name__
    with pytest.raises(TypeError, match=f"output is a {name}; give a tensor or a list of tensors"):
        av.trace(output)


@pytest.mark.parametrize("output", [[], ()])
def test_no_tensor_at_all_is_refused(output: Any) -> None:  # noqa: ANN401
    with pytest.raises(TypeError, match="give at least one tensor"):
        av.trace(output)


def test_a_tensor_that_nothing_tracks_is_refused_with_advice() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\).*from a tensor with requires_grad=True"):
        av.trace(torch.ones(2))
    with torch.no_grad():
        y = leaf(3) * 2
    with pytest.raises(
        ValueError, match=r"output\[1\] of shape \(3,\).*outside torch\.no_grad\(\)"
    ):
        av.print_dag([leaf(), y])
    with pytest.raises(ValueError, match=r"do not detach\(\) it"):
        av.trace(leaf(3).detach())
