"""The pages of the site that was built for these tests."""

from __future__ import annotations

from pathlib import Path

from facts.addresses import page_path
from facts.moved_pages import read_moved_pages
from facts.site import read_site

LANGUAGES = [language.code for language in read_site().languages]
BUILT = Path(__file__).resolve().parents[2] / "build" / "html"


def page_names(language: str) -> list[str]:
    """Return every HTML page of a language, such as ``guide/index.html``; what leads on from an old address is none."""
    folder = BUILT / language
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
    return sorted(names - {page_path(old) for old in read_moved_pages()})
