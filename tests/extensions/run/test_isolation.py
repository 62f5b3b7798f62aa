"""Whatever a script leaves behind, the next one starts fresh."""

import random
import warnings
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch

from _extensions.run.isolation import reset

BACKENDS: Any = torch.backends  # its types lack what newer versions have
DETERMINISTIC: Any = torch.utils.deterministic


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
    DETERMINISTIC.fill_uninitialized_memory = False
    torch.autograd.set_multithreading_enabled(False)
    torch.set_autocast_enabled("cpu", True)
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("high")
    BACKENDS.cudnn.deterministic = False
    BACKENDS.cudnn.benchmark = True
    BACKENDS.cudnn.enabled = False
    BACKENDS.cudnn.allow_tf32 = True
    BACKENDS.cuda.enable_flash_sdp(False)
    BACKENDS.cuda.enable_math_sdp(False)
    BACKENDS.mkldnn.set_flags(False)
    torch.set_num_threads(2)
    torch.set_printoptions(precision=1)
    torch.set_warn_always(False)
    np.set_printoptions(precision=1)
    np.seterr(all="raise")
    mpl.rcParams["lines.linewidth"] = 17
    plt.figure()
    warnings.simplefilter("ignore")
    random.random()


def cudnn_state() -> tuple[bool, ...]:
    cudnn = BACKENDS.cudnn
    return cudnn.enabled, cudnn.deterministic, cudnn.benchmark, cudnn.allow_tf32


def state() -> dict[str, object]:
    return {
        "dtype": torch.get_default_dtype(),
        "device": torch.get_default_device(),
        "grad": torch.is_grad_enabled(),
        "anomaly": torch.is_anomaly_enabled(),
        "deterministic": torch.are_deterministic_algorithms_enabled(),
        "memory": DETERMINISTIC.fill_uninitialized_memory,
        "threads": torch.get_num_threads(),
        "multithreading": torch.autograd.is_multithreading_enabled(),
        "autocast": torch.is_autocast_enabled("cpu"),
        "tiny": float(torch.tensor([1e-310], dtype=torch.float64, device="cpu") * 1),
        "cudnn": cudnn_state(),
        "mkldnn": BACKENDS.mkldnn.enabled,
        "flash": BACKENDS.cuda.flash_sdp_enabled(),
        "math": BACKENDS.cuda.math_sdp_enabled(),
        "precision": torch.get_float32_matmul_precision(),
        "errors": np.geterr(),
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


def float32_is_whole() -> bool:
    backends = BACKENDS
    old = (
        torch.get_float32_matmul_precision(),
        backends.cuda.matmul.allow_tf32,
        backends.cudnn.allow_tf32,
    )
    if not hasattr(backends, "fp32_precision"):
        return old == ("highest", False, False)
    new = [
        operation.fp32_precision
        for operation in (backends.cudnn.conv, backends.cudnn.rnn, backends.cuda.matmul)
    ]
    new += [getattr(backends.mkldnn, name).fp32_precision for name in ("conv", "rnn", "matmul")]
    return old == ("highest", False, False) and set(new) == {"ieee"}


OLD_NAMES = {
    "matmul, by its word": lambda: torch.set_float32_matmul_precision("medium"),
    "matmul": lambda: setattr(BACKENDS.cuda.matmul, "allow_tf32", True),
    "convolutions": lambda: setattr(BACKENDS.cudnn, "allow_tf32", True),
}
NEW_NAMES = {
    "all": lambda: setattr(BACKENDS, "fp32_precision", "tf32"),
    "matmul, anew": lambda: setattr(BACKENDS.cuda.matmul, "fp32_precision", "tf32"),
    "convolutions, anew": lambda: setattr(BACKENDS.cudnn.conv, "fp32_precision", "tf32"),
    "recurrent layers": lambda: setattr(BACKENDS.cudnn.rnn, "fp32_precision", "tf32"),
    "oneDNN": lambda: setattr(BACKENDS.mkldnn.matmul, "fp32_precision", "bf16"),
}
if not hasattr(BACKENDS, "fp32_precision"):
    NEW_NAMES = OLD_NAMES  # a torch before 2.9


@pytest.mark.parametrize("second", NEW_NAMES)
@pytest.mark.parametrize("first", OLD_NAMES)
def test_after_a_reset_float32_is_float32_under_each_name_of_the_setting(
    first: str, second: str
) -> None:
    """One that was set under its old and under its new name cannot even be read before the reset."""
    OLD_NAMES[first]()
    NEW_NAMES[second]()
    warnings.simplefilter("error")
    reset({}, "script.py", "before")
    assert float32_is_whole()


def test_two_runs_of_a_convolution_are_asked_for_the_same_kernel() -> None:
    reset({}, "script.py", "before")
    assert cudnn_state() == (True, True, False, False)


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
