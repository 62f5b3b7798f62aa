"""Recorded modules: what ran in this thread, in the innermost module whose call had begun."""

from __future__ import annotations

import threading

import pytest
import torch
from torch import nn
from torch.autograd import graph as torch_graph

import autograd_vi as av
from autograd_vi.module_recording import KEY


@pytest.fixture(params=["hook", "numbers"], autouse=True)
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Record as the newest torch does, and as one does that has no hook for new nodes."""
    if request.param == "numbers":
        monkeypatch.delattr(torch_graph, "node_creation_hook", raising=False)
    elif not hasattr(torch_graph, "node_creation_hook"):
        pytest.skip("this torch has no node_creation_hook")
    return str(request.param)


class Broken(nn.Module):
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        raise ValueError(f"no {x.exp().sum()}")


class Careful(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.broken = Broken()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        try:
            result: torch.Tensor = self.broken(x)
        except ValueError:
            return x.sin()
        return result


def modules(output: torch.Tensor) -> dict[str, str | None]:
    nodes = av.trace(output).nodes
    return {node.op: node.module for node in nodes if node.kind != "leaf"}


def leaf() -> torch.Tensor:
    return torch.ones(3, requires_grad=True)


def _hooks(model: nn.Module) -> int:
    return sum(len(m._forward_hooks) + len(m._forward_pre_hooks) for m in model.modules())


def test_an_operation_is_told_by_the_innermost_module() -> None:
    model = nn.Sequential(nn.Sequential(nn.Sigmoid()), nn.Tanh())
    with av.record_modules(model):
        output = model(leaf())
    assert modules(output) == {"TanhBackward0": "1", "SigmoidBackward0": "0.0"}


def test_what_ran_outside_of_the_recording_is_not_known() -> None:
    model = nn.Tanh()
    before = leaf().exp()
    with av.record_modules(model):
        inside = model(before)
    assert modules(model(inside.cos())) == {
        "TanhBackward0": None,
        "CosBackward0": None,
        "ExpBackward0": None,
    } | {"TanhBackward0": modules(inside)["TanhBackward0"]}


def test_an_exception_leaves_no_hook_and_no_running_module() -> None:
    careful = Careful()
    model, broken = nn.Sequential(careful, nn.Tanh()), careful.broken
    with av.record_modules(model):
        output = model(leaf())
        with pytest.raises(ValueError, match="no "):
            broken(leaf())
        again = model(leaf())
    expected = {"TanhBackward0": "1", "SinBackward0": "0"}
    assert modules(output) == modules(again) == expected
    assert not _hooks(model)
    with pytest.raises(ValueError, match="no "), av.record_modules(model):
        broken(leaf())
    assert not _hooks(model)
    assert KEY not in (leaf() * 2).grad_fn.metadata  # type: ignore[union-attr,operator]  # torch's types call it a method


def test_each_thread_records_what_it_runs() -> None:
    model = nn.Sequential(nn.Sigmoid(), nn.Tanh())
    found: dict[int, dict[str, str | None]] = {}
    meet = threading.Barrier(2)

    def run(k: int) -> None:
        with av.record_modules(model):
            meet.wait()
            outputs = [model(leaf()) for _ in range(20)]
            meet.wait()
        found[k] = modules(outputs[-1])

    threads = [threading.Thread(target=run, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found[0] == found[1] == {"TanhBackward0": "1", "SigmoidBackward0": "0"}
    assert not _hooks(model)


def test_of_recordings_one_inside_the_other_the_outer_one_tells_the_name() -> None:
    model = nn.Sequential(nn.Sequential(nn.Sigmoid()), nn.Tanh())
    part = model[0]
    with av.record_modules(model), av.record_modules(part):
        output = model(leaf())
        alone = part(leaf())
    assert modules(output) == {"TanhBackward0": "1", "SigmoidBackward0": "0.0"}
    assert modules(alone) == {"SigmoidBackward0": "0.0"}


def test_several_models_have_their_names_in_front() -> None:
    maker, judge = nn.Sequential(nn.Sigmoid()), nn.Sequential(nn.Tanh())
    with av.record_modules({"maker": maker, "judge": judge}):
        output = judge(maker(leaf()))
    assert modules(output) == {"TanhBackward0": "judge.0", "SigmoidBackward0": "maker.0"}


def test_a_module_that_runs_twice_has_a_frame_for_each_run() -> None:
    class Twice(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.part = nn.Sequential(nn.Linear(3, 3), nn.Tanh())

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            result: torch.Tensor = self.part(self.part(x).exp())
            return result

    model = Twice()
    with av.record_modules(model):
        output = model(torch.ones(2, 3)).sum()
    svg = av.trace(output, model).to_svg(unfold=True)
    assert svg.count(">part</text>") == 2
    by_parameters = av.trace(model(torch.ones(2, 3)).sum(), model)
    assert not any(node.module for node in by_parameters.nodes)


def test_what_is_no_model_is_refused() -> None:
    for wrong in (torch.ones(1), {"model": torch.ones(1)}, None):
        recording = av.record_modules(wrong)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="give a module, or a mapping of names to modules"):
            recording.__enter__()
