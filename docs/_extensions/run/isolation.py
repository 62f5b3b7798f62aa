"""Give every gallery script the same fresh start, whatever ran before it.

sphinx-gallery runs all scripts in one process and calls :func:`reset` before and after each. All global state that a
page could leave behind is set here, so that a page prints the same alone, in order and in reverse order. What lets one
program differ from itself on one device (a kernel chosen by its speed, numbers with ten bits instead of 23) is off. A
warning that a script does not catch becomes an error and so fails the build.
"""

from __future__ import annotations

import gc
import random
import warnings
from pathlib import Path
from typing import Any

SEED = 0
STYLE = Path(__file__).parent / "gallery.mplstyle"

# torch compiles some of its own rules for forward mode when they are first needed, and warns of its own call:
# torch/_decomp/decompositions_for_jvp.py.
ALLOWED_WARNINGS: tuple[tuple[str, type[Warning]], ...] = (
    (r"`torch\.jit\.script` is (deprecated|not supported)", Warning),
)
"""Warnings that no script can avoid: a regular expression for the message, and the category. Give the reason here."""


def _reset_figures() -> None:
    # Imported here and below: the language builds load neither matplotlib nor torch.
    import matplotlib as mpl  # noqa: PLC0415
    import matplotlib.pyplot as plt  # noqa: PLC0415

    plt.close("all")
    mpl.rcdefaults()
    plt.style.use(STYLE)


def _reset_numpy() -> None:
    import numpy as np  # noqa: PLC0415

    np.random.seed(SEED)  # the global state is what must be reset
    np.set_printoptions(
        edgeitems=3, formatter=None, linewidth=75, precision=8, suppress=False, threshold=1000
    )
    np.seterr(divide="warn", over="warn", under="ignore", invalid="warn")


def _reset_autograd() -> None:
    import torch  # noqa: PLC0415

    torch.set_grad_enabled(True)
    torch.autograd.set_detect_anomaly(mode=False)
    torch.autograd.set_multithreading_enabled(True)
    for kind in ("cpu", "cuda"):
        torch.set_autocast_enabled(kind, False)
    torch.set_autocast_cache_enabled(True)


def _pin_precision() -> None:
    """Let float32 be float32: no product and no convolution in TF32 or bfloat16, on no device.

    torch 2.9 gave these settings new names and for some versions warned of the old ones, which alone exist before.
    After a page that used the new names, only setting both leaves both readable.
    """
    import torch  # noqa: PLC0415

    backends: Any = torch.backends  # the new names have no types
    if hasattr(backends, "fp32_precision"):
        backends.fp32_precision = "ieee"
        backends.cuda.matmul.fp32_precision = "ieee"
        for library in (backends.cudnn, backends.mkldnn):
            library.conv.fp32_precision = "ieee"
            library.rnn.fp32_precision = "ieee"
        backends.mkldnn.matmul.fp32_precision = "ieee"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.set_float32_matmul_precision("highest")
        backends.cuda.matmul.allow_tf32 = False
        backends.cudnn.allow_tf32 = False
    backends.cuda.matmul.allow_fp16_reduced_precision_reduction = True
    backends.cuda.matmul.allow_bf16_reduced_precision_reduction = True


def _pin_kernels() -> None:
    """Let every operation take the same kernel each time."""
    import torch  # noqa: PLC0415
    from torch.backends import cuda, cudnn, mkldnn  # noqa: PLC0415

    cudnn.enabled = True
    cudnn.deterministic = True  # else two equal backward passes differ in the last bits
    cudnn.benchmark = False  # else the fastest kernel of that moment is taken
    mkldnn.set_flags(True)
    for enable in (cuda.enable_flash_sdp, cuda.enable_mem_efficient_sdp, cuda.enable_cudnn_sdp):
        enable(True)
    cuda.enable_math_sdp(True)
    # Not the whole of it: an operation that has no deterministic kernel would be an error.
    torch.use_deterministic_algorithms(mode=False)
    torch.utils.deterministic.fill_uninitialized_memory = True  # type: ignore[attr-defined]  # made at run time
    torch.set_num_threads(1)  # sums are split by thread, so the last bits depend on their number
    torch.set_flush_denormal(False)


def _reset_torch() -> None:
    import torch  # noqa: PLC0415

    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_printoptions(profile="default")
    # Some warnings fire once a process: the first page would take them from the second.
    torch.set_warn_always(True)
    _reset_autograd()
    _pin_precision()
    _pin_kernels()
    torch.manual_seed(SEED)


def reset(gallery_conf: dict[str, Any], fname: str, when: str) -> None:
    """Reset every global setting that a script can change.

    The signature is sphinx-gallery's (``reset_modules``): its configuration, the script's name, and ``"before"`` or
    ``"after"``.
    """
    del gallery_conf, fname
    # A filter that the last page left must not turn a warning of this function into an error.
    warnings.resetwarnings()
    _reset_figures()
    random.seed(SEED)
    _reset_numpy()
    _reset_torch()
    gc.collect()
    warnings.resetwarnings()  # what torch imports on the way brings filters of its own
    if when == "before":
        warnings.simplefilter("error")
        for message, category in ALLOWED_WARNINGS:
            warnings.filterwarnings("ignore", message=message, category=category)
