"""Only the replay's own pass is recorded, however many passes share its nodes, and no hook disturbs another."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.utils.checkpoint import checkpoint

import autograd_vi as av
from autograd_vi.walk import gradient_edge


def backward_beside(work: Any, runs: int) -> list[BaseException]:  # noqa: ANN401
    """Do some work again and again while another thread runs `runs` backward passes; return its errors."""
    errors: list[BaseException] = []

    def other() -> None:
        for _ in range(runs):
            try:
                (SHARED * 2).cos().sum().backward()
            except Exception as error:  # noqa: BLE001  # whatever a hook may raise there
                errors.append(error)

    thread = threading.Thread(target=other)
    thread.start()
    while thread.is_alive():
        work()
    thread.join()
    return errors


SHARED = torch.ones(100, requires_grad=True)


def test_a_pass_of_another_thread_over_the_same_leaf_is_not_recorded_and_not_disturbed() -> None:
    lengths: Counter[int] = Counter()

    def work() -> None:
        lengths[len(av.replay((SHARED * 1.0).sin().sum()).steps)] += 1

    assert backward_beside(work, 300) == []
    assert set(lengths) == {4}


def test_two_replays_side_by_side_over_one_graph_record_a_pass_each() -> None:
    x = torch.ones(3, requires_grad=True)
    y = (x * 2).sin().sum()
    found: list[av.Replay] = []
    barrier = threading.Barrier(2)

    def replay_often() -> None:
        barrier.wait()
        found.extend(av.replay(y, retain_graph=True) for _ in range(30))

    threads = [threading.Thread(target=replay_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ops = [[step.node.op for step in replay.steps] for replay in found]
    assert ops == [["SumBackward0", "SinBackward0", "MulBackward0", "AccumulateGrad"]] * 60


def test_a_pass_within_the_pass_is_not_recorded() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2

    def start_another(grad: torch.Tensor) -> None:
        with torch.enable_grad():
            (x * 5).sum().backward(torch.ones_like(grad).sum() / 2)

    y.register_hook(start_another)
    replay = av.replay(y.sum())
    assert [step.node.op for step in replay.steps] == [
        "SumBackward0",
        "MulBackward0",
        "AccumulateGrad",
    ]
    before, after = replay.steps[-1].grad_before, replay.steps[-1].grad_after
    assert before is not None
    assert after is not None
    assert (before.entries, after.entries) == ([5, 5], [7, 7])


def test_a_hook_at_the_root_that_starts_another_pass_first_is_told_from_ours() -> None:
    x = torch.ones(2, requires_grad=True)
    loss = (x * 2).sum()
    node, _ = gradient_edge(x)
    other = (x * 5).sum()
    loss.register_hook(lambda _: other.backward())
    replay = av.replay([loss, x.sum() * 0])
    assert sum(step.node.kind == "leaf" for step in replay.steps) == 1
    assert node is gradient_edge(x)[0]


@pytest.mark.parametrize("use_reentrant", [False, True])
def test_checkpointed_parts_get_their_gradients(use_reentrant: bool) -> None:
    w = torch.ones(3, requires_grad=True)
    x = torch.ones(3, requires_grad=True)

    def part(t: torch.Tensor) -> torch.Tensor:
        return (t * w).exp()

    (checkpoint(part, x, use_reentrant=use_reentrant) * w).sum().backward()
    plain, w.grad = w.grad, None
    replay = av.replay((checkpoint(part, x, use_reentrant=use_reentrant) * w).sum())
    assert w.grad is not None
    assert plain is not None
    assert torch.equal(w.grad, plain)
    assert len({step.node.id for step in replay.steps}) == len(replay.steps)


def test_a_pass_in_another_thread_after_the_replay_runs_no_hook_of_it() -> None:
    x = torch.ones(2, requires_grad=True)
    y = x * 2
    steps = av.replay(y.sum(), retain_graph=True).steps
    thread = threading.Thread(target=y.sum().backward)
    thread.start()
    thread.join()
    assert len(steps) == 3
    assert x.grad is not None
    assert x.grad.tolist() == [4, 4]


DTENSOR = """
import os, sys, torch, torch.distributed as dist, autograd_vi as av
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Replicate, Shard, distribute_tensor
dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
mesh = init_device_mesh("cpu", (1,))
for placement, known in ((Replicate(), True), (Shard(0), False)):
    for rows in (2, 50):
        w = torch.nn.Parameter(distribute_tensor(torch.ones(rows, 3), mesh, [placement]))
        replay = av.replay((w * 2).full_tensor().sum(), {"w": w})
        after = replay.steps[-1].grad_after
        assert after.shape == (rows, 3), after
        assert (after.norm is not None) is known, (placement, rows, after)
        assert w.grad.full_tensor().tolist() == [[2.0] * 3] * rows
        str(replay), replay._repr_html_()
dist.destroy_process_group()
"""


@pytest.mark.skipif(
    not torch.distributed.is_available(), reason="this torch has no torch.distributed"
)
def test_a_tensor_spread_over_machines_has_a_summary_only_where_each_holds_all_of_it(
    tmp_path: Path,
) -> None:
    script = tmp_path / "spread.py"
    script.write_text(DTENSOR, encoding="utf-8")
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
