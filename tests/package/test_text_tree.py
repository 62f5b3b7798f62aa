"""The text tree shows every node once and every edge, in lines that stay short."""

from __future__ import annotations

import re
from textwrap import dedent

import torch
from hypothesis import given, settings
from package.autograd_graphs import leaf, outputs
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Edge, Graph, Node, SourceLine
from autograd_vi.text_tree import LEVELS


def text(tree: str) -> str:
    return dedent(tree).strip("\n")


def test_inputs_stand_below_their_operation_in_the_order_of_slots() -> None:
    a, x, y = leaf(), leaf(), leaf(3)
    graph = av.trace(a * x**2 - y**2, {"a": a, "x": x, "y": y})
    assert str(graph) == text("""
        SubBackward0 (3,)
        ├─ MulBackward0 ()
        │  ├─ AccumulateGrad a ()
        │  └─ PowBackward0 ()
        │     └─ AccumulateGrad x ()
        └─ PowBackward0 (3,)
           └─ AccumulateGrad y (3,)
        """)


def test_a_shared_node_is_printed_once_and_then_referred_to() -> None:
    x, w = leaf(2), leaf(2)
    y = x * w
    assert str(av.trace(y.exp() + y.sin() * w, {"x": x, "w": w})) == text("""
        AddBackward0 (2,)
        ├─ ExpBackward0 (2,)
        │  └─ MulBackward0 #1 (2,)
        │     ├─ AccumulateGrad x (2,)
        │     └─ AccumulateGrad w (2,)
        └─ MulBackward0 (2,)
           ├─ SinBackward0 (2,)
           │  └─ ↑ MulBackward0 #1
           └─ ↑ AccumulateGrad w
        """)


def test_leaves_without_a_name_are_numbered() -> None:
    x, w = leaf(2), leaf(3, 1)
    assert str(av.trace(x * w + x)) == text("""
        AddBackward0 (3, 2)
        ├─ MulBackward0 (3, 2)
        │  ├─ AccumulateGrad #1 (2,)
        │  └─ AccumulateGrad #2 (3, 1)
        └─ ↑ AccumulateGrad #1
        """)


def test_two_leaves_with_one_name_are_told_apart() -> None:
    pairs = [("x", leaf()), ("x", leaf())]
    assert str(av.trace(pairs[0][1] + pairs[1][1], pairs)) == text("""
        AddBackward0 ()
        ├─ AccumulateGrad x #1 ()
        └─ AccumulateGrad x #2 ()
        """)


def test_all_names_of_a_tied_weight_are_printed() -> None:
    w = leaf()
    assert "AccumulateGrad encoder = decoder ()" in str(
        av.trace(w * 2, [("encoder", w), ("decoder", w)])
    )


def test_a_value_that_fills_slots_in_a_row_is_counted() -> None:
    x = leaf()
    y = x * 2
    assert str(av.trace(torch.stack([y, y, y, x]), {"x": x})) == text("""
        StackBackward0 (4,)
        ├─ MulBackward0 () ×3
        │  └─ AccumulateGrad x ()
        └─ ↑ AccumulateGrad x
        """)


def test_the_output_number_of_a_node_with_several_outputs_is_printed() -> None:
    x = leaf(3)
    first, second = x.split([1, 2])
    assert str(av.trace(second.sum() * first, {"x": x})) == text("""
        MulBackward0 (1,)
        ├─ SumBackward0 ()
        │  └─ SplitWithSizesBackward0[1] #1 (2,)
        │     └─ AccumulateGrad x (3,)
        └─ ↑ SplitWithSizesBackward0[0] #1
        """)


def test_each_root_has_its_tree() -> None:
    x = leaf()
    y = x * 2
    assert str(av.trace([y, y + 1, y, x], {"x": x})) == text("""
        MulBackward0 #1 ()
        └─ AccumulateGrad x ()
        AddBackward0 ()
        └─ ↑ MulBackward0 #1
        ↑ MulBackward0 #1
        ↑ AccumulateGrad x
        """)


