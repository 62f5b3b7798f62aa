"""The site map: every page in every language, each with its other languages."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import quoteattr

from facts.addresses import language_url
from facts.site import Site, language_tag

_NOT_LISTED = frozenset({"search.html", "genindex.html"})


def page_names(languages: Iterable[Path]) -> list[str]:
    """Return the pages that every one of the languages' folders has, such as ``guide/index.html``."""
    names = [
        {path.relative_to(folder).as_posix() for path in folder.rglob("*.html")}
        for folder in languages
    ]
    return sorted(set.intersection(*names) - _NOT_LISTED) if names else []


def sitemap(site: Site, pages: Iterable[str]) -> str:
    """Return ``sitemap.xml``, in the format of sitemaps.org with the alternates that search engines read.

    Args:
        site: its ``url`` must be set, for a site map holds full addresses.
        pages: names below a language's folder.
    """
    entries = []
    for page in pages:
        addresses = {
            other.code: f"{language_url(site, other.code)}{page}" for other in site.languages
        }
        alternates = "".join(
            f'\n    <xhtml:link rel="alternate" hreflang={quoteattr(tag)} href={quoteattr(address)}/>'
            for tag, address in [
                *((language_tag(code), address) for code, address in addresses.items()),
                ("x-default", addresses[site.default_language]),
            ]
        )
        entries += [
            f"  <url>\n    <loc>{quoteattr(address)[1:-1]}</loc>{alternates}\n  </url>"
            for address in addresses.values()
        ]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">',
            *entries,
            "</urlset>\n",
        ]
    )
