"""A linear layer that is one node of the graph, as it is on a Mac's GPU.

There, and not on the CPU or CUDA, ``aten::linear`` has a kernel of its own, and so PyTorch records
``LinearBackward0`` in place of ``AddmmBackward0`` and ``TBackward0``. With a kernel for the CPU it does so here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch


def _linear(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor | None = None) -> torch.Tensor:
    y = torch.matmul(x, w.t())
    return y if b is None else y + b


def _linear_backward(
    x: torch.Tensor, grad: torch.Tensor, w: torch.Tensor, wanted: list[bool]
) -> tuple[torch.Tensor | None, ...]:
    rows = grad.reshape(-1, grad.shape[-1])
    return (
        torch.matmul(grad, w) if wanted[0] else None,
        rows.t() @ x.reshape(-1, x.shape[-1]) if wanted[1] else None,
        rows.sum(dim=0) if wanted[2] else None,
    )


@contextmanager
def linear_in_one_node() -> Iterator[None]:
    """Let each linear layer record one node."""
    library: Any = torch.library.Library("aten", "IMPL")
    library.impl("linear", _linear, "CPU")
    library.impl("linear_backward", _linear_backward, "CPU")
    try:
        yield
    finally:
        library._destroy()  # its only end; torch's own tests use it so