def test_a_recorded_source_line_is_printed() -> None:
    node = Node(
        *(0, "Square", "custom", (), ((2,),), ("float32",), "cpu"),
        source=SourceLine("page.py", 7, "y = square(x)"),
    )
    assert str(Graph([node], [], [(0, 0)])) == "Square (2,)  # page.py:7: y = square(x)"


def test_a_name_stays_on_its_line() -> None:
    x = leaf()
    assert str(av.trace(x, {"one\ntwo\x1b": x})) == r"AccumulateGrad one\ntwo\x1b ()"


def test_a_long_chain_runs_straight_down() -> None:
    x = leaf()
    y = x
    for _ in range(LEVELS):
        y = y * 2
    assert str(av.trace(y, {"x": x})) == "\n".join(
        ["MulBackward0 ()"] * LEVELS + ["AccumulateGrad x ()"]
    )


def test_beside_a_long_chain_stand_the_small_inputs_and_what_follows_below() -> None:
    x, w = leaf(), leaf()
    for_reference = y = x.exp()
    for _ in range(LEVELS):
        y = y * w
    tree = str(av.trace([y + for_reference, x], {"x": x, "w": w})).splitlines()
    assert tree[:5] == [
        "AddBackward0 ()",
        "├─ [1] ↓ ExpBackward0 #1",
        "[0] MulBackward0 ()",
        "├─ [1] AccumulateGrad w ()",
        "[0] MulBackward0 ()",
    ]
    assert tree[5] == "├─ [1] ↑ AccumulateGrad w"
    assert tree[-4:] == [
        *("[0] ExpBackward0 #1 ()", "AccumulateGrad x ()", "", "↑ AccumulateGrad x"),
    ]


def deep(x: torch.Tensor) -> torch.Tensor:
    for _ in range(LEVELS):
        x = x.sin()
    return x


def test_a_minus_b_and_b_minus_a_read_differently_also_below_a_long_chain() -> None:
    x, w = leaf(), leaf()
    names = {"x": x, "w": w}
    x_first, w_first = (str(av.trace(y, names)).splitlines() for y in (deep(x) - w, w - deep(x)))
    assert x_first[:3] == ["SubBackward0 ()", "├─ [1] AccumulateGrad w ()", "[0] SinBackward0 ()"]
    assert w_first[:3] == ["SubBackward0 ()", "├─ AccumulateGrad w ()", "SinBackward0 ()"]


def test_slots_of_which_one_is_not_tracked_are_counted_as_torch_counts_them() -> None:
    x, w, b = leaf(2, 2), leaf(2, 2), leaf(2)
    tree = str(av.trace(torch.addcmul(deep(x), w, torch.ones(2, 2)) + b, {"w": w, "b": b}))
    assert tree.splitlines()[:5] == [
        "AddBackward0 (2, 2)",
        "├─ [1] AccumulateGrad b (2,)",
        "[0] AddcmulBackward0 (2, 2)",
        "├─ [1] AccumulateGrad w (2, 2)",
        "[0] SinBackward0 (2, 2)",
    ]


def _moved(edge: Edge, others: dict[int, tuple[int, int]]) -> tuple[int, int, int]:
    target, output_nr = others[edge.slot]
    return target, edge.slot, output_nr


