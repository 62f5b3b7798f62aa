"""The numbers of any kind of tensor, as one plain tensor: sparse, nested, quantised, spread over machines."""

from __future__ import annotations

import sys

import torch
from torch.nn import Parameter

_SPARSE = frozenset([torch.sparse_csr, torch.sparse_csc, torch.sparse_bsr, torch.sparse_bsc])


def plain(grad: torch.Tensor) -> tuple[torch.Tensor, bool] | None:
    """Return the numbers that a tensor stores, and whether it has zeros that it does not store.

    None where there are no numbers to be had here: on the meta device, for a fake tensor, inside a
    transform of ``torch.func``, and for a tensor of which other machines hold a part. The shape of the
    result tells nothing.
    """
    if not has_numbers(grad):
        return None
    if grad.is_nested:
        parts = [part.detach().reshape(-1) for part in grad.unbind()]
        return (torch.cat(parts) if parts else torch.empty(0)), False
    if type(grad) is not torch.Tensor and type(grad) is not Parameter:
        unwrapped = _unwrapped(grad)
        if unwrapped is not grad:
            return None if unwrapped is None else plain(unwrapped)
    if grad.layout is torch.sparse_coo or grad.layout in _SPARSE:
        stored = (grad.coalesce() if grad.layout is torch.sparse_coo else grad).values()
        return stored, stored.numel() < grad.numel()
    if grad.is_quantized:
        return grad.dequantize(), False
    return (grad if grad.layout is torch.strided else grad.to_dense()), False


def has_numbers(tensor: torch.Tensor) -> bool:
    """Whether a tensor's numbers can be read at all."""
    if tensor.is_meta or torch._C._functorch.is_functorch_wrapped_tensor(tensor):
        return False
    fake = sys.modules.get("torch._subclasses.fake_tensor")
    return fake is None or not isinstance(tensor, fake.FakeTensor)


def _unwrapped(grad: torch.Tensor) -> torch.Tensor | None:
    """Return the plain tensor in a subclass; the subclass itself where only it knows how to compute."""
    distributed = sys.modules.get("torch.distributed.tensor")
    if distributed is not None and isinstance(grad, distributed.DTensor):
        replicated = all(placement.is_replicate() for placement in grad.placements)
        return grad.to_local() if replicated else None
    if type(grad).__torch_dispatch__ is torch.Tensor.__torch_dispatch__:
        # It changes what Python's functions do, and nothing below: its numbers are its own.
        with torch._C.DisableTorchFunctionSubclass():
            return grad.as_subclass(torch.Tensor)
    return grad
