"""An older torch shows a saved tensor only unpacked; the tests of the rules may unpack, a replay may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from autograd_vi.rules import saved


@pytest.fixture(autouse=True, scope="session")
def _saved_tensors_are_shown() -> Iterator[None]:
    if hasattr(torch._C._autograd.SavedTensor, "data"):
        yield
        return

    def unpacked(node: Any, name: str) -> Any:  # noqa: ANN401
        return getattr(node, f"_saved_{name}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saved, "saved_tensor", unpacked)
        yield
