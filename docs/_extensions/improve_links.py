"""Lead a reader who found a mistake to the file that says it: the page's source, and the catalogue of its translation.

Where the site knows its repository, templates get ``improve``, with the addresses at which the repository's host opens
the ``page`` and, on a translated page, the ``translation`` for editing.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from _extensions.site_config import Site, read_site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

BRANCH = "main"
_FROM_DATA = {"glossary": "docs/glossary.toml", "learn": "docs/curriculum.toml"}


def source_path(docname: str, suffix: str) -> str:
    """Return the file that a page is made from, in the repository.

    Args:
        docname: the page's name.
        suffix: that of the file which Sphinx reads.
    """
    path = PurePosixPath(docname)
    if docname in _FROM_DATA:
        return _FROM_DATA[docname]
    if path.parts[0] == "gallery":
        return str(path.with_name("GALLERY_HEADER.rst")) if path.name == "index" else f"{path}.py"
    return f"docs/{docname}{suffix}"


def catalogue_path(docname: str, language: str) -> str:
    """Return the catalogue of a page's translation, in the repository."""
    return f"docs/locale/{language}/LC_MESSAGES/{docname}.po"


def improve_links(site: Site, docname: str, suffix: str, language: str) -> dict[str, str]:
    """Return where a page and its translation can be edited; nothing where the site knows no repository."""
    if not site.repository:
        return {}
    base = f"https://github.com/{site.repository}/edit/{BRANCH}/"
    links = {"page": base + source_path(docname, suffix)}
    if language != site.source_language:
        links["translation"] = base + catalogue_path(docname, language)
    return links


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the template the links of a page that is made from a file."""
    del templatename
    context["improve"] = {}
    if doctree is not None:
        suffix = app.env.doc2path(pagename).suffix
        context["improve"] = improve_links(read_site(), pagename, suffix, str(app.config.language))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handler."""
    app.connect("html-page-context", on_html_page_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
