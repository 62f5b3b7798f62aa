"""Publish every matplotlib figure of a gallery script twice: one picture for light pages, one for dark ones.

The figure's label (``fig.set_label("…")``) is its alternative text. It becomes an ordinary ``:alt:`` option, and so a
message of the page's catalogue; the words in the figure become messages by the directive ``figure-words``. Both
pictures are SVG with a transparent ground; the dark one differs in the colours that ``gallery.mplstyle`` sets.
Photographs in them are stored as JPEG.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from _extensions.run.figure_words import with_words, words_of

DARK = {
    "#1b1c1d": "#e4e6e8",
    "#0079b8": "#4db3ff",
    "#d55e00": "#ff9a57",
    "#009e73": "#4cd3a5",
    "#cc79a7": "#e79bc8",
    "#e69f00": "#f0b429",
    "#56b4e9": "#9fd8ff",
}
"""What stands on a dark page for each colour of ``gallery.mplstyle``: the foreground, then the cycle."""

_PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=\s]+)")
_LIGHT = re.compile("|".join(DARK))
_QUALITY = 85  # of JPEG, out of 95
_DECIMALS = re.compile(r"scale\([^)]*\)|(?P<short>\d+\.\d\d)\d+")
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_REST = re.compile(r"[*`|_\\<>]")  # what is markup in a paragraph of reST
_ESCAPED = r"\\\g<0>"
_WORTH = 0.5  # a map of values is smaller, and sharper, as PNG


def _as_jpeg(match: re.Match[str]) -> str:
    from PIL import Image  # noqa: PLC0415  # comes with matplotlib, which only the run needs

    png = base64.b64decode(match[1])
    image = Image.open(io.BytesIO(png))
    if min(image.convert("RGBA").getchannel("A").tobytes()) < 255:
        return match[0]  # JPEG knows no transparency
    jpeg = io.BytesIO()
    image.convert("RGB").save(jpeg, "JPEG", quality=_QUALITY, optimize=True)
    if len(jpeg.getvalue()) > _WORTH * len(png):
        return match[0]
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.getvalue()).decode()}"


def shrink_photographs(svg: str) -> str:
    """Return ``svg`` with its photographs as JPEG: matplotlib stores every picture as PNG, several times larger."""
    return _PNG.sub(_as_jpeg, svg)


def darken(svg: str) -> str:
    """Return ``svg`` in the colours of a dark page."""
    return _LIGHT.sub(lambda found: DARK[found[0]], svg)


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


def shorten(svg: str) -> str:
    """Return ``svg`` with two decimals in its coordinates, a hundredth of a pixel; matplotlib writes six."""
    return _DECIMALS.sub(lambda found: found["short"] or found[0], svg)


def words_rst(words: Iterable[str]) -> str:
    """Return the reST that makes a message of each of a figure's words; it belongs to the pictures before it."""
    paragraphs = [f"\n   {_REST.sub(_ESCAPED, word)}\n" for word in words]
    return "".join(["\n.. figure-words::\n", *paragraphs]) if paragraphs else ""


def _svg(figure: Any) -> str:
    """Return a figure as SVG, with its words as text and everything else as outlines."""
    import matplotlib as mpl  # noqa: PLC0415  # as below

    ways = []
    for kind in ("path", "none"):
        with mpl.rc_context({"svg.fonttype": kind}):
            file = io.StringIO()
            figure.savefig(file, format="svg", metadata=_NO_METADATA)
            ways.append(file.getvalue())
    return shorten(shrink_photographs(with_words(*ways)))


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
        ValueError: a figure has no alternative text, or a label that cannot be translated.
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
            svg = _svg(figure)
            light.write_text(svg, encoding="utf-8")
            dark.write_text(darken(svg), encoding="utf-8")
            rst.append(
                image_rst(
                    light.relative_to(source).as_posix(), dark.relative_to(source).as_posix(), alt
                )
                + words_rst(words_of(svg))
            )
    finally:
        plt.close("all")
    return "".join(rst)
