"""Make random numbers repeatable."""

from __future__ import annotations

import operator
import random

import numpy as np
import torch

LARGEST_SEED = 2**32 - 1  # NumPy's limit; torch's is larger


def seed_everything(seed: int) -> torch.Generator:
    """Seed Python, NumPy and torch on every device, and return a generator on the CPU with the same seed.

    The generator stays on the CPU, so what is drawn with it and then moved does not depend on the device. It may depend
    on the processor and on the version of torch: ``torch.randn`` differs in the last digits from one processor to
    another.

    Args:
        seed: an integer from 0 to 2³² − 1.

    Raises:
        TypeError: ``seed`` is no integer.
        ValueError: ``seed`` is out of range.
    """
    advice = f"allowed are the integers from 0 to {LARGEST_SEED}, such as seed_everything(0)"
    if isinstance(seed, bool):
        raise TypeError(f"seed is {seed!r}, a bool; {advice}")
    try:
        number = operator.index(seed)
    except TypeError:
        raise TypeError(f"seed is {seed!r}, a {type(seed).__name__}; {advice}") from None
    if not 0 <= number <= LARGEST_SEED:
        raise ValueError(f"seed is {number}; {advice}")
    random.seed(number)
    np.random.seed(number)  # the pages' readers use NumPy's global state
    torch.manual_seed(number)
    return torch.Generator(device="cpu").manual_seed(number)
