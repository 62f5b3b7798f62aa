"""The pages of the site that was built for these tests."""

from __future__ import annotations

import os
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("AUTOGRAD_VI_BUILT_SITE") or REPOSITORY / "build" / "html")


def page_names(language: str) -> list[str]:
    """Return every HTML page of a language, such as ``guide/index.html``."""
    folder = BUILT / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
