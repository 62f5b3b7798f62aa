"""One table says all there is to say about a kind of box."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import autograd_vi
from autograd_vi.render.kinds import KINDS, css_class, word_key
from autograd_vi.render.words import WORDS

CSS = (Path(autograd_vi.__file__).parent / "render" / "graph.css").read_text(encoding="utf-8")

_NEW_KIND = """

def _diamond(x: int, y: int, size: Size) -> str:
    left, top, right, bottom = _sides(x, y, size)
    return f'<path d="M{x} {top}L{right} {y}L{x} {bottom}L{left} {y}z"/>'


KINDS["checkpoint"] = Kind("checkpoint: computed again", _diamond, "shape=diamond")
"""
_NEW_RULE = "\n.av-svg .av-checkpoint > path { stroke-dasharray: 9 2; }\n"
_PROGRAM = """
from autograd_vi.graph import Edge, Graph, Node
leaf = Node(1, "AccumulateGrad", "leaf", ("x",), ((),), ("float32",), "cpu")
node = Node(0, "CheckpointBackward", "checkpoint", (), ((),), ("float32",), "cpu")
graph = Graph([node, leaf], [Edge(0, 1, 0, 0)], [(0, 0)])
print(graph.to_svg(), graph.to_dot(), graph._repr_html_(), sep="\\n<!-- next -->\\n")
"""


def test_a_new_kind_is_an_entry_of_the_table_and_a_rule_of_the_style_sheet(tmp_path: Path) -> None:
    package = tmp_path / "autograd_vi"
    shutil.copytree(Path(autograd_vi.__file__).parent, package)
    with (package / "render" / "kinds.py").open("a", encoding="utf-8") as file:
        file.write(_NEW_KIND)
    with (package / "render" / "graph.css").open("a", encoding="utf-8") as file:
        file.write(_NEW_RULE)
    run = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    svg, dot, html = run.stdout.split("<!-- next -->")
    box = re.search(r'<g class="av-node av-checkpoint">(.*?)</g>', svg, re.DOTALL)
    assert box is not None
    assert re.search(r'<path d="M\d+ \d+L', box[1])
    assert "CheckpointBackward" in box[1]
    assert _NEW_RULE in svg
    assert '[label="CheckpointBackward" shape=diamond]' in dot
    key = html[html.index('<ul class="av-key"') :]
    assert 'class="av-node av-checkpoint"' in key
    assert 'data-av-word="kind.checkpoint">checkpoint: computed again<' in key


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_word_in_the_catalogues(kind: str) -> None:
    assert WORDS[word_key(kind)] == KINDS[kind].meaning


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "operation"])
def test_each_kind_but_the_plain_one_has_a_rule_of_its_own(kind: str) -> None:
    assert re.search(rf"\.{css_class(kind)}\b[^{{}}]*\{{[^{{}}]+\}}", CSS)
