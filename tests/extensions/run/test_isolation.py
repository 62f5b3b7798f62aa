"""Whatever a script leaves behind, the next one starts fresh."""

import random
import warnings
from collections.abc import Iterator

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from _extensions.run.isolation import reset


@pytest.fixture(autouse=True)
def restore() -> Iterator[None]:
    threads = torch.get_num_threads()
    with warnings.catch_warnings():
        yield
    reset({}, "", "after")
    torch.set_warn_always(False)
    torch.set_num_threads(threads)
    mpl.rcdefaults()


def disturb() -> None:
    torch.set_default_dtype(torch.float64)
    torch.set_default_device("meta")
    torch.set_grad_enabled(False)
    torch.autograd.set_detect_anomaly(True)
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(2)
    torch.set_printoptions(precision=1)
    torch.set_warn_always(False)
    np.set_printoptions(precision=1)
    mpl.rcParams["lines.linewidth"] = 17
    plt.figure()
    warnings.simplefilter("ignore")
    random.random()


def state() -> dict[str, object]:
    return {
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "grad": torch.is_grad_enabled(),
        "anomaly": torch.is_anomaly_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "threads": torch.get_num_threads(),
        "always": torch.is_warn_always_enabled(),
        "tensor": repr(torch.tensor([1 / 3])),
        "array": repr(np.array([1 / 3])),
        "width": mpl.rcParams["lines.linewidth"],
        "figures": plt.get_fignums(),
        "random": (random.random(), np.random.rand(), torch.rand(1, device="cpu").item()),
        "filters": [rule[0] for rule in warnings.filters],
    }


def test_the_state_after_a_reset_does_not_depend_on_what_ran_before() -> None:
    reset({}, "first.py", "before")
    fresh = state()
    disturb()
    disturbed = state()
    reset({}, "second.py", "before")
    assert state() == fresh
    assert {key for key in fresh if fresh[key] == disturbed[key]} == set()


def test_a_warning_that_a_script_does_not_catch_is_an_error() -> None:
    reset({}, "script.py", "before")
    with pytest.raises(UserWarning, match="surprise"):
        warnings.warn("surprise", stacklevel=1)


def test_a_warning_that_torch_gives_once_a_process_comes_on_every_page() -> None:
    for name in ("first.py", "second.py"):
        reset({}, name, "before")
        y = torch.ones(1, requires_grad=True) * 2
        with pytest.raises(UserWarning, match="leaf"):
            _ = y.grad


def test_after_a_script_warnings_are_warnings_again() -> None:
    reset({}, "script.py", "before")
    reset({}, "script.py", "after")
    with pytest.warns(UserWarning, match="mild"):
        warnings.warn("mild", stacklevel=1)
