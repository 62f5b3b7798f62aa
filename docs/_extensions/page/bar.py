"""What a page leads to beside the site's own pages: itself in the other languages and, on gallery pages, what runs it.

Templates get ``languages`` (every published language with the address of this same page) and ``downloads`` (the page's
notebooks and script, and its Colab address where the site knows its repository).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config

from facts.addresses import (
    colab_url,
    download_paths,
    language_url,
    page_path,
    to_language_folder,
    to_root,
)
from facts.curriculum import read_pages
from facts.site import Site


@dataclass(frozen=True)
class LanguageLink:
    """This page in one language."""

    code: str
    tag: str
    name: str
    href: str
    current: bool


def language_links(site: Site, pagename: str, language: str) -> list[LanguageLink]:
    """Return the links from ``pagename`` in ``language`` to itself in every language, relative."""
    up = to_root(pagename)
    return [
        LanguageLink(
            target.code,
            target.tag,
            target.name,
            f"{up}{target.code}/{page_path(pagename)}",
            target.code == language,
        )
        for target in site.languages
    ]


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Make each language's own address the base of its canonical links."""
    del app
    if url := language_url(config.site, config.language):
        config.html_baseurl = url


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates the page's languages and downloads."""
    del templatename, doctree
    site, language = app.config.site, str(app.config.language)
    context["languages"] = language_links(site, pagename, language)
    context["site_url"] = site.url
    context["default_language"] = site.default_language
    up = to_language_folder(pagename)
    context["downloads"] = None
    if pagename in {page.docname for page in read_pages()}:
        context["downloads"] = {
            name: up + path for name, path in download_paths(pagename).items()
        } | {"colab": colab_url(site, pagename, language)}
