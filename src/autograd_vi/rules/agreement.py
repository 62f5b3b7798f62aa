"""Whether two tensors agree, up to the rounding of their dtype."""

from __future__ import annotations

import torch

_TOLERANCE = {torch.float64: 1e-6, torch.float32: 1e-3}


def largest(tensor: torch.Tensor) -> float:
    """Return the largest finite entry without its sign; 0 if there is none."""
    finite = tensor[tensor.isfinite()].abs()
    return float(finite.max()) if finite.numel() else 0.0


def agree(
    computed: torch.Tensor, sent: torch.Tensor, entered: float, scale: float | None = None
) -> bool:
    """Whether what a rule gives is what torch sent.

    Args:
        computed: what the rule gives.
        sent: what torch sent.
        entered: the largest entry that entered. Where what entered cancels, as in batch normalization, what leaves is
            nothing but rounding: so differences that are small beside this do not count.
        scale: the largest entry beside which a difference is small; that of ``sent`` if None.
    """
    if computed.shape != sent.shape:
        return False
    tolerance = _TOLERANCE.get(sent.dtype, 0.1)
    rounding = 1_000 * torch.finfo(sent.dtype).eps * entered
    return torch.allclose(
        computed.to(sent),
        sent,
        rtol=tolerance,
        atol=tolerance * (largest(sent) if scale is None else scale) + rounding,
        equal_nan=True,
    )
