"""Refuse a script that draws random numbers without setting a seed.

Here it would draw the same ones each time, for every script starts from the same state. A reader who runs it alone
would not, and the page could not say which seed it used.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from _extensions.run.isolation import SEED
from facts.seeds import FUNCTION, seeds_of


class UnseededError(RuntimeError):
    """A script drew random numbers and set no seed."""


def moved_generators() -> list[str]:
    """Return the global generators of random numbers that are no longer where a fresh start leaves them."""
    # Imported here: the language builds load no torch.
    import numpy as np  # noqa: PLC0415
    import torch  # noqa: PLC0415

    fresh = torch.Generator().manual_seed(SEED).get_state()
    kind, keys, *place = np.random.get_state()
    fresh_kind, fresh_keys, *fresh_place = np.random.RandomState(SEED).get_state()
    moved = {
        "random": random.getstate() != random.Random(SEED).getstate(),  # noqa: S311  # no secret
        "numpy.random": (kind, place) != (fresh_kind, fresh_place)
        or not np.array_equal(keys, fresh_keys),
        "torch": not torch.equal(torch.get_rng_state(), fresh),
    }
    return [name for name, has_moved in moved.items() if has_moved]


def _texts(gallery_conf: dict[str, Any], fname: str) -> list[str]:
    """Return the text of the script; of all its namesakes where sphinx-gallery gives the bare name of the file."""
    whole = Path(fname)
    if whole.is_absolute():
        return [whole.read_text(encoding="utf-8")]
    scripts = Path(gallery_conf["src_dir"], gallery_conf["examples_dirs"]).resolve()
    return [path.read_text(encoding="utf-8") for path in scripts.rglob(fname)]


def check(gallery_conf: dict[str, Any], fname: str, when: str) -> None:
    """Look at the generators after a script.

    The signature is sphinx-gallery's (``reset_modules``). It stands before the reset, which would hide what moved.

    Raises:
        UnseededError: the script drew random numbers and set no seed.
    """
    if when != "after" or all(map(seeds_of, _texts(gallery_conf, fname))):
        return
    if moved := moved_generators():
        raise UnseededError(
            f"{fname} draws random numbers from {' and '.join(moved)}, but sets no seed; call av.{FUNCTION}(0) first"
        )
