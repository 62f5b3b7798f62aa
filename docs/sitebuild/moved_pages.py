"""Leave behind what leads on, wherever a page once was: old links and bookmarks still arrive.

An old address shows a page of a few lines, which goes on to the new one and takes the place on the page along; without
JavaScript it goes on too, to the page's beginning. No search engine lists it, and neither does the site map, the search
or a book. The notebooks and the script lie at their old addresses once more: Colab opens a file, and follows nothing.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from facts.addresses import download_paths, page_path, page_url, to_language_folder, to_root
from facts.errors import BuildError
from facts.folders import DOCS, MOVED_PAGES_FILE
from facts.site import Language, Site
from sitebuild.publish import render

TEMPLATE = DOCS / "_templates" / "moved_page.html"


def leading_page(site: Site, language: Language, old: str, new: str) -> str:
    """Return the page at the address of ``old`` that leads to ``new``."""
    folder = to_language_folder(old)
    return render(
        TEMPLATE.read_text(encoding="utf-8"),
        site,
        language=language,
        to=folder + page_path(new),
        address=page_url(site, language.code, new),
        folder=folder,
        root=to_root(old),
    )


def _write_new(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def leave_behind(
    moved: Mapping[str, str], site: Site, languages: Iterable[str], target: Path
) -> None:
    """Write what leads on into the finished site in ``target``, for each of the languages' codes.

    Raises:
        BuildError: an old address is a page's own, or the page that it leads to is not there.
    """
    for language in (known for known in site.languages if known.code in set(languages)):
        folder = target / language.code
        for old, new in moved.items():
            if not (folder / page_path(new)).is_file():
                raise BuildError(
                    f"{MOVED_PAGES_FILE}: {old} leads to {new}, which is no page: name the page's newest place"
                )
            if (folder / page_path(old)).exists():
                raise BuildError(
                    f"{MOVED_PAGES_FILE}: {old} is a page again: remove the line, or name the page otherwise"
                )
            _write_new(folder / page_path(old), leading_page(site, language, old, new))
            downloads = zip(download_paths(old).values(), download_paths(new).values(), strict=True)
            for before, now in downloads:
                if (folder / now).is_file():
                    (folder / before).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(folder / now, folder / before)
