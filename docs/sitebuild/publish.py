"""Put the finished languages and the front door together, and swap them in as one."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, StrictUndefined

from facts.addresses import WHOLE_SITE
from facts.folders import DOCS
from facts.site import Site
from facts.zip_file import write_zip
from sitebuild.sitemap import page_names, sitemap

FRONT_DOOR = DOCS / "front_door"

_NOT_PUBLISHED = shutil.ignore_patterns(".buildinfo*", ".doctrees", "_sources")


def render(template: str, site: Site, **values: object) -> str:
    """Return a page of the front door: HTML in Jinja's syntax, with ``site``, ``root`` and the ``values`` in it.

    ``root`` is the path of the site on its server, for the page that is shown at any address (404), unless it is given.
    """
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    root = urlsplit(site.url).path or "/"
    return environment.from_string(template).render({"site": site, "root": root} | values)


def assemble(pages: Mapping[str, Path], site: Site, target: Path) -> None:
    """Copy the languages and the front door into the empty folder ``target``."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for language, folder in pages.items():
        shutil.copytree(folder, target / language, ignore=_NOT_PUBLISHED)
    for path in sorted(FRONT_DOOR.iterdir()):
        if path.suffix == ".html":
            text = render(path.read_text(encoding="utf-8"), site)
            (target / path.name).write_text(text, encoding="utf-8")
        else:
            shutil.copy(path, target / path.name)
    if site.url:
        names = page_names(target / language for language in pages)
        (target / "sitemap.xml").write_text(sitemap(site, names), encoding="utf-8")
    (
        target / ".nojekyll"
    ).touch()  # GitHub Pages would leave out folders that begin with an underscore


def _old(published: Path) -> Path:
    return published.with_name(f"{published.name}.old")


def restore(published: Path) -> None:
    """Put the old site back where a kill in the middle of :func:`swap` has left none."""
    if not published.exists() and _old(published).exists():
        _old(published).rename(published)


def pack(site: Path) -> None:
    """Pack all that the folder ``site`` holds into a zip in it, to be read without a connection."""
    folder = Path(WHOLE_SITE).stem
    files = {
        f"{folder}/{path.relative_to(site).as_posix()}": path.read_bytes()
        for path in site.rglob("*")
        if path.is_file()
    }
    write_zip(site / WHOLE_SITE, files)


def swap(new: Path, published: Path) -> None:
    """Put the whole folder ``new`` where ``published`` is: what is there is always one finished site or none."""
    old = _old(published)
    shutil.rmtree(old, ignore_errors=True)
    if published.exists():
        published.rename(old)
    new.rename(published)
    shutil.rmtree(old, ignore_errors=True)
