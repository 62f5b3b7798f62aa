"""The picture: well-formed, escaped, the same bytes each time, kinds told apart by outline."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from package.random_programs import Program, programs
from package.render.graphs import chain, doublings, shared, stack_graph, toy, toy_graph, wide
from torch import nn

import autograd_vi as av
from autograd_vi.graph import Graph
from autograd_vi.render.folding import fold
from autograd_vi.render.kinds import KINDS
from autograd_vi.render.svg import draw, legend_glyph

SVG = "{http://www.w3.org/2000/svg}"


def _texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_has_a_role_a_title_and_a_description() -> None:
    root = ET.fromstring(toy_graph().to_svg())
    assert root.get("role") == "img"
    assert root.findtext(f"{SVG}title") == "Autograd graph with 7 nodes and 6 edges"
    assert root.findtext(f"{SVG}desc")


def test_names_and_operations_are_shown() -> None:
    texts = _texts(toy_graph().to_svg())
    assert {"SubBackward0", "MulBackward0", "PowBackward0", "a", "x", "y", "root"} <= set(texts)


def test_shapes_stand_on_the_edges() -> None:
    x = torch.ones(3, 2, requires_grad=True)
    texts = _texts(av.trace((x @ torch.ones(2, 5)).sum(), {"x": x}).to_svg())
    assert texts.count("(3, 5)") == 1
    assert texts.count("(3, 2)") == 1
    assert texts.count("()") == 1


NAMES = [
    "<script>alert(1)</script>",
    "a\"b'c",
    "x&y;&amp;",
    "]]>",
    "\x00\x1b\ufffe",
    "\ud800",
    "",
    "đạo hàm",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_text(name: str) -> None:
    x = torch.ones(2, requires_grad=True)
    graph = av.trace((x * 2).sum(), {name: x})
    root = ET.fromstring(graph.to_svg())
    assert not list(root.iter(f"{SVG}script"))
    ET.fromstring(f"<div>{graph._repr_html_()}</div>")
    assert "<script>alert" not in graph._repr_html_()


@given(st.text(max_size=80))
def test_any_name_gives_well_formed_markup(name: str) -> None:
    graph = toy_graph()
    nodes = tuple(node._replace(names=(name,)) if node.id == 2 else node for node in graph.nodes)
    renamed = Graph(nodes, graph.edges, graph.roots)
    ET.fromstring(renamed.to_svg())
    ET.fromstring(f"<div>{renamed._repr_html_()}</div>")


@settings(max_examples=40)
@given(programs())
def test_random_graphs_give_well_formed_pictures(program: Program) -> None:
    graph = av.trace(program.output)
    for unfold in ((), True):
        assert ET.fromstring(graph.to_svg(unfold)).tag == f"{SVG}svg"


@pytest.mark.parametrize("graph", [chain(100_000), shared(50_000), doublings(60), wide(50_000)])
def test_graphs_of_any_size_give_a_small_picture(graph: Graph) -> None:
    svg = graph.to_svg()
    ET.fromstring(svg)
    assert len(svg) < 50_000
    assert len(graph.to_dot()) < 20_000


_PROGRAM = """
import sys, torch
sys.path.insert(0, {folder!r})
from package.render.graphs import stack_graph, toy
import autograd_vi as av
torch.manual_seed(0)
output, params = toy()
print(av.trace(output, params)._repr_html_(), stack_graph(6).to_svg(True), stack_graph(6).to_dot())
print(av.replay(output, params=params)._repr_html_())
"""


def test_the_bytes_are_the_same_in_every_process() -> None:
    folder = str(Path(__file__).parents[2])  # the tests
    runs = [
        subprocess.run(
            [sys.executable, "-c", _PROGRAM.format(folder=folder)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert len(runs[0]) > 20_000
    assert runs[0] == runs[1]


def test_no_id_can_collide_when_several_pictures_share_a_page() -> None:
    html = toy_graph()._repr_html_() + av.replay(*toy()[:1])._repr_html_()
    assert not re.search(r"\sid=|url\(#|xlink|href=", html)


def test_kinds_differ_by_outline() -> None:
    kinds = KINDS.keys() - {"view"}  # an operation with a dashed line
    outlines = {re.sub(r'class="[^"]*"', "", legend_glyph(kind)) for kind in kinds}
    assert len(outlines) == len(kinds)


def test_a_document_carries_its_own_style_and_a_picture_in_a_page_does_not() -> None:
    graph = toy_graph()
    assert "<style>" in graph.to_svg()
    assert "<style>" not in graph._repr_html_().split("<!-- av:assets -->")[0]


def test_a_document_says_the_same_as_a_picture_in_a_page_but_has_no_keys_for_translators() -> None:
    graph = stack_graph(1)
    document = graph.to_svg()
    keyed = re.compile(r' data-av-(word|args)="[^"]*"')
    assert not keyed.search(document)
    body = document.partition("</style>\n")[2].strip()
    assert body == keyed.sub("", draw(graph, fold(graph))).partition("\n")[2]


def test_leaves_lose_the_prefix_of_the_module_around_them() -> None:
    texts = _texts(stack_graph(1).to_svg(True))
    assert "blocks.0" in texts
    assert "blocks.0.first" in texts
    assert texts.count("weight") == 4


def test_both_names_of_a_tied_weight_are_shown_everywhere() -> None:
    model = nn.ModuleDict({"emb": nn.Embedding(10, 4), "head": nn.Linear(4, 10, bias=False)})
    model["head"].weight = model["emb"].weight
    loss = model["head"](model["emb"](torch.arange(5)).tanh()).sum()
    names = "emb.weight = head.weight"
    graph = av.trace(loss, model)
    assert f">{names}<" in graph.to_svg()
    assert f'"{names}"' in graph.to_dot()
    assert names in str(graph)
    replay = av.replay(loss, model)
    assert names in str(replay)
    html = replay._repr_html_()
    assert f'leaf <span data-av-slot="name"><code>{names}</code>' in html
    assert (
        f'<th scope="row" role="rowheader" data-av-field=".grad"><code>{names}</code></th>' in html
    )
