"""The text of a large graph folds as its picture does."""

from __future__ import annotations

import re

import pytest
import torch
from package.render.graphs import chain, shared, stack_graph, wide
from torch import nn

import autograd_vi as av
from autograd_vi.graph import LONGEST_TEXT, Graph
from autograd_vi.render.folding import fold


def gru(steps: int) -> Graph:
    model = nn.GRU(3, 4)
    return av.trace(model(torch.randn(steps, 2, 3))[0].sum(), model)


def test_a_small_graph_is_printed_in_full() -> None:
    graph = stack_graph(3)
    assert len(graph.nodes) <= LONGEST_TEXT
    assert str(graph) == graph.text() == graph.text(unfold=True)


def test_a_large_graph_has_a_line_for_each_box_and_says_so() -> None:
    graph = gru(200)
    lines = str(graph).splitlines()
    assert len(lines) < 100
    assert lines[-1] == (
        f"folded: {len(graph.nodes):,} nodes; text(unfold=True) has a line for each"
    )
    labels = [box.label for box in fold(graph).walk() if box.kind in {"operation", "view"}]
    shown = [line for line in lines if "Backward0" in line and not re.search("[↑↓]", line)]
    assert len(shown) == len(labels)


def test_all_lines_are_there_on_demand() -> None:
    graph = gru(200)
    in_full = [line for line in graph.text(unfold=True).splitlines() if not re.search("[↑↓]", line)]
    assert len(in_full) == len(graph.nodes)


def test_the_inside_of_a_repeat_stands_below_with_what_it_takes_from_outside() -> None:
    graph = gru(200)
    _, inside, _ = str(graph).split("\n\n")
    assert inside.startswith("×199, one after the other; each: operations: 14, leaves: 0\nAddBack")
    assert "input from outside or from the copy before" in inside


def test_what_folds_is_counted() -> None:
    assert str(chain(1_000)).splitlines()[0] == "MulBackward0 ×1,000"
    assert "AddBackward0 ×1,000" in str(shared(1_000))
    assert "AccumulateGrad w1 … w1000 ×1,000 ×1000" in str(wide(1_000))


@pytest.mark.parametrize("unfold", [0, 1, "blocks", "blocks.3.**", ["blocks.1", "blocks.7"]])
def test_the_text_opens_what_the_picture_opens(unfold: object) -> None:
    graph = stack_graph(40)
    opened = [box for box in fold(graph, unfold).walk() if box.inside is not None]  # type: ignore[arg-type]
    sections = graph.text(unfold=unfold).split("\n\n")  # type: ignore[arg-type]
    assert len(sections) == 2 + len(opened)  # the whole graph, each opened box, the last line


def test_slots_are_told_where_inputs_change_places() -> None:
    x, w = (torch.ones(2, requires_grad=True) for _ in range(2))
    deep = x
    for k in range(LONGEST_TEXT):
        deep = deep.sin() if k % 2 else deep * w
    left, right = (str(av.trace(y, {"x": x, "w": w})) for y in (deep - w, w - deep))
    assert left != right


def test_memory_is_told_as_in_the_full_text() -> None:
    x = y = torch.ones(2, requires_grad=True)
    for _ in range(LONGEST_TEXT):
        y = y.sin()
    graph = av.trace(y, {"x": x}, saved=True)
    (line,) = [line for line in graph.text(unfold=True).splitlines() if line.startswith("saved:")]
    assert line in str(graph).splitlines()
