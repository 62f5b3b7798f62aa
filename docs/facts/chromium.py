"""The browser that tests, photographs and measurements drive: where it is, and how it is started."""

from __future__ import annotations

import shutil

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
)
"""It shows no window, and looks for nothing on the network by itself."""


def find_chromium() -> str | None:
    """Return the path of the system's Chromium, or of Chrome; None where there is none."""
    return shutil.which("chromium") or shutil.which("google-chrome")
