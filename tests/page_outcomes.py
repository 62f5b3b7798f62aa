"""Outcomes of runs, as the checks of machines read them."""

from typing import Any


def outcome(*texts: str, html: str = "", failure: tuple[int, str] | None = None) -> dict[str, Any]:
    """What a page with one cell a line showed, from line 1."""
    return {
        "outputs": [
            {"line": line, "text": text, "html": html} for line, text in enumerate(texts, start=1)
        ],
        "failure": {"line": failure[0], "error": failure[1], "cell": failure[0]}
        if failure
        else None,
    }
