"""A replay leaves the same ``.grad`` as a plain backward pass, whatever kinds of tensor the gradients are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest
import torch
from torch import nn
from torch.testing._internal.two_tensor import TwoTensor

import autograd_vi as av

Made: TypeAlias = (
    "tuple[torch.Tensor, torch.Tensor | None, torch.Tensor]"  # output, its gradient, a leaf
)

pytestmark = pytest.mark.filterwarnings(
    "ignore:The PyTorch API of nested tensors:UserWarning",
    "ignore:Sparse CSR tensor support is in beta:UserWarning",
    "ignore:Sparse invariant checks:UserWarning",
    "ignore:ComplexHalf support is experimental:UserWarning",
    "ignore:The PyTorch API of MaskedTensors:UserWarning",
    "ignore:It is not recommended to create a MaskedTensor:UserWarning",
)


class Named(torch.Tensor):
    """A subclass that changes nothing."""


class Refusing(torch.Tensor):
    """A subclass whose own functions refuse what a summary needs."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:  # noqa: ANN401
        if func in {
            torch.Tensor.clone,
            torch.Tensor.tolist,
            torch.linalg.vector_norm,
            torch.aminmax,
        }:
            raise ArithmeticError(str(func))
        return super().__torch_function__(func, types, args, kwargs or {})  # type: ignore[no-untyped-call]  # torch's


