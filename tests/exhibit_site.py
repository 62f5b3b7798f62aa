"""A site of a few pages with exhibits, to change and to build in a test."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import polib
from minimal_site import Built, MinimalSite

CONF = """
extensions = ["_extensions.exhibits", "_extensions.translation", "_extensions.search"]
locale_dirs = ["locale"]
gettext_compact = False
html_theme = "basic"
exclude_patterns = ["locale"]
suppress_warnings = ["translation"]
nitpicky = True
"""
INTERFACE = Path(__file__).resolve().parents[1] / "docs/locale/vi/LC_MESSAGES/autograd_vi.po"


@dataclass
class BuiltExhibits(Built):
    """What one build left behind."""

    def text(self, name: str) -> str:
        """Return the text of a page, with single spaces."""
        body = self.page(name).partition('<div class="body"')[2]
        apart = re.sub(r"</(p|d[lt]|h\d|li|pre)>", " ", body.replace("¶", ""))
        return " ".join(html.unescape(re.sub(r"<[^>]*>", "", apart)).split())


@dataclass
class ExhibitSite(MinimalSite):
    """Pages in reST, each with its catalogue."""

    @classmethod
    def create(cls, root: Path, **pages: str) -> ExhibitSite:
        """Write the pages, their table of contents and the words of the interface."""
        site = cls(root)
        site.catalogue("autograd_vi").parent.mkdir(parents=True)
        site.catalogue("autograd_vi").write_bytes(INTERFACE.read_bytes())
        (site.docs / "conf.py").write_text(CONF, encoding="utf-8")
        (site.docs / "glossary.toml").write_text("names = []\n", encoding="utf-8")
        toctree = "".join(f"   {name}\n" for name in pages)
        for name, text in ({"index": f"Home\n====\n\n.. toctree::\n\n{toctree}"} | pages).items():
            (site.docs / f"{name}.rst").write_text(text, encoding="utf-8")
        return site

    def edit_page(self, name: str, old: str, new: str) -> None:
        """Change a page."""
        self.edit(self.docs / f"{name}.rst", old, new)

    def translate(self, name: str, messages: dict[str, str]) -> None:
        """Write the catalogue of a page."""
        catalogue = polib.POFile()
        catalogue.metadata = {"Language": "vi", "Content-Type": "text/plain; charset=UTF-8"}
        catalogue.extend(
            polib.POEntry(msgid=said, msgstr=meant) for said, meant in messages.items()
        )
        catalogue.save(str(self.catalogue(name)))

    def show(self, language: str = "en") -> BuiltExhibits:
        """Build the pages, going on from the last build."""
        built = self.build(language)
        return BuiltExhibits(built.out, built.warnings, built.status)
