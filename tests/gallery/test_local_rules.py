"""Every operation that a page draws or steps through has a local rule.

What was recorded is read from the figures that the run captured, pictures and steppers alike.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from autograd_vi.rules.table import rules_of

if TYPE_CHECKING:
    from collections.abc import Iterator

EXECUTED = Path(__file__).resolve().parents[2] / "build" / "notebooks" / "executed"

_FIGURE = re.compile(r'<figure class="av-figure\b.*?</figure>', re.DOTALL)
_TITLE = re.compile(r'<title data-av-word="node\.\w+" data-av-args="([^"]*)"')
_RUN = re.compile(
    r'<g class="av-node av-run\b[^>]*>\s*<title data-av-word="box\.title" data-av-args="([^"]*)"'
)
_CUSTOM = re.compile(r'<g class="av-node av-custom\b[^>]*>\s*<title [^>]*data-av-args="([^"]*)"')
_TREE = re.compile(r'<details class="av-text">.*?<pre[^>]*>(.*?)</pre>', re.DOTALL)
_STEP = re.compile(r'<li class="av-step"[^>]*>.*?(?=<li class="av-step"|</ol>)', re.DOTALL)
_OP = re.compile(r'<p class="av-op"><code>(\w+)</code>')
_BRANCHES = "│├└─ "
_SLOT = re.compile(r"^\[\d+\] ")  # where the order of printing is not that of the inputs


def operations(figure: str) -> set[str]:
    """Return the names of all nodes that a figure stands for, but for custom Functions.

    Raises:
        ValueError: if a folded run hides operations that are named nowhere in the figure.
    """
    custom = {_args(found)["op"] for found in _CUSTOM.findall(figure)}
    found = {_args(title)["op"] for title in _TITLE.findall(figure)}
    trees = _TREE.findall(figure)
    for tree in trees:
        lines = [_SLOT.sub("", line.lstrip(_BRANCHES)) for line in html.unescape(tree).splitlines()]
        found |= {
            line.split()[0].partition("[")[0]
            for line in lines
            if line and line[0] not in "↑↓" and line.split()[0] != "saved:"
        }
    for run in _RUN.findall(figure) if not trees else []:
        name = _args(run)["name"]
        if "…" in name:
            raise ValueError(f"the run {name!r} hides operations")
        found |= set(name.split(", "))
    return found - custom


def _args(attribute: str) -> dict[str, str]:
    values: dict[str, str] = json.loads(html.unescape(attribute))
    return values


def _pages(gallery: Path) -> Iterator[tuple[str, str]]:
    """Yield the name and text of each gallery page, and of what the Markdown pages' cells showed."""
    for page in sorted(gallery.rglob("*.rst")):
        yield page.stem, page.read_text(encoding="utf-8")
    for notebook in sorted(EXECUTED.rglob("*.ipynb")):
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        shown = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
        yield notebook.parent.name, "\n".join("".join(data.get("text/html", "")) for data in shown)


def test_each_operation_on_a_page_has_its_local_rule(run_outputs: Path) -> None:
    recorded: dict[str, set[str]] = {}
    for page, text in _pages(run_outputs):
        for figure in _FIGURE.findall(text):
            for op in operations(figure):
                recorded.setdefault(op, set()).add(page)
    assert len(recorded) > 15  # the pages do draw
    assert "AccumulateGrad" in recorded
    assert not {op: pages for op, pages in recorded.items() if not rules_of(op)}


def test_each_step_that_a_page_tells_shows_its_rule(run_outputs: Path) -> None:
    steps = [
        (page, html.unescape(name), step)
        for page, text in _pages(run_outputs)
        for step in _STEP.findall(text)
        for name in _OP.findall(step)
    ]
    assert len(steps) > 30
    assert not {(page, name) for page, name, step in steps if 'class="av-rule"' not in step}


def test_a_folded_run_that_hides_its_operations_is_noticed() -> None:
    args = html.escape(json.dumps({"name": "AddBackward0 … MulBackward0"}))
    figure = (
        f'<g class="av-node av-run"><title data-av-word="box.title" data-av-args="{args}"></title>'
    )
    with pytest.raises(ValueError, match="hides operations"):
        operations(figure)
