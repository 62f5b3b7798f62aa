"""A picture that runs to the right: nothing overlaps, every arrow runs right, labels lie in the picture."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from typing import NamedTuple

import pytest
import torch
from hypothesis import given, settings
from package.random_programs import Program, programs
from package.render.graphs import Stack, chain, doublings, stack_graph, toy, toy_graph, wide

import autograd_vi as av
from autograd_vi.graph import Graph
from autograd_vi.render.direction import mirrored_path
from autograd_vi.render.folding import fold
from autograd_vi.render.lettering import SMALL, SMALL_LINE, text_width
from autograd_vi.render.stepper import replay_html
from autograd_vi.render.svg import draw

SVG = "{http://www.w3.org/2000/svg}"
GRAPHS = {
    "toy": toy_graph(),
    "stack": stack_graph(3),
    "chain": chain(12),
    "doublings": doublings(4),
    "wide": wide(9),
}
graphs = pytest.mark.parametrize("name", GRAPHS)


class Rectangle(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom

    def is_in(self, other: Rectangle) -> bool:
        across = other.left <= self.left and self.right <= other.right
        return across and other.top <= self.top and self.bottom <= other.bottom


def _right(graph: Graph) -> ET.Element:
    return ET.fromstring(draw(graph, fold(graph, unfold=True), direction="right"))


def _numbers(text: str) -> list[float]:
    return list(map(float, re.findall(r"-?[\d.]+", text)))


def _box(group: ET.Element) -> Rectangle:
    """Return the room of a box, read off its text: the outline has many forms."""
    if (rect := group.find(f"{SVG}rect")) is not None:
        x, y, width, height = (float(rect.get(a) or 0) for a in ("x", "y", "width", "height"))
        return Rectangle(x, y, x + width, y + height)
    path = group.find(f"{SVG}path")
    assert path is not None
    # The pointed box of a root: M left top H right V lower L middle point L left lower z
    left, top, right, _, _, bottom, *_ = _numbers(path.get("d") or "")
    return Rectangle(left, top, right, bottom)


def _labels(svg: ET.Element) -> list[Rectangle]:
    found = []
    for group in svg.iter(f"{SVG}g"):
        if group.get("class") == "av-edge" and (texts := group.findall(f"{SVG}text")):
            x, y = float(texts[0].get("x") or 0), float(texts[0].get("y") or 0)
            width = max(text_width(text.text or "") for text in texts) * SMALL
            found.append(Rectangle(x, y - 10, x + width, y + 2 + SMALL_LINE * (len(texts) - 1)))
    return found


def _boxes(svg: ET.Element, *, frames: bool) -> list[Rectangle]:
    groups = [g for g in svg.iter(f"{SVG}g") if "av-node" in (g.get("class") or "")]
    return [_box(g) for g in groups if ("av-frame" in (g.get("class") or "")) == frames]


def _assert_clear(svg: ET.Element) -> None:
    boxes, labels, frames = _boxes(svg, frames=False), _labels(svg), _boxes(svg, frames=True)
    for a, b in itertools.combinations(boxes, 2):
        assert not a.overlaps(b)
    for label, box in itertools.product(labels, boxes):
        assert not label.overlaps(box)
    for a, b in itertools.combinations(labels, 2):
        assert not a.overlaps(b)
    for frame, box in itertools.product(frames, boxes):
        assert box.is_in(frame) or not box.overlaps(frame)
    for a, b in itertools.combinations(frames, 2):
        assert a.is_in(b) or b.is_in(a) or not a.overlaps(b)
    _, _, width, height = _numbers(svg.get("viewBox") or "")
    for part in [*boxes, *labels, *frames]:
        assert part.is_in(Rectangle(0, 0, width, height))


@graphs
def test_boxes_labels_and_frames_lie_apart(name: str) -> None:
    _assert_clear(_right(GRAPHS[name]))


@settings(max_examples=40, deadline=None)
@given(programs(most=25))
def test_boxes_and_labels_of_random_graphs_lie_apart(program: Program) -> None:
    _assert_clear(_right(av.trace(program.output)))


@graphs
def test_every_line_runs_to_the_right(name: str) -> None:
    svg = _right(GRAPHS[name])
    lines = [g for g in svg.iter(f"{SVG}g") if g.get("class") == "av-edge"]
    assert lines
    for line in lines:
        path = line.findall(f"{SVG}path")[0].get("d") or ""
        ends = [
            _numbers(part)[-1 if part[0] == "H" else -2]
            for part in re.findall("[MHC][^MHC]*", path)
        ]
        assert ends == sorted(ends)
        assert ends[0] < ends[-1]
        arrows = [p.get("d") or "" for p in line.findall(f"{SVG}path")[1:]]
        assert all(arrow.endswith("l-8-4v8z") for arrow in arrows)


def test_boxes_stand_from_the_root_on_to_the_right() -> None:
    texts = {t.text: float(t.get("x") or 0) for t in _right(toy_graph()).iter(f"{SVG}text")}
    assert texts["root"] < texts["SubBackward0"] < texts["MulBackward0"] < texts["a"]


def test_a_picture_to_the_right_says_so_and_one_downwards_is_the_default() -> None:
    graph = toy_graph()
    assert "the gradient runs to the right" in graph.to_svg(direction="right")
    assert graph.to_svg(direction="down") == graph.to_svg()
    assert graph.to_dot(direction="down") == graph.to_dot()
    assert "rankdir=LR;" in graph.to_dot(direction="right")
    assert "rankdir" not in graph.to_dot()


def test_a_replay_lights_the_same_steps_in_both_directions() -> None:
    model = Stack(1)
    with av.record_modules(model):
        output = model(torch.ones(2, 3)).sum()
    replay = av.replay(output, model)
    at = re.compile(r'data-av-at="[^"]*"')
    down, right = replay_html(replay), replay_html(replay, "right")
    assert sorted(at.findall(down)) == sorted(at.findall(right))
    assert replay._repr_html_() == down


@pytest.mark.parametrize("wrong", ["up", "LR", "", None])
def test_another_direction_is_refused(wrong: str) -> None:
    graph = toy_graph()
    for picture in (graph.to_svg, graph.to_dot):
        with pytest.raises(ValueError, match=r"^direction is .*; give 'down' or 'right'$"):
            picture(direction=wrong)  # type: ignore[arg-type]


def test_a_path_is_mirrored_command_by_command() -> None:
    assert mirrored_path("M1 2V9") == "M2 1H9"
    assert mirrored_path("M1 2C1 3.5 -4 5 6 7V8") == "M2 1C3.5 1 5 -4 7 6H8"


def test_the_toy_example_is_wide_and_low_to_the_right() -> None:
    output, params = toy()
    _, _, width, height = _numbers(_right(av.trace(output, params)).get("viewBox") or "")
    assert width > 3 * height
