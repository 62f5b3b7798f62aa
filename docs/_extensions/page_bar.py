"""The bar above every page: the other languages and, on gallery pages, what can be downloaded or opened.

Templates get ``languages`` (every published language with the address of this same page) and ``downloads`` (the page's
notebooks and script, and its Colab address where the site knows its repository).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.typing import ExtensionMetadata

from _extensions.curriculum import read_curriculum
from _extensions.site_config import Site, read_site

FOLDER = "downloads"
PUBLISHED_BRANCH = "gh-pages"


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
    up = "../" * (pagename.count("/") + 1)
    return [
        LanguageLink(
            one.code, one.tag, one.name, f"{up}{one.code}/{pagename}.html", one.code == language
        )
        for one in site.languages
    ]


def download_paths(docname: str) -> dict[str, str]:
    """Return where a gallery page's notebooks and script lie, from the language's folder."""
    stem = docname.removeprefix("gallery/")
    return {
        "notebook": f"{FOLDER}/{stem}.ipynb",
        "no_answers": f"{FOLDER}/{stem}-no-answers.ipynb",
        "script": f"{FOLDER}/{stem}.py",
    }


def archive_paths(language: str) -> dict[str, str]:
    """Return where the zips of all downloads of a language lie, from the language's folder."""
    return {
        "all": f"{FOLDER}/autograd_vi-{language}.zip",
        "no_answers": f"{FOLDER}/autograd_vi-{language}-no-answers.zip",
    }


def colab_address(site: Site, docname: str, language: str) -> str | None:
    """Return the address that opens a page's notebook in Colab, where the site knows its repository."""
    if not site.repository:
        return None
    notebook = download_paths(docname)["notebook"]
    return (
        f"https://colab.research.google.com/github/{site.repository}"
        f"/blob/{PUBLISHED_BRANCH}/{language}/{notebook}"
    )


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Make each language's own address the base of its canonical links."""
    del app
    if url := read_site().url:
        config.html_baseurl = f"{url}{config.language}/"


def on_html_page_context(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Give the templates the page's languages and downloads."""
    del templatename, doctree
    site, language = read_site(), str(app.config.language)
    context["languages"] = language_links(site, pagename, language)
    context["site_url"] = site.url
    context["default_language"] = site.default_language
    up = "../" * pagename.count("/")
    context["downloads"] = None
    if pagename in {page.docname for chapter in read_curriculum() for page in chapter.pages}:
        context["downloads"] = {
            name: up + path for name, path in download_paths(pagename).items()
        } | {"colab": colab_address(site, pagename, language)}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the handlers."""
    app.connect("config-inited", on_config_inited)
    app.connect("html-page-context", on_html_page_context)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
