"""A picture calls a result by the caller's own name for it, where that is known."""

from __future__ import annotations

import gc
import pickle
import re
import weakref

import pytest
import torch

import autograd_vi as av

SCRIPT = """
import torch
import autograd_vi as av
x = torch.tensor(3.0, requires_grad=True)
_hidden = q = x * x
total = q + 1
{traced}
"""


def run(traced: str) -> av.Graph:
    """Run a script whose last line makes the graph ``g``."""
    variables: dict[str, object] = {}
    exec(SCRIPT.format(traced=f"g = {traced}"), variables)  # noqa: S102  # as a notebook runs a cell
    graph = variables["g"]
    graph = graph.graph if isinstance(graph, av.Replay) else graph
    assert isinstance(graph, av.Graph)
    return graph


def roots(graph: av.Graph) -> list[str]:
    """Return what stands in the boxes of the roots, in a picture."""
    boxes = re.findall(r'<g class="av-node av-root">.*?</g>', graph.to_svg(), re.DOTALL)
    return [text for box in boxes for text in re.findall(r"<text[^>]*>(.*?)</text>", box)]


@pytest.mark.parametrize(
    ("traced", "shown"),
    [
        ("av.trace(total)", ["total"]),
        ("av.replay(total)", ["total"]),
        ("av.trace(q)", ["q"]),  # not the first of its names, which nobody gave
        ("av.trace([total, q])", ["total", "q"]),
        ("av.trace({'loss': total})", ["loss"]),
        ("av.trace(total, {'x': x, 'L': total})", ["L"]),
        ("av.trace(total * 2)", ["root"]),
        ("av.trace([total * 2, q])", ["root 1", "q"]),
        ("av.trace(x)", ["root"]),  # a leaf shows its own name
    ],
)
def test_the_box_of_a_root_has_the_name_that_is_known(traced: str, shown: list[str]) -> None:
    assert roots(run(traced)) == shown


def test_the_variables_of_a_function_are_not_looked_at_and_not_kept() -> None:
    loss = torch.ones(2, requires_grad=True).sum()
    alive = weakref.ref(loss)
    graph = av.trace(loss)
    del loss
    gc.collect()
    assert alive() is None
    assert roots(graph) == ["root"]


def test_a_variable_is_no_part_of_the_graph_and_is_kept_with_it() -> None:
    graph = run("av.trace(total)")
    other = run("av.trace(q + 1)")
    assert roots(other) == ["root"]
    assert graph == other
    assert hash(graph) == hash(other)
    assert roots(pickle.loads(pickle.dumps(graph))) == ["total"]  # noqa: S301  # our own
