"""Remove the pages of a former build whose sources are gone; Sphinx leaves them where they are.

Asked for upstream: https://github.com/sphinx-doc/sphinx/issues/5908
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from sphinx.application import Sphinx

WITHOUT_SOURCE = frozenset({"search", "genindex"})


def gone_pages(folder: Path, docnames: Collection[str]) -> list[Path]:
    """Return the HTML files below ``folder`` that belong to none of the pages ``docnames``."""
    known = {*docnames, *WITHOUT_SOURCE}
    pages = (
        path
        for path in folder.rglob("*.html")
        if not path.relative_to(folder).parts[0].startswith("_")
    )
    return sorted(
        path for path in pages if path.relative_to(folder).with_suffix("").as_posix() not in known
    )


def on_build_finished(app: Sphinx, exception: Exception | None) -> None:
    """Remove what no page of this build has written."""
    if exception is None and app.builder.name == "html":
        for path in gone_pages(Path(app.outdir), app.env.found_docs):
            path.unlink()
