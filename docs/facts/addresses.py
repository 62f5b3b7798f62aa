"""Where things lie on the published site: the one place that knows its addresses.

Paths are relative to a language's folder (``vi/``) where nothing else is said.
"""

from __future__ import annotations

from facts.site import Site

DOWNLOADS = "downloads"
WHEELS = "wheels"
"""Below the root of the site, as the whole site's zip."""
WHOLE_SITE = "autograd_vi-site.zip"
SOURCE_BRANCH = "main"
PUBLISHED_BRANCH = "gh-pages"


def page_path(docname: str) -> str:
    """Return where a page lies."""
    return f"{docname}.html"


def to_language_folder(docname: str) -> str:
    """Return the way up from a page to its language's folder: ``""``, ``"../"``, ``"../../"``."""
    return "../" * docname.count("/")


def to_root(docname: str) -> str:
    """Return the way up from a page to the root of the site."""
    return "../" + to_language_folder(docname)


def language_url(site: Site, language: str) -> str | None:
    """Return where a language is published, or None where the site has no address."""
    return f"{site.url.rstrip('/')}/{language}/" if site.url else None


def page_url(site: Site, language: str, docname: str) -> str | None:
    """Return where a page is published, or None where the site has no address."""
    base = language_url(site, language)
    return f"{base}{page_path(docname)}" if base else None


def download_paths(docname: str) -> dict[str, str]:
    """Return where a gallery page's notebooks and script lie."""
    stem = docname.removeprefix("gallery/")
    return {
        "notebook": f"{DOWNLOADS}/{stem}.ipynb",
        "no_answers": f"{DOWNLOADS}/{stem}-no-answers.ipynb",
        "script": f"{DOWNLOADS}/{stem}.py",
    }


def archive_paths(language: str) -> dict[str, str]:
    """Return where the zips of all downloads of a language lie."""
    return {
        "all": f"{DOWNLOADS}/autograd_vi-{language}.zip",
        "no_answers": f"{DOWNLOADS}/autograd_vi-{language}-no-answers.zip",
    }


def book_name(language: str) -> str:
    """Return the file name of a language's book."""
    return f"autograd_vi-{language}.epub"


def book_path(language: str) -> str:
    """Return where the book of a language lies."""
    return f"{DOWNLOADS}/{book_name(language)}"


def wheel_path(name: str, digest: str) -> str:
    """Return where a wheel lies, from the root of the site, with the fragment by which pip checks it.

    Args:
        name: the wheel's file name.
        digest: its SHA-256 in hexadecimal digits.
    """
    return f"{WHEELS}/{digest[:16]}/{name}#sha256={digest}"


def edit_url(site: Site, path: str) -> str | None:
    """Return where the repository's host opens a file for editing, or None where the site knows no repository."""
    if not site.repository:
        return None
    return f"https://github.com/{site.repository}/edit/{SOURCE_BRANCH}/{path}"


def colab_url(site: Site, docname: str, language: str) -> str | None:
    """Return what opens a page's notebook in Colab, or None where the site knows no repository."""
    if not site.repository:
        return None
    return (
        f"https://colab.research.google.com/github/{site.repository}"
        f"/blob/{PUBLISHED_BRANCH}/{language}/{download_paths(docname)['notebook']}"
    )
