"""A gradient is summed up once, and all numbers of a device are fetched with one copy.

There is no accelerator where these tests run: they count the operations that would each start a kernel or make a
device wait. `_local_scalar_dense` is a number read by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

import autograd_vi as av
from autograd_vi import captures
from autograd_vi.captures import Kept, capture, fetch, recorded


class Counted(TorchDispatchMode):
    """Counts the operations that run."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # torch's
        self.names: Counter[str] = Counter()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        self.names[func.overloadpacket.__name__] += 1
        return func(*args, **(kwargs or {}))


def added_by_replay(build: Callable[[], torch.Tensor]) -> Counter[str]:
    """Return the operations that a replay runs and the plain backward pass does not."""
    output = build()
    with Counted() as plain:
        output.backward()
    output = build()
    with Counted() as replayed:
        av.replay(output)
    added: Counter[str] = replayed.names - plain.names
    return added


def network() -> torch.Tensor:
    torch.manual_seed(0)
    layers = [nn.Sequential(nn.Linear(16, 16), nn.ReLU()) for _ in range(20)]
    return torch.as_tensor(nn.Sequential(*layers)(torch.rand(8, 16)).square().sum())


def test_no_number_is_read_by_itself_and_all_come_in_one_copy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(
        captures, "TINY", -1
    )  # as for gradients on another device, which are never read at once
    added = added_by_replay(network)
    assert added["_local_scalar_dense"] == 0
    assert added["cat"] == 1


def small_product() -> torch.Tensor:
    a, b = (torch.ones(3, requires_grad=True) for _ in range(2))
    return (a * b).sum()


@pytest.mark.skipif(
    not hasattr(torch._C._autograd.SavedTensor, "data"),
    reason="this torch shows saved tensors only unpacked",
)
def test_what_a_node_saved_is_copied_once_and_not_at_all_where_it_is_read_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert added_by_replay(small_product)["clone"] == 0
    monkeypatch.setattr(captures, "TINY", -1)  # as for tensors on another device
    added = added_by_replay(small_product)
    gradients = 4  # what enters the sum, what leaves it, what leaves the product twice
    saved = 2
    assert added["clone"] == gradients + saved
    assert added["_local_scalar_dense"] == 0
    assert added["cat"] == 1


def test_every_gradient_is_summed_up_once() -> None:
    seen: set[int] = set()
    distinct = 0
    replay = av.replay(network())
    for step in replay.steps:
        for grad in (*step.grad_outputs, *step.grad_inputs, step.grad_after):
            if grad is not None and grad.summary is not None and id(grad) not in seen:
                seen.add(id(grad))
                distinct += 1
    added = added_by_replay(network)
    assert added["linalg_vector_norm"] == distinct
    assert added["aminmax"] == distinct
    # Weights' gradients: what left the product, what entered the leaf and what stays are the same numbers.
    places = sum(
        grad is not None and grad.summary is not None
        for step in replay.steps
        for grad in (*step.grad_outputs, *step.grad_inputs, step.grad_after)
    )
    assert places > 2 * distinct


def test_what_leaves_a_node_and_enters_the_next_one_is_one_record() -> None:
    x = torch.ones(100, requires_grad=True)
    first, second, third, leaf = av.replay((x * 2).sin().sum()).steps
    assert first.grad_inputs[0] is second.grad_outputs[0]
    assert second.grad_inputs[0] is third.grad_outputs[0]
    assert leaf.grad_outputs[0] is leaf.grad_after


def test_a_gradient_that_a_hook_changes_in_between_is_two_records() -> None:
    for size in (3, 100):
        x = torch.ones(size, requires_grad=True)
        y = x * 2
        y.register_hook(lambda grad: grad * 10)
        first, second, _ = av.replay(y.sum()).steps
        left, entered = first.grad_inputs[0], second.grad_outputs[0]
        assert left is not None
        assert entered is not None
        assert (left.max, entered.max) == (1, 10)


def test_a_gradient_that_a_hook_writes_into_is_two_records() -> None:
    for size in (3, 100):
        x = torch.ones(size, requires_grad=True)
        y = x * 2
        y.register_hook(scaled)
        first, second, _ = av.replay((y * 1.0).sum()).steps[1:]
        left, entered = first.grad_inputs[0], second.grad_outputs[0]
        assert left is not None
        assert entered is not None
        assert (left.max, entered.max) == (1, 10)


def scaled(grad: torch.Tensor) -> None:
    grad.mul_(10)


def test_a_hook_that_changes_grad_after_it_was_accumulated_is_seen() -> None:
    for size in (3, 100):
        x = torch.ones(size, requires_grad=True)
        x.register_post_accumulate_grad_hook(lambda leaf: scaled(leaf.grad.data))
        last = av.replay((x * 2).sum()).steps[-1]
        assert last.grad_outputs[0] is not None
        assert last.grad_after is not None
        assert (last.grad_outputs[0].max, last.grad_after.max) == (2, 20)


class WritesIntoIt(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return x.clone()

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> torch.Tensor:  # noqa: ANN401, ARG004
        return grads[0].mul_(7)


def test_a_function_that_writes_into_what_it_gets_is_recorded_as_it_was_before() -> None:
    for size in (3, 100):
        x = torch.ones(size, requires_grad=True)
        steps = av.replay((WritesIntoIt.apply(x * 1) * 1.0).sum()).steps
        step = next(step for step in steps if step.node.kind == "custom")
        assert step.grad_outputs[0] is not None
        assert step.grad_inputs[0] is not None
        assert (step.grad_outputs[0].max, step.grad_inputs[0].max) == (1, 7)


@pytest.mark.parametrize(
    "tensor",
    [
        torch.arange(12, dtype=torch.float64).view(3, 4),
        torch.arange(12).to(torch.float8_e5m2),
        torch.tensor(2.5, dtype=torch.bfloat16),
        torch.tensor([[1 + 2j, 3j]]).conj(),
        torch.ones(0, 3),
        torch.ones(3, 0),
        torch.arange(60.0).view(6, 10).t()[::2],
    ],
    ids=lambda tensor: str(tensor.dtype),
)
def test_numbers_of_any_dtype_come_through_the_one_copy(tensor: torch.Tensor) -> None:
    kept = [Kept((), torch.bool), capture(torch.ones(9)), capture(torch.ones(100)), capture(tensor)]
    if not isinstance(kept[-1], Kept):  # tiny ones do not wait for the copy
        slow = Kept(tuple(tensor.shape), tensor.dtype)
        slow.whole = tensor.clone()
        kept.append(slow)
    fetch(kept)
    found = recorded(kept[-1])
    assert found is not None
    wide = tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)
    assert found.entries == wide.tolist()
    assert found.norm == pytest.approx(float(torch.linalg.vector_norm(wide)))


@pytest.mark.parametrize("size", [3, 50, 500])
@pytest.mark.parametrize(
    ("value", "expected"),
    [(float("nan"), "nan"), (float("inf"), "inf"), (-float("inf"), "inf"), (1e30, None)],
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.complex64])
def test_nan_and_infinities_are_told(
    size: int, value: float, expected: str | None, dtype: torch.dtype
) -> None:
    tensor = torch.ones(size, dtype=dtype)
    tensor[1] = value
    kept = capture(tensor)
    fetch([kept])
    found = recorded(kept)
    assert found is not None
    assert found.nonfinite == expected
