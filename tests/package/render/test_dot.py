"""The text for Graphviz."""

from __future__ import annotations

import re

from package.render.graphs import stack_graph, toy_graph

from autograd_vi.render.dot import quote


def test_nodes_and_edges_of_a_small_graph() -> None:
    dot = toy_graph().to_dot()
    assert dot.startswith("digraph autograd {")
    assert dot.count("[label=") == 8 + 7  # boxes with the root, and lines
    assert dot.count("->") == 7


def test_unfolded_modules_are_clusters_and_every_end_exists() -> None:
    dot = stack_graph(2).to_dot(True)
    assert dot.count("subgraph cluster_") == 9
    assert dot.count("{") == dot.count("}")
    declared = set(re.findall(r"^\s*(\w+) \[", dot, re.MULTILINE))
    ends = set(re.findall(r"(\w+) -> (\w+)", dot))
    assert {name for pair in ends for name in pair} <= declared


def test_labels_are_quoted() -> None:
    assert quote('a"b\\n\nc') == '"a\\"b\\\\n\\nc"'
