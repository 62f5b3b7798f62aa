"""Photograph one page of each kind, as readers see it, so that a change of style is seen before it lands.

``make screenshots`` writes ``build/screenshots``: a picture of the window for each kind in ``page_kinds.toml``, width,
theme and language, and ``sheet.html``, which shows them all beside each other. Needs Chromium.
"""

from __future__ import annotations

import argparse
import html
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Literal

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "docs"))

from facts.chromium import FLAGS, find_chromium
from facts.folders import BUILD
from facts.page_kinds import Kind, read_kinds

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HEIGHTS = {1280: 800, 390: 844}
"""The windows, in pixels: how high each width is."""
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_SETTLED = 600  # milliseconds; a search shows its results, and a page's scripts have run

# At once, and below the bar that stays at the top of a narrow window.
_SHOW = """(element) => scrollTo({
    top: scrollY + element.getBoundingClientRect().top - 80, behavior: "instant"})"""

_SHEET = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>One page of each kind</title>
<style>
body {{ font: 14px sans-serif; margin: 1rem; }}
div {{ display: flex; gap: 8px; align-items: start; overflow-x: auto; }}
figure {{ margin: 0; }}
figcaption {{ color: #555; }}
img {{ display: block; height: 420px; border: 1px solid #ccc; }}
</style>
{rows}
</html>
"""


@dataclass(frozen=True)
class View:
    """How a page is photographed."""

    kind: Kind
    language: str
    width: int
    theme: Literal["light", "dark"]

    @property
    def file(self) -> str:
        """The name of the picture."""
        return f"{self.kind.name}-{self.language}-{self.width}-{self.theme}.png"


def languages(site: Path) -> list[str]:
    """Return the languages of a published site: its folders with a home page."""
    return sorted(path.parent.name for path in site.glob("*/index.html"))


def views(kinds: Iterable[Kind], codes: Iterable[str]) -> list[View]:
    """Return every kind in every language, width and theme."""
    return [View(*each) for each in product(kinds, codes, HEIGHTS, THEMES)]


def photograph(browser: Browser, site: Path, some: Iterable[View], out: Path) -> Iterator[Path]:
    """Photograph the window in each view, and yield the picture's file as soon as it is written.

    Args:
        browser: a running Chromium.
        site: the folder of the published site.
        some: what to photograph.
        out: the folder for the pictures.

    Raises:
        ValueError: a page has nothing that the window could be scrolled to.
    """
    for view in some:
        context = browser.new_context(
            viewport={"width": view.width, "height": HEIGHTS[view.width]},
            color_scheme=view.theme,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(f"{(site / view.language).as_uri()}/{view.kind.page}")
        page.wait_for_timeout(_SETTLED)
        if view.kind.at:
            found = page.locator(view.kind.at).first
            if not found.count():
                raise ValueError(f"{view.kind.page} ({view.language}) has no {view.kind.at}")
            found.evaluate(_SHOW)
            page.wait_for_timeout(_SETTLED)  # pictures that are read late
        path = out / view.file
        page.screenshot(path=path)
        context.close()
        yield path


def sheet(some: Sequence[View]) -> str:
    """Return a page that shows all pictures, those of a kind in one row."""
    rows = []
    for kind in dict.fromkeys(view.kind for view in some):
        figures = "\n".join(
            f'<figure><a href="{view.file}"><img src="{view.file}" alt="" loading="lazy"></a>'
            f"<figcaption>{view.language}, {view.width}, {view.theme}</figcaption></figure>"
            for view in some
            if view.kind == kind
        )
        rows.append(f"<h2>{html.escape(kind.name)}</h2>\n<div>\n{figures}\n</div>")
    return _SHEET.format(rows="\n".join(rows))


def main(arguments: Sequence[str]) -> int:
    """Photograph the published site, and return 0; 1 with a message where that cannot be done."""
    parser = argparse.ArgumentParser(description="Photograph one page of each kind.")
    parser.add_argument("--site", type=Path, default=BUILD / "html")
    parser.add_argument("--out", type=Path, default=BUILD / "screenshots")
    parser.add_argument("kinds", nargs="*", help="their names; all where nothing is named")
    asked = parser.parse_args(arguments)
    kinds = read_kinds()
    if unknown := sorted(set(asked.kinds) - {kind.name for kind in kinds}):
        names = ", ".join(kind.name for kind in kinds)
        print(f"there is no kind {unknown[0]!r}; the kinds are {names}", file=sys.stderr)
        return 1
    chromium = find_chromium()
    codes = languages(asked.site)
    if chromium is None or not codes:
        missing = (
            "Chromium: install Debian's package chromium" if codes else "the site: `make html`"
        )
        print(f"photograph.py needs {missing}", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # the messages above come first

    chosen = views([kind for kind in kinds if not asked.kinds or kind.name in asked.kinds], codes)
    asked.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for path in photograph(browser, asked.site.resolve(), chosen, asked.out):
            print(path.name, flush=True)
        browser.close()
    overview = asked.out / "sheet.html"
    overview.write_text(sheet(chosen), encoding="utf-8")
    print(f"the pictures are ready: {overview}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
