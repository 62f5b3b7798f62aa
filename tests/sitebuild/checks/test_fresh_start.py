"""Pages of a check start as in the gallery, and leave nothing behind."""

import warnings
from pathlib import Path

import pytest
import torch

from sitebuild.checks.fresh_start import fresh_start


def surprising_page() -> None:
    """Does what a page may do: reads how it starts, changes it, and warns."""
    with fresh_start(Path("plot_a.py")):
        assert torch.get_default_dtype() == torch.float32
        assert torch.backends.cudnn.deterministic
        torch.set_default_dtype(torch.float64)
        warnings.warn("surprise", stacklevel=1)


def test_a_page_starts_afresh_and_what_it_set_is_undone() -> None:
    threads = torch.get_num_threads()
    torch.set_default_dtype(torch.float64)
    with warnings.catch_warnings(), pytest.raises(UserWarning, match="surprise"):
        surprising_page()
    assert torch.get_default_dtype() == torch.float32
    torch.set_num_threads(threads)
    torch.set_warn_always(False)
