"""Let Sphinx say our own words in the reader's language.

They have a catalogue of their own, ``autograd_vi.po``, apart from the one that overrides the words of Sphinx and of
the theme. Whoever asks Sphinx's translator for a word, a template too, gets it from there where Sphinx has none:
gettext calls that a fallback.
"""

from __future__ import annotations

import gettext
import io
from pathlib import Path
from typing import TYPE_CHECKING

from _extensions.translation.catalogue_gate import catalogue_folders, is_translation
from facts.catalogue import OWN, read_catalogue

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def read_words(folder: Path) -> gettext.GNUTranslations | None:
    """Return our own words as the catalogue in ``folder`` has them; None where it has none or cannot be read."""
    try:
        entries = read_catalogue(folder / f"{OWN}.po")
    except (OSError, ValueError):
        return None  # the check of the catalogues names the file and the line
    return gettext.GNUTranslations(io.BytesIO(entries.to_binary()))


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Add the words of the language to Sphinx's translator."""
    if is_translation(config):
        for folder in catalogue_folders(config, Path(app.srcdir)):
            if words := read_words(folder):
                app.translator.add_fallback(words)
