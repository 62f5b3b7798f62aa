"""The line that created an operation is recorded, where torch lets us ask."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.autograd import graph as torch_graph

import autograd_vi as av

needs_hook = pytest.mark.skipif(
    not hasattr(torch_graph, "node_creation_hook"),
    reason="this torch has no torch.autograd.graph.node_creation_hook",
)


@needs_hook
def test_the_line_outside_torch_is_recorded() -> None:
    model = nn.Linear(2, 1)
    with av.record_sources():
        loss = nn.functional.mse_loss(model(torch.ones(3, 2)), torch.zeros(3, 1))
    sources = {node.source for node in av.trace(loss).nodes if node.kind != "leaf"}
    [source] = sources
    assert source is not None
    assert source.file == Path(__file__).name
    assert (
        source.text == "loss = nn.functional.mse_loss(model(torch.ones(3, 2)), torch.zeros(3, 1))"
    )
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    assert lines[source.line - 1].strip() == source.text


@needs_hook
def test_a_line_without_a_file_has_no_text() -> None:
    x = torch.ones(2, requires_grad=True)
    names = {"x": x}
    with av.record_sources():
        exec(compile("\n\ny = x * 2", "/somewhere/cell.py", "exec"), names)  # noqa: S102
    assert av.trace(names["y"]).nodes[0].source == av.SourceLine("cell.py", 3, "")


@needs_hook
@pytest.mark.parametrize("folder", ["torchvision", "torch_geometric", "torchtext/nn", "mytorch"])
def test_a_folder_whose_name_only_looks_like_torchs_is_not_torch(folder: str) -> None:
    path = Path(torch.__file__).parent.parent / folder / "models.py"
    names: dict[str, Any] = {}
    exec(compile("def double(x):\n    return x * 2", str(path), "exec"), names)  # noqa: S102
    x = torch.ones(2, requires_grad=True)
    with av.record_sources():
        y = names["double"](x)
    source = av.trace(y).nodes[0].source
    assert source is not None
    assert (source.file, source.line) == ("models.py", 2)


@needs_hook
@pytest.mark.parametrize("folder", ["torch/nn", "functorch/einops"])
def test_torchs_own_folders_are_passed_over(folder: str) -> None:
    path = Path(torch.__file__).parent.parent / folder / "models.py"
    names: dict[str, Any] = {}
    exec(compile("def double(x):\n    return x * 2", str(path), "exec"), names)  # noqa: S102
    x = torch.ones(2, requires_grad=True)
    with av.record_sources():
        y = names["double"](x)
    source = av.trace(y).nodes[0].source
    assert source is not None
    assert source.file == Path(__file__).name


def test_nothing_is_recorded_outside_the_block() -> None:
    x = torch.ones(2, requires_grad=True)
    with av.record_sources():
        y = x * 2
    z = y * 3
    first, *_ = av.trace(z).nodes
    assert first.source is None


def test_leaves_have_no_source() -> None:
    with av.record_sources():
        x = torch.ones(2, requires_grad=True)
        y = x * 2
    assert av.trace(y).nodes[-1].source is None


def test_without_the_hook_tracing_works_and_records_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(torch_graph, "node_creation_hook", raising=False)
    with av.record_sources():
        y = torch.ones(2, requires_grad=True) * 2
    assert [node.source for node in av.trace(y).nodes] == [None, None]


@needs_hook
def test_recording_ends_when_the_block_raises() -> None:
    x = torch.ones(2, requires_grad=True)
    with pytest.raises(ZeroDivisionError), av.record_sources():
        1 / 0  # noqa: B018
    assert av.trace(x * 2).nodes[0].source is None