@settings(deadline=None, max_examples=50)
@given(outputs())
def test_no_two_graphs_have_one_text_because_inputs_changed_places(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    graph = av.trace([deep(tensor) * 1.0 for tensor in drawn[0]], drawn[1])
    slots: dict[int, list[tuple[int, int, int]]] = {}
    for edge in graph.edges:
        slots.setdefault(edge.source, []).append((edge.slot, edge.target, edge.output_nr))
    for source, found in slots.items():
        first, last = found[0], found[-1]
        if first[1:] == last[1:]:
            continue
        others = {first[0]: last[1:], last[0]: first[1:]}
        swapped = [
            Edge(e.source, *_moved(e, others)) if e.source == source and e.slot in others else e
            for e in graph.edges
        ]
        assert str(Graph(graph.nodes, swapped, graph.roots)) != str(graph)


def test_a_named_result_is_printed_and_referred_to_by_its_name() -> None:
    x = leaf(2)
    h = x * 2
    first, second = h.split(1)
    tree = str(av.trace(first * second + h.sum(), {"x": x, "h": h, "second": second}))
    assert tree == text("""
        AddBackward0 (1,)
        ├─ MulBackward0 (1,)
        │  ├─ SplitBackward0[0] #1 (1,)
        │  │  └─ MulBackward0 h (2,)
        │  │     └─ AccumulateGrad x (2,)
        │  └─ ↑ SplitBackward0[1] second #1
        └─ SumBackward0 ()
           └─ ↑ MulBackward0 h
        """)


def test_sixty_doublings_take_sixty_lines() -> None:
    x = leaf()
    y = x * 1.0
    for _ in range(60):
        y = y + y
    lines = str(av.trace(y, {"x": x})).splitlines()
    assert lines == [
        "AddBackward0 ()",
        *["AddBackward0 () ×2"] * 59,
        "MulBackward0 () ×2",
        "AccumulateGrad x ()",
    ]


def test_a_residual_network_is_read_downwards_without_growing_to_the_right() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.linear = nn.Linear(2, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            added: torch.Tensor = self.linear(x).relu()
            return x + added

    model = nn.Sequential(*[Block() for _ in range(50)])
    tree = av.trace(model(torch.ones(1, 2)).sum(), model).text(unfold=True)
    assert max(map(len, tree.splitlines())) < 60


def test_a_deep_tree_of_two_branches_is_indented_by_its_logarithm() -> None:
    values = [leaf() for _ in range(2**10)]
    while len(values) > 1:
        values = [(a + b) * 1.0 for a, b in zip(values[::2], values[1::2], strict=True)]
    lines = av.trace(values[0]).text(unfold=True).splitlines()
    assert len(lines) == 2**10 + 2 * (2**10 - 1)
    assert max(line.count("│") for line in lines) <= 10


def test_the_tree_of_a_comb_of_100000_teeth_is_linear() -> None:
    x = leaf()
    y = x
    for _ in range(100_000):
        y = y * x
    tree = av.trace(y, {"x": x}).text(unfold=True)
    assert tree.count("\n") == 200_000 - 1
    assert len(tree) < 5_000_000


@settings(deadline=None, max_examples=100)
@given(outputs())
def test_every_node_is_printed_once_and_every_edge_is_there(
    drawn: tuple[list[torch.Tensor], dict[str, torch.Tensor]],
) -> None:
    tensors, leaves = drawn
    graph = av.trace(tensors, leaves)
    lines = [line for line in str(graph).splitlines() if line]
    in_full = [line for line in lines if "↑" not in line and "↓" not in line]
    assert len(in_full) == len(graph.nodes)
    ops = sorted(
        re.sub(r"^[│├└─ ]*(\[\d+\] )?", "", line).split(" ")[0].split("[")[0] for line in in_full
    )
    assert ops == sorted(node.op for node in graph.nodes)
    times = [int(found[1]) if (found := re.search(r" ×(\d+)", line)) else 1 for line in lines]
    assert sum(times) == len(graph.edges) + len(graph.roots)


def test_ids_need_not_be_in_the_order_of_a_walk() -> None:
    leaf_node = Node(0, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
    square = Node(1, "PowBackward0", "operation", (), ((),), ("float32",), "cpu")
    graph = Graph([leaf_node, square], [Edge(1, 0, 0, 0)], [(1, 0)])
    assert str(graph) == "PowBackward0 ()\n└─ AccumulateGrad x ()"
