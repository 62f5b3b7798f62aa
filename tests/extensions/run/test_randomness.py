"""A script that draws random numbers has to set its seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from _extensions.run.isolation import reset
from _extensions.run.randomness import UnseededError, check

DRAWS: dict[str, Callable[[], object]] = {
    "random": random.random,
    "numpy.random": lambda: np.random.rand(2),  # the global generator is what is watched
    "torch": lambda: torch.nn.Linear(2, 1),
}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    reset({}, "", "after")
    path = tmp_path / "plot_x.py"
    path.write_text("import torch\n")
    return path


def test_a_script_that_draws_nothing_needs_no_seed(script: Path) -> None:
    check({}, str(script), "before")
    torch.rand(2, generator=torch.Generator().manual_seed(3))
    check({}, str(script), "after")


@pytest.mark.parametrize("name", DRAWS)
def test_a_draw_from_any_global_generator_is_named(script: Path, name: str) -> None:
    DRAWS[name]()
    with pytest.raises(UnseededError, match=rf"from {name}, but sets no seed"):
        check({}, str(script), "after")


def test_a_script_that_sets_its_seed_may_draw(script: Path) -> None:
    script.write_text("import autograd_vi as av\nav.seed_everything(3)\n")
    torch.rand(2)
    check({}, str(script), "after")


def test_a_script_is_found_by_the_bare_name_that_sphinx_gallery_gives(tmp_path: Path) -> None:
    (tmp_path / "gallery" / "one").mkdir(parents=True)
    (tmp_path / "gallery" / "one" / "plot_a.py").write_text("torch.rand(1)\n")
    settings = {"src_dir": str(tmp_path / "docs"), "examples_dirs": "../gallery"}
    reset({}, "plot_a.py", "before")
    torch.rand(1)
    with pytest.raises(UnseededError, match=r"plot_a\.py draws random numbers from torch"):
        check(settings, "plot_a.py", "after")
