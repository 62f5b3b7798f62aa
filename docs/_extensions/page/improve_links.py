"""Lead a reader who found a mistake to the file that says it: the page's source, and the catalogue of its translation.

Where the site knows its repository, templates get ``improve``, with the addresses at which the repository's host opens
the ``page`` and, on a translated page, the ``translation`` for editing.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from facts.addresses import edit_url
from facts.folders import CURRICULUM_FILE, GLOSSARY_FILE, ROOT
from facts.site import Site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

_FROM_DATA = {"glossary": GLOSSARY_FILE, "learn": CURRICULUM_FILE}


def source_path(docname: str, suffix: str) -> str:
    """Return the file that a page is made from, in the repository.

    Args:
        docname: the page's name.
        suffix: that of the file which Sphinx reads.
    """
    path = PurePosixPath(docname)
    if docname in _FROM_DATA:
        return _FROM_DATA[docname].relative_to(ROOT).as_posix()
    if path.parts[0] == "gallery":
        return str(path.with_name("GALLERY_HEADER.rst")) if path.name == "index" else f"{path}.py"
    return f"docs/{docname}{suffix}"


def catalogue_path(docname: str, language: str) -> str:
    """Return the catalogue of a page's translation, in the repository."""
    return f"docs/locale/{language}/LC_MESSAGES/{docname}.po"


def improve_links(site: Site, docname: str, suffix: str, language: str) -> dict[str, str]:
    """Return where a page and its translation can be edited; nothing where the site knows no repository."""
    files = {"page": source_path(docname, suffix)}
    if language != site.source_language:
        files["translation"] = catalogue_path(docname, language)
    links = {name: edit_url(site, path) for name, path in files.items()}
    return {name: url for name, url in links.items() if url}


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
        context["improve"] = improve_links(
            app.config.site, pagename, suffix, str(app.config.language)
        )