def filled(n: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.arange(n).to(dtype).requires_grad_()


def summed(w: torch.Tensor) -> Made:
    return (w * 2).sum(), None, w


def nested(layout: torch.layout) -> Made:
    parts = [torch.ones(n, 3) for n in (2, 4)]
    w = torch.nested.nested_tensor(parts, layout=layout, requires_grad=True)
    return torch.nested.to_padded_tensor(w * 2, 0.0).sum(), None, w


def embedding(rows: int) -> Made:
    layer = nn.Embedding(rows, 3, sparse=True)
    return layer(torch.tensor([1, 2, 2, 5])).sum(), None, layer.weight


def compressed() -> Made:
    w = torch.eye(12).to_sparse_csr().requires_grad_()
    return w.clone(), (torch.eye(12) * -3).to_sparse_csr(), w


def cast(n: int, dtype: torch.dtype) -> Made:
    w = filled(n)
    return w.to(dtype), torch.ones(n).to(dtype), w


def squared(n: int, dtype: torch.dtype) -> Made:
    w = filled(n, dtype)
    return w * w.conj(), torch.ones(n, dtype=dtype), w


def mkldnn() -> Made:
    w = torch.ones(20, 20, requires_grad=True)
    return (w.to_mkldnn().to_dense() * 2).sum(), None, w


def masked() -> Made:
    mask = torch.tensor([True, False, True, True])
    w = torch.masked.masked_tensor(torch.ones(4), mask, requires_grad=True)
    return (w * 2).sum(), None, w


def batched() -> Made:
    w = filled(100)
    return torch.func.vmap(lambda x: (w * x).sum())(torch.ones(4)).sum(), None, w


def from_inference() -> Made:
    w = filled(100)
    with torch.inference_mode():
        gradient = torch.ones(100)
    return w.clone(), gradient, w


def quantised() -> Made:
    w = filled(100)
    return torch.fake_quantize_per_tensor_affine(w, 0.1, 0, -128, 127).sum(), None, w


def meta(n: int) -> Made:
    return summed(torch.ones(n, device="meta", requires_grad=True))


KINDS: dict[str, Callable[[], Made]] = {
    "strided nested": lambda: nested(torch.strided),
    "jagged nested": lambda: nested(torch.jagged),
    "sparse, small": lambda: embedding(10),
    "sparse, large": lambda: embedding(100),
    "csr": compressed,
    "half": lambda: summed(filled(100, torch.float16)),
    "bfloat16": lambda: summed(filled(100, torch.bfloat16)),
    "double": lambda: summed(filled(100, torch.float64)),
    "float8, small": lambda: cast(5, torch.float8_e4m3fn),
    "float8, large": lambda: cast(500, torch.float8_e5m2),
    "complex, small": lambda: squared(3, torch.complex64),
    "complex, large": lambda: squared(300, torch.complex128),
    "half complex": lambda: squared(300, torch.complex32),
    "meta, small": lambda: meta(3),
    "meta, large": lambda: meta(300),
    "nothing in it": lambda: summed(torch.ones(0, 5, requires_grad=True)),
    "mkldnn": mkldnn,
    "masked": masked,
    "a subclass": lambda: summed(torch.ones(300).as_subclass(Named).requires_grad_()),
    "a refusing subclass": lambda: summed(torch.ones(300).as_subclass(Refusing).requires_grad_()),
    "a wrapping subclass": lambda: summed(TwoTensor(torch.ones(3), torch.ones(3)).requires_grad_()),
    "vmapped": batched,
    "from inference mode": from_inference,
    "quantised": quantised,
}


def numbers(grad: torch.Tensor | None) -> list[Any] | None:
    """Return what is in a gradient, in a form that compares."""
    if grad is None or grad.is_meta:
        return None if grad is None else [grad.shape]
    if grad.is_nested:
        return [part.tolist() for part in grad.unbind()]
    if isinstance(grad, TwoTensor):
        return [grad.a.tolist(), grad.b.tolist()]
    if isinstance(grad, torch.masked.MaskedTensor):
        return [grad.get_data().tolist(), grad.get_mask().tolist()]
    dense = grad if grad.layout is torch.strided else grad.to_dense()
    if type(dense) is not torch.Tensor:
        with torch._C.DisableTorchFunctionSubclass():
            dense = dense.as_subclass(torch.Tensor)
    found: list[Any] = dense.to(torch.complex128 if dense.is_complex() else torch.float64).tolist()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_grad_is_what_a_plain_backward_pass_leaves(kind: str) -> None:
    output, gradient, plain = KINDS[kind]()
    torch.autograd.backward(output, gradient)
    output, gradient, replayed = KINDS[kind]()
    replay = av.replay(output, gradient=gradient)
    assert plain.grad is None or replayed.grad is not None
    assert numbers(replayed.grad) == numbers(plain.grad)
    assert type(replayed.grad) is type(plain.grad)
    assert any(step.node.kind == "leaf" for step in replay.steps)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_in_text_and_in_html(kind: str) -> None:
    output, gradient, _ = KINDS[kind]()
    replay = av.replay(output, gradient=gradient)
    assert str(replay).count("\n") == len(replay.steps)
    assert replay._repr_html_().count('class="av-step"') == len(replay.steps) + 1


def last(made: Made) -> av.Recorded:
    output, gradient, _ = made
    found = av.replay(output, gradient=gradient).steps[-1].grad_after
    assert found is not None
    return found


@pytest.mark.parametrize("layout", [torch.strided, torch.jagged])
def test_a_nested_gradient_is_summed_up_over_its_parts(layout: torch.layout) -> None:
    found = last(nested(layout))
    assert (found.shape, found.tensor) == (None, None)
    assert found.norm == pytest.approx((18 * 4) ** 0.5)
    assert (found.min, found.max) == (2, 2)


@pytest.mark.parametrize("rows", [10, 100])
def test_zeros_that_a_sparse_gradient_does_not_store_count(rows: int) -> None:
    found = last(embedding(rows))
    assert (found.min, found.max) == (0, 2)
    assert found.norm == pytest.approx((3 * (1 + 4 + 1)) ** 0.5)


def test_zeros_count_in_a_compressed_layout_too() -> None:
    found = last(compressed())
    assert (found.min, found.max) == (-3, 0)
    assert found.norm == pytest.approx((12 * 9) ** 0.5)


def test_a_sparse_gradient_that_stores_an_entry_twice_has_their_sum() -> None:
    w = torch.ones(100, 3, requires_grad=True)
    gradient = torch.sparse_coo_tensor(torch.tensor([[4, 4]]), torch.full((2, 3), 5.0), (100, 3))
    found = last((w.clone(), gradient, w))
    assert (found.min, found.max) == (0, 10)


def test_the_norm_of_a_half_gradient_may_be_larger_than_half_can_say() -> None:
    w = torch.ones(100, 100, dtype=torch.float16, requires_grad=True)
    found = last(((w * 3000).sum(), None, w))
    assert found.norm == pytest.approx(300_000, rel=1e-3)
    assert found.nonfinite is None


def test_nothing_is_made_up_where_there_are_no_numbers() -> None:
    found = last(meta(300))
    assert (found.shape, found.dtype) == ((300,), "float32")
    assert (found.tensor, found.summary, found.norm, found.min, found.max, found.nonfinite) == (
        None,
    ) * 6


def test_complex_numbers_have_no_smallest_and_no_largest() -> None:
    for n in (3, 300):
        found = last(squared(n, torch.complex64))
        assert (found.min, found.max) == (None, None)
        assert found.norm is not None


def test_a_fake_tensor_has_a_shape_and_no_numbers() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode  # noqa: PLC0415  # it changes how tensors are seen

    with FakeTensorMode():
        w = torch.ones(300, requires_grad=True)
        replay = av.replay((w * 2).sum())
    assert w.grad is not None
    found = replay.steps[-1].grad_after
    assert found is not None
    assert (found.shape, found.norm) == ((300,), None)


def test_backward_within_a_transform_is_refused_as_torch_refuses_it() -> None:
    w = torch.ones(3, requires_grad=True)

    def inner(x: torch.Tensor) -> torch.Tensor:
        loss = (w * x).sum()
        av.replay(loss)
        return loss

    with pytest.raises(RuntimeError, match="inside a functorch transform"):
        torch.func.grad(inner)(torch.ones(3))
    assert w.grad is None
