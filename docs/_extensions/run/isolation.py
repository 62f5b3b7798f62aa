"""Give every gallery script the same fresh start, whatever ran before it.

sphinx-gallery runs all scripts in one process and calls :func:`reset` before and after each. All global state that a
page could leave behind is set here, so that a page prints the same alone, in order and in reverse order. A warning
that a script does not catch becomes an error and so fails the build.
"""

from __future__ import annotations

import gc
import random
import warnings
from pathlib import Path
from typing import Any

SEED = 0
STYLE = Path(__file__).parent / "gallery.mplstyle"

ALLOWED_WARNINGS: tuple[tuple[str, type[Warning]], ...] = ()
"""Warnings that no script can avoid: a regular expression for the message, and the category. Give the reason here."""


def reset(gallery_conf: dict[str, Any], fname: str, when: str) -> None:
    """Reset every global setting that a script can change.

    The signature is sphinx-gallery's (``reset_modules``): its configuration, the script's name, and ``"before"`` or
    ``"after"``.
    """
    del gallery_conf, fname
    # Imported here: the language builds load no torch.
    import matplotlib as mpl  # noqa: PLC0415
    import matplotlib.pyplot as plt  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    plt.close("all")
    mpl.rcdefaults()
    plt.style.use(STYLE)

    random.seed(SEED)
    np.random.seed(SEED)  # the global state is what must be reset
    torch.manual_seed(SEED)

    torch.set_default_dtype(torch.float32)
    torch.set_default_device(None)
    torch.set_grad_enabled(True)
    torch.autograd.set_detect_anomaly(mode=False)
    torch.use_deterministic_algorithms(mode=False)
    torch.set_num_threads(1)  # sums are split by thread, so the last bits depend on their number
    torch.set_printoptions(profile="default")
    np.set_printoptions(
        edgeitems=3, formatter=None, linewidth=75, precision=8, suppress=False, threshold=1000
    )
    torch.set_warn_always(
        True
    )  # some warnings fire once a process: the first page would take them from the second

    gc.collect()
    warnings.resetwarnings()
    if when == "before":
        warnings.simplefilter("error")
        for message, category in ALLOWED_WARNINGS:
            warnings.filterwarnings("ignore", message=message, category=category)
