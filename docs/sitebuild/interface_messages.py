"""Collect the words of the interface: what Sphinx, the theme, our templates and our scripts say by themselves.

They form two catalogues: ``sphinx`` overrides those that Sphinx and the theme ship, ``autograd_vi`` has our own words.
Which of Sphinx's files say words to readers is written down nowhere (one that was forgotten:
https://github.com/sphinx-doc/sphinx/issues/1419).
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import polib
from babel.messages.extract import extract_from_file

from facts.catalogue import OVERRIDING, OWN
from facts.errors import BuildError
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


def _files(
    docs: Path, sources: Mapping[str, Sequence[str]] = _SOURCES
) -> Iterator[tuple[Path, str]]:
    for package, patterns in sources.items():
        spec = importlib.util.find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise ModuleNotFoundError(f"{package} is not installed; `make html` installs it")
        root = Path(spec.submodule_search_locations[0])
        for pattern in patterns:
            paths = sorted(root.glob(pattern))
            if not paths:
                # Its words would leave the catalogue without a sound, and come back in English.
                raise BuildError(
                    f"{package} has no {pattern} any more; find where its words have gone, and mend _SOURCES in "
                    "docs/sitebuild/interface_messages.py"
                )
            for path in paths:
                yield path, f"{package}/{path.relative_to(root).as_posix()}"
    for pattern in _OWN_SOURCES:
        for path in sorted(docs.glob(pattern)):
            yield path, f"docs/{path.relative_to(docs).as_posix()}"


def interface_messages(
    docs: Path, sources: Mapping[str, Sequence[str]] = _SOURCES
) -> list[polib.POEntry]:
    """Return one empty entry for every message of the interface, with the files that say it.

    Args:
        docs: the folder that holds ``_extensions``, ``_templates`` and ``_static``.
        sources: the patterns of the files of other packages.

    Raises:
        BuildError: a package has no file that fits a pattern.
    """
    entries: dict[tuple[str, str], polib.POEntry] = {}
    for path, name in _files(docs, sources):
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


def _known_to_sphinx() -> frozenset[str]:
    """Return all messages of the catalogues that Sphinx ships; its translation of one would win over ours."""
    spec = importlib.util.find_spec("sphinx")
    assert spec is not None and spec.submodule_search_locations  # noqa: S101, PT018  # it runs this build
    template = Path(spec.submodule_search_locations[0], "locale", "sphinx.pot")
    return frozenset(entry.msgid for entry in polib.pofile(str(template)))


def interface_catalogues(docs: Path) -> dict[str, list[polib.POEntry]]:
    """Return the messages of the interface by catalogue: our own words apart from those that override others'."""
    catalogues: dict[str, list[polib.POEntry]] = {OVERRIDING: [], OWN: []}
    known = _known_to_sphinx()
    for entry in interface_messages(docs):
        ours = all(name.startswith(("docs/", "src/")) for name, _line in entry.occurrences)
        catalogues[OWN if ours and entry.msgid not in known else OVERRIDING].append(entry)
    return catalogues
