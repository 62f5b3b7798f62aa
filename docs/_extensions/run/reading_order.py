"""The order of the gallery's parts and pages: the one that ``curriculum.toml`` lists.

sphinx-gallery takes the two classes by name (``subsection_order``, ``within_subsection_order``).
"""

from __future__ import annotations

from pathlib import Path

from facts.curriculum import read_curriculum


class PartOrder:
    """Sort key for the folders of the gallery."""

    def __init__(self, src_dir: str | None = None) -> None:
        del src_dir  # sphinx-gallery passes it; the order does not depend on it
        self._folders = [part.folder for part in read_curriculum()]

    def __call__(self, folder: str) -> int:
        """Return the place of ``folder`` in the curriculum."""
        return self._folders.index(Path(folder).name)


class PageOrder:
    """Sort key for the scripts of one folder."""

    def __init__(self, src_dir: str | None = None) -> None:
        self._names = [
            f"{page.name}.py"
            for part in read_curriculum()
            if src_dir is None or part.folder == Path(src_dir).name
            for page in part.pages
        ]

    def __call__(self, filename: str) -> int:
        """Return the place of ``filename`` in its part."""
        return self._names.index(Path(filename).name)


part_order = PartOrder()
