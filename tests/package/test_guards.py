"""A traced graph can be freed, however deep it is, on every thread and in every order."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import weakref
from collections.abc import Iterable
from pathlib import Path

import pytest
import torch
from package.deep_graphs import CASES

import autograd_vi as av
from autograd_vi.guards import BLOCK, KEY, Guard, guard, metadata_of
from autograd_vi.walk import gradient_edges, walk


def run_alone(where: str, length: int, cases: Iterable[str]) -> subprocess.CompletedProcess[str]:
    script = Path(__file__).with_name("deep_graphs.py")
    return subprocess.run(
        [sys.executable, str(script), where, str(length), *cases],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )


def free(where: str, length: int, cases: Iterable[str]) -> None:
    run = run_alone(where, length, cases)
    # Where it dies, the last line printed is the case that killed it.
    assert run.stdout.splitlines() == [*cases, "done"]
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("where", ["main", "worker"])
def test_graphs_of_100000_levels_are_freed(where: str) -> None:
    free(where, 100_000, [case for case in CASES if case != "written_into_views"])


@pytest.mark.parametrize("where", ["main", "worker"])
def test_graphs_of_writes_into_views_are_freed_where_plain_torch_frees_them(where: str) -> None:
    if run_alone(where, 100_000, ["written_into_views_untraced"]).returncode:
        pytest.skip(f"torch {torch.__version__} dies of it on a small stack, traced or not")
    free(where, 100_000, ["written_into_views"])


@pytest.mark.slow
@pytest.mark.parametrize("where", ["main", "worker"])
@pytest.mark.parametrize("case", ["chain", "two_strands_with_skips"])
def test_graphs_of_1000000_levels_are_freed(where: str, case: str) -> None:
    free(where, 1_000_000, [case])


def chain(length: int) -> torch.Tensor:
    y = torch.ones(2, requires_grad=True)
    for _ in range(length):
        y = y * 1.0
    return y


def guards_of(y: torch.Tensor) -> list[Guard]:
    nodes = walk([node for node, _ in gradient_edges(y)]).nodes
    return [metadata_of(node)[KEY] for node in nodes if KEY in metadata_of(node)]


def test_one_edge_in_a_block_of_a_chain_is_guarded() -> None:
    assert len(guards_of(chain(10 * BLOCK))) in (10, 9)  # a chain may begin within a block


def test_a_second_walk_keeps_the_guards() -> None:
    y = chain(3 * BLOCK)
    assert [*map(id, first := guards_of(y))] == [*map(id, guards_of(y))]
    assert first


def test_leaves_are_not_guarded() -> None:
    y = torch.ones(2, requires_grad=True) * 1.0
    assert guards_of(y) == []


def test_an_edge_along_which_the_number_does_not_fall_is_guarded() -> None:
    y = chain(2)
    assert y.grad_fn is not None
    child = y.grad_fn.next_functions[0][0]
    assert child is not None
    child._set_sequence_nr(y.grad_fn._sequence_nr())  # type: ignore[attr-defined]  # torch has it untyped
    guard(y.grad_fn, y.grad_fn.next_functions)
    assert metadata_of(y.grad_fn)[KEY].nodes == [child]


def test_guards_keep_nothing_alive() -> None:
    class Marker:
        pass

    marker = Marker()
    alive = weakref.ref(marker)
    x = torch.ones(2, requires_grad=True)
    deepest = x * 1.0
    assert deepest.grad_fn is not None
    metadata_of(deepest.grad_fn)["marker"] = marker
    y = deepest
    for _ in range(5 * BLOCK):
        y = y * 1.0
    av.trace(y)
    del marker, deepest
    assert alive() is not None
    gc.disable()  # it must not take the cycle collector
    try:
        del y
        assert alive() is None
    finally:
        gc.enable()
