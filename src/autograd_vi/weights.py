"""ResNet18 with its pretrained weights where they can be had, and with a seeded random start where not.

This is the one place that decides between the two, and it says which it was.
"""

from __future__ import annotations

import contextlib
import io
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import torch

SECONDS = 20.0
"""A download that gets no answer for so long counts as impossible."""


@dataclass(frozen=True)
class Start:
    """Which parameters a model starts from.

    Attributes:
        weights: the name of the pretrained weights, such as ``ResNet18_Weights.IMAGENET1K_V1``;
            None for a random start.
        seed: the seed of the random start; None for pretrained weights.
        reason: why there is a random start; empty where there is none. It differs from machine to
            machine, so it is left out when a ``Start`` is printed or compared.
    """

    weights: str | None
    seed: int | None
    reason: str = field(default="", repr=False, compare=False)


def load_resnet18(seed: int = 0) -> tuple[torch.nn.Module, Start]:
    """Return ResNet18, on the CPU and in training mode, and which parameters it starts from.

    torchvision's ``ResNet18_Weights.DEFAULT`` is read from torch's cache, or downloaded into it
    (45 MB). Where neither works, the model starts at random, and the :class:`Start` says so and
    why; there is no exception. Random numbers drawn afterwards are the same in both cases.

    Args:
        seed: an integer, for the random start.

    Raises:
        ImportError: torchvision is not installed.
    """
    models = _torchvision_models()
    weights = models.ResNet18_Weights.DEFAULT
    model = _random_start(models, seed)
    try:
        # torch announces a download on stdout, with the path of its cache: no output for a page.
        with _connection_timeout(SECONDS), contextlib.redirect_stdout(io.StringIO()):
            parameters = weights.get_state_dict(
                progress=False, check_hash=True, map_location="cpu", weights_only=True
            )
        model.load_state_dict(parameters)
    except Exception as error:  # noqa: BLE001  # whatever is wrong with network, cache or file: the caller is told
        reason = f"{type(error).__name__}: {error}"
        # Anew: parameters that do not fit may have been copied in part.
        return _random_start(models, seed), Start(weights=None, seed=seed, reason=reason)
    return model, Start(weights=str(weights), seed=None)


def _torchvision_models() -> Any:  # noqa: ANN401  # a module of an optional dependency without types
    try:
        from torchvision import models  # noqa: PLC0415
    except ImportError as error:
        raise ImportError(
            f"load_resnet18 needs torchvision, and importing it failed ({error}); "
            "install it beside torch: pip install torchvision"
        ) from error
    return models


def _random_start(models: Any, seed: int) -> torch.nn.Module:  # noqa: ANN401
    # On the CPU whatever the default device is: the same seed gives the same model everywhere.
    with torch.random.fork_rng(devices=[]), torch.device("cpu"):
        torch.manual_seed(seed)
        model: torch.nn.Module = models.resnet18(weights=None)
    return model


@contextlib.contextmanager
def _connection_timeout(seconds: float) -> Iterator[None]:
    """Let no new connection wait for an answer longer than this; torch's downloads have no limit."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
