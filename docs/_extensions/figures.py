"""Publish every matplotlib figure of a gallery script twice: one picture for light pages, one for dark ones.

The figure's label (``fig.set_label("…")``) is its alternative text. It becomes an ordinary ``:alt:`` option, and so a
message of the page's catalogue. Both pictures are SVG with a transparent ground; the dark one differs in the
foreground colour that ``gallery.mplstyle`` sets.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

LIGHT_FOREGROUND = "#1b1c1d"
DARK_FOREGROUND = "#e4e6e8"


def darken(svg: str) -> str:
    """Return ``svg`` with the foreground of a dark page."""
    return svg.replace(LIGHT_FOREGROUND, DARK_FOREGROUND)


def image_rst(light: str, dark: str, alt: str) -> str:
    """Return the reST of the two pictures with the same alternative text.

    Args:
        light: path of the picture for light pages, from the Sphinx source folder.
        dark: the same for dark pages.
        alt: the alternative text.
    """
    return "".join(
        f"\n.. image:: /{path}\n   :alt: {alt}\n   :class: figure {theme}\n"
        for path, theme in ((light, "only-light"), (dark, "only-dark"))
    )


def _alternative_text(figure: Any, script: Path) -> str:
    text = " ".join(str(figure.get_label()).split())
    if len(text.split()) < 3:
        raise ValueError(
            f"{script}: a figure has the alternative text {text!r}. Describe it in a sentence: fig.set_label('…')"
        )
    return text


def scrape(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Save the open figures and return the reST that shows them.

    The signature is sphinx-gallery's (``image_scrapers``).

    Raises:
        ValueError: a figure has no alternative text.
    """
    del block
    import matplotlib.pyplot as plt  # noqa: PLC0415  # the language builds load no matplotlib

    source = Path(gallery_conf["src_dir"])
    rst = []
    try:
        for number, png in zip(plt.get_fignums(), block_vars["image_path_iterator"], strict=False):
            figure = plt.figure(number)
            alt = _alternative_text(figure, Path(block_vars["src_file"]))
            light = Path(png).with_suffix(".svg")
            dark = light.with_name(f"{light.stem}_dark.svg")
            figure.savefig(light, metadata={"Date": None})
            dark.write_text(darken(light.read_text(encoding="utf-8")), encoding="utf-8")
            rst.append(
                image_rst(
                    light.relative_to(source).as_posix(), dark.relative_to(source).as_posix(), alt
                )
            )
    finally:
        plt.close("all")
    return "".join(rst)
