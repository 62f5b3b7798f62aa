"""Collect the words of the interface: what Sphinx, the theme, our templates and our scripts say by themselves.

They form the catalogue ``sphinx``, which overrides the catalogues that Sphinx ships.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import polib
from babel.messages.extract import extract_from_file

from facts.package_file import load_package_file

# What the HTML and EPUB pages of this site can show; the other builders' words are left out.
_SOURCES = {
    "sphinx": (
        "builders/html/__init__.py",
        "config.py",
        "domains/changeset.py",
        "domains/__init__.py",
        "domains/python/*.py",
        "domains/std/__init__.py",
        "environment/adapters/*.py",
        "ext/autodoc/_*.py",
        "ext/intersphinx/_resolve.py",
        "ext/napoleon/*.py",
        "locale/__init__.py",
        "themes/basic/layout.html",
        "themes/basic/search.html",
        "themes/basic/static/*.js",
        "writers/html5.py",
    ),
    "furo": ("theme/furo/*.html", "theme/furo/components/*.html", "theme/furo/partials/*.html"),
}
_OWN_SOURCES = ("_extensions/**/*.py", "_templates/**/*.html", "_static/**/*.js")
_METHODS = {".py": "python", ".html": "jinja2", ".js": "javascript"}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2)}
# Messages of Sphinx for authors, among those for readers.
_FOR_AUTHORS = ("glossary ", "Support for source encodings")


def _files(docs: Path) -> Iterator[tuple[Path, str]]:
    for package, patterns in _SOURCES.items():
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"{package} is not installed; `make html` installs it")
        root = Path(spec.submodule_search_locations[0])
        for pattern in patterns:
            for path in sorted(root.glob(pattern)):
                yield path, f"{package}/{path.relative_to(root).as_posix()}"
    for pattern in _OWN_SOURCES:
        for path in sorted(docs.glob(pattern)):
            yield path, f"docs/{path.relative_to(docs).as_posix()}"


def interface_messages(docs: Path) -> list[polib.POEntry]:
    """Return one empty entry for every message of the interface, with the files that say it.

    ``docs`` is the folder that holds ``_extensions``, ``_templates`` and ``_static``.
    """
    entries: dict[tuple[str, str], polib.POEntry] = {}
    for path, name in _files(docs):
        found = extract_from_file(_METHODS[path.suffix], str(path), keywords=_KEYWORDS)
        for _line, message, _comments, _context in found:
            singular, plural = (
                (message, "") if isinstance(message, str) else (message[0], message[1])
            )
            if not singular.strip() or singular.startswith(_FOR_AUTHORS):
                continue
            entry = entries.setdefault(
                (singular, plural), polib.POEntry(msgid=singular, msgid_plural=plural)
            )
            if plural:
                entry.msgstr_plural = {0: "", 1: ""}
            if (name, "") not in entry.occurrences:
                entry.occurrences.append((name, ""))
    for singular in load_package_file("render/words.py").WORDS.values():
        entry = entries.setdefault((singular, ""), polib.POEntry(msgid=singular))
        entry.occurrences.append(("src/autograd_vi/render/words.py", ""))
    return list(entries.values())
