"""Choose the device that tensors live on."""

from __future__ import annotations

import os

import torch

VARIABLE = "AUTOGRAD_VI_DEVICE"


def _available() -> dict[str, int]:
    """Return the kinds of device that this machine has, best first, with how many there are of each."""
    found = {}
    if torch.cuda.is_available():
        found["cuda"] = torch.cuda.device_count()
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        found["xpu"] = torch.xpu.device_count()
    if torch.backends.mps.is_available():
        found["mps"] = 1
    found["cpu"] = 1
    return found


def pick_device(name: str | torch.device | None = None) -> torch.device:
    """Return the device to compute on: the named one, else the fastest that this machine has.

    Args:
        name: a device such as ``"cpu"`` or ``"cuda:0"``. Without it, the environment variable ``AUTOGRAD_VI_DEVICE`` is
            asked, and then CUDA, XPU, MPS and the CPU are tried in this order.

    Raises:
        ValueError: the device has no such name, or this machine does not have it.
    """
    available = _available()
    asked = os.environ.get(VARIABLE, "").strip() if name is None else str(name)
    if name is None and not asked:
        return torch.device(next(iter(available)))
    origin = "" if name is not None else f" (from the environment variable {VARIABLE})"
    allowed = ", ".join(
        kind if n == 1 else f"{kind}:0 … {kind}:{n - 1}" for kind, n in available.items()
    )
    advice = (
        f"this machine has {allowed}. Choose one of these, or leave the choice to pick_device()."
    )
    try:
        device = torch.device(asked)
    except RuntimeError:
        raise ValueError(f"{asked!r}{origin} is no device; {advice}") from None
    if (device.index or 0) >= available.get(device.type, 0):
        raise ValueError(f"the device {asked!r}{origin} does not exist here; {advice}")
    return device
