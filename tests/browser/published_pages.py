"""The pages of the site that was built for these tests."""

from __future__ import annotations

from pathlib import Path

from facts.site import read_site

LANGUAGES = [language.code for language in read_site().languages]
BUILT = Path(__file__).resolve().parents[2] / "build" / "html"


def page_names(language: str) -> list[str]:
    """Return every HTML page of a language, such as ``guide/index.html``."""
    folder = BUILT / language
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
