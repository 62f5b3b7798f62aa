"""What operations keep for the backward pass stands in picture and stepper, where somebody asked."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import torch
from package.render.graphs import Stack

import autograd_vi as av

SVG = "{http://www.w3.org/2000/svg}"


def _product() -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    a, b = (torch.full((64, 64), 0.5, requires_grad=True) for _ in range(2))
    return ((a @ b).exp() * a).sum(), {"a": a, "b": b}


def _lines(svg: str) -> dict[str, str]:
    """Return the small line of each box that has one, by the box's name."""
    found = {}
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        written = group.findall(f"{SVG}text")
        texts = [t.text or "" for t in written if "av-sign" not in (t.get("class") or "")]
        if texts and texts[-1].startswith("keeps"):
            found[texts[0]] = texts[-1]
    return found


def test_a_box_says_what_its_operation_keeps() -> None:
    output, params = _product()
    svg = av.trace(output, params, saved=True).to_svg()
    assert _lines(svg) == {
        "MulBackward0": "keeps 2 × (64, 64) float32, 32.8 kB",
        "ExpBackward0": "keeps (64, 64) float32, 16.4 kB",
        "MmBackward0": "keeps 2 × (64, 64) float32, 32.8 kB",
    }
    assert "keeps result (64, 64) float32 16.4 kB</title>" in svg


def test_a_folded_module_says_how_much_it_keeps_in_all() -> None:
    model = Stack(12)
    with av.record_modules(model):
        output = model(torch.ones(2, 3)).sum()
    graph = av.trace(output, model, saved=True)
    lines = _lines(graph.to_svg(unfold="blocks"))
    assert lines["blocks.3"] == f"keeps {graph.saved_bytes('blocks.3')} B"


def test_the_line_fits_into_its_box_and_the_picture_grows() -> None:
    output, params = _product()
    svg = ET.fromstring(av.trace(output, params, saved=True).to_svg())
    for group in svg.iter(f"{SVG}g"):
        texts, rect = group.findall(f"{SVG}text"), group.find(f"{SVG}rect")
        if rect is not None and texts and (texts[-1].text or "").startswith("keeps"):
            top, height = float(rect.get("y") or 0), float(rect.get("height") or 0)
            assert float(rect.get("width") or 0) > 7.3 * len(texts[-1].text or "")
            assert top + 12 <= float(texts[0].get("y") or 0)
            assert float(texts[-1].get("y") or 0) <= top + height - 4


def test_a_step_tells_what_it_lets_go_of_and_what_that_frees() -> None:
    output, params = _product()
    html = av.replay(output, params, saved=True)._repr_html_()
    told = re.findall(r'data-av-word="step.frees">(.*?)</p>', html)
    plain = [re.sub("<[^>]*>", "", text) for text in told]
    size = "(64, 64) float32 16.4 kB"
    assert plain == [
        f"lets go of other {size}; self {size}; memory that this frees: 0 B",  # others hold both
        f"lets go of result {size}; memory that this frees: 16.4 kB",
        f"lets go of mat2 {size}; self {size}; memory that this frees: 32.8 kB",
    ]


def test_a_retained_graph_lets_go_of_nothing() -> None:
    output, params = _product()
    html = av.replay(output, params, saved=True, retain_graph=True)._repr_html_()
    assert "step.frees" not in html
    assert "step.held" in html


def test_where_nobody_asked_nothing_is_said() -> None:
    output, params = _product()
    graph = av.trace(output, params)
    assert "keeps" not in graph.to_svg() + graph._repr_html_()
    assert "step.frees" not in av.replay(output, params)._repr_html_()
