"""The smallest bilingual site, to change and to build in a test."""

from __future__ import annotations

import gettext
import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sphinx.locale import translators
from sphinx.testing.util import SphinxTestApp
from sphinx.util.docutils import patch_docutils

# Before any language is chosen, so that the words of the domain follow the language of each build.
importlib.import_module("sphinx.domains.python")


@dataclass
class Built:
    """What one Sphinx run left behind."""

    out: Path
    warnings: list[str]
    status: int

    def page(self, name: str) -> str:
        return (self.out / f"{name}.html").read_text(encoding="utf-8")


@dataclass
class MinimalSite:
    """A copy of ``tests/roots/minimal`` to change and build."""

    root: Path

    @property
    def docs(self) -> Path:
        return self.root / "docs"

    def catalogue(self, name: str, language: str = "vi") -> Path:
        return self.docs / "locale" / language / "LC_MESSAGES" / f"{name}.po"

    def edit(self, path: Path, old: str, new: str) -> None:
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        path.chmod(0o644)  # sphinx-gallery writes its pages read-only
        path.write_text(text.replace(old, new), encoding="utf-8")

    def build(
        self,
        language: str = "vi",
        builder: str = "html",
        *,
        tags: Sequence[str] = (),
        finish: Callable[[SphinxTestApp], None] | None = None,
        **settings: object,
    ) -> Built:
        """Build in this process; ``settings`` override conf.py, and ``finish`` gets what has built."""
        # Python and Sphinx keep catalogues that they have read; a real build is a process of its own.
        gettext._translations.clear()  # type: ignore[attr-defined]  # a cache that Python keeps to itself
        translators.clear()
        out = self.root / "out" / language / builder
        with patch_docutils(self.docs):  # as Sphinx's command line does
            app = SphinxTestApp(
                buildername=builder,
                srcdir=self.docs,
                builddir=self.root / "out" / language,
                confoverrides={"language": language, **settings},
                tags=list(tags),
            )
            try:
                app.build()
                if finish is not None:
                    finish(app)
                return Built(out, app.warning.getvalue().splitlines(), app.statuscode)
            finally:
                app.cleanup()
