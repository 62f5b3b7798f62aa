"""The environment in which Sphinx and the scripts run: the same everywhere."""

from __future__ import annotations

import os

from facts.run_record import DEVICE_VARIABLE


def run_environment() -> dict[str, str]:
    """Return this process's environment, with what the outputs could depend on set to one value."""
    return os.environ | {
        DEVICE_VARIABLE: os.environ.get(DEVICE_VARIABLE) or "cpu",
        "MPLBACKEND": "agg",
        "PYTHONHASHSEED": "0",
        "PYTHONUTF8": "1",
    }
