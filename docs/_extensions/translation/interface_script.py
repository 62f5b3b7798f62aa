"""Give the search page's script the words of a language.

Sphinx looks for a ``sphinx.js`` beside a language's ``sphinx.po``. This writes it, from those messages of the
catalogues of the interface that stand in a JavaScript file. Sphinx's own way to hand them over makes a function out of
a string, which the pages' Content-Security-Policy forbids; so the script sets the same three values itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import polib
from babel import UnknownLocaleError
from babel.messages.plurals import get_plural

from facts.catalogue import INTERFACE, read_catalogue


def interface_script(entries: Iterable[polib.POEntry], language: str) -> str:
    """Return the script that registers the translations among ``entries`` that scripts show."""
    messages: dict[str, str | list[str]] = {}
    for entry in entries:
        if entry.translated() and any(
            str(source).endswith(".js") for source, _ in entry.occurrences
        ):
            plural = [entry.msgstr_plural[index] for index in sorted(entry.msgstr_plural)]
            messages[entry.msgid] = plural or entry.msgstr
    try:
        expression = get_plural(language).plural_expr
    except UnknownLocaleError:
        expression = "0"
    data = {"LOCALE": language, "TRANSLATIONS": messages}
    return (
        f"Object.assign(Documentation, {json.dumps(data, ensure_ascii=False, sort_keys=True)});\n"
        f"Documentation.PLURAL_EXPR = (n) => Number({expression});\n"
    )


def write_interface_script(folder: Path, language: str) -> None:
    """Write ``sphinx.js`` into ``folder``, if a catalogue of the interface lies there and the text is new."""
    sources = [path for name in INTERFACE if (path := folder / f"{name}.po").is_file()]
    if not sources:
        return
    try:
        entries = [entry for path in sources for entry in read_catalogue(path)]
    except (OSError, ValueError):
        return  # the check of the catalogues names the file and the line
    script, target = interface_script(entries, language), folder / "sphinx.js"
    if not target.is_file() or target.read_text(encoding="utf-8") != script:
        target.write_text(script, encoding="utf-8")
