"""A site that has been built undisturbed, to compare others with."""

from __future__ import annotations

import pytest
from sandbox_site import Sandbox


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """Whoever changes it builds it anew, so that it is as it was."""
    sandbox = Sandbox.create(tmp_path_factory.mktemp("bytes") / "project")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    return sandbox
