"""Extract the messages of all pages, bring the catalogues up to date, and show what is missing.

The catalogues' text is made to change as little as possible from one extraction to the next: no dates,
no line numbers, one wrap width, Unicode normal form C. A language's folder is worked on aside and its
files are replaced one by one, each whole.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import polib
import sphinx_intl.basic
from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from facts.catalogue import INTERFACE, read_catalogue
from facts.curriculum import read_pages
from facts.environment import run_environment
from facts.errors import BuildError
from facts.folders import BUILD, DOCS, GLOSSARY_FILE, SITE_FILE
from facts.glossary import Glossary, read_glossary
from facts.site import read_site
from facts.whole_file import write_whole
from sitebuild.interface_messages import interface_catalogues
from sitebuild.last_good import restored_unless_finished
from sitebuild.progress import progress, report

WRAP_WIDTH = 100
_OLD_SOURCE = re.compile(r"^\| msg(?:ctxt|id)\b", re.MULTILINE)


def missing_outputs(docs: Path, docnames: Iterable[str]) -> list[str]:
    """Return those gallery pages that no run has written yet."""
    return [name for name in docnames if not (docs / f"{name}.rst").is_file()]


def extract(docs: Path, templates: Path, doctrees: Path, settings: Sequence[str] = ()) -> None:
    """Write a template (.pot) for each page of ``docs`` into ``templates``, and two for the interface.

    ``settings`` override conf.py, written like ``name=value``. A warning is an error: messages that are not
    found would be taken out of the catalogues.

    Raises:
        BuildError: Sphinx failed or warned; its own message was printed.
    """
    shutil.rmtree(templates, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-b", "gettext", "-q", "-W", "-d", str(doctrees)]
    for setting in settings:
        command += ["-D", setting]
    with restored_unless_finished(doctrees):
        finished = subprocess.run(
            [*command, str(docs), str(templates)], cwd=DOCS, env=run_environment(), check=False
        )
        if finished.returncode:
            raise BuildError(
                "extracting the messages failed, so no catalogue was changed; Sphinx's message above says where"
            )
    for name, entries in interface_catalogues(docs).items():
        template = polib.POFile()
        template.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
        template.extend(entries)
        template.save(str(templates / f"{name}.pot"))


def _sources_of_translations(folder: Path) -> dict[str, str]:
    """Return translation to source of every catalogue in ``folder``.

    Raises:
        BuildError: a catalogue cannot be read; the message names the file and the line.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*.po")):
        try:
            found |= {entry.msgstr: entry.msgid for entry in read_catalogue(path)}
        except ValueError as error:
            raise BuildError(str(error)) from None
    return found


def _fill_from(translated: dict[str, str], entries: polib.POFile) -> None:
    for entry in entries:
        if not entry.msgstr and not entry.msgid_plural and entry.msgid in translated:
            entry.msgstr = translated[entry.msgid]
            entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]


def _glossary_terms(locale: Path, language: str) -> dict[str, str]:
    """Return term to translation of the glossary beside ``locale``, if there is catalogue."""
    path = locale.parent / GLOSSARY_FILE.name
    glossary = read_glossary(path) if path.is_file() else Glossary()
    return {
        term.term: term.languages[language].term
        for term in glossary.terms
        if language in term.languages
    }


def _place_interface(entries: polib.POFile, template: polib.POFile) -> None:
    """Note where each word of the interface comes from; forget translations that were found by likeness."""
    # The places a message comes from can change while the messages stay the same.
    places = {entry.msgid: entry.occurrences for entry in template}
    for entry in entries:
        entry.occurrences = places.get(entry.msgid, [])
        if entry.fuzzy:  # words as short as these resemble each other by chance
            entry.msgstr = ""
            entry.flags = []


def normalized(
    entries: polib.POFile, language: str, order: Sequence[str], *, interface: bool
) -> str:
    """Return the text of a catalogue without what would change by itself.

    ``order`` is the order of the messages in the template; a message that is not in it is dropped.
    """
    place = {message: index for index, message in enumerate(order)}
    catalogue = polib.POFile(wrapwidth=WRAP_WIDTH)
    catalogue.metadata = {
        "Project-Id-Version": "autograd_vi",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(language),
    }
    kept = [entry for entry in entries if not entry.obsolete and entry.msgid in place]
    for entry in sorted(kept, key=lambda entry: place[entry.msgid]):
        entry.msgstr = unicodedata.normalize("NFC", entry.msgstr)
        entry.occurrences = [(source, "") for source, _ in entry.occurrences] if interface else []
        entry.flags = [flag for flag in entry.flags if flag == "fuzzy"]
        entry.comment = ""
        # Babel, which updates the catalogue, reads what the last update wrote behind #| as a comment.
        entry.tcomment = _OLD_SOURCE.split(entry.tcomment, maxsplit=1)[0].rstrip()
        if not entry.fuzzy:
            entry.previous_msgid = None
        catalogue.append(entry)
    return str(catalogue).removeprefix("#\n").rstrip("\n") + "\n"


def _plural_forms(language: str) -> str:
    try:
        plural = get_plural(Locale.parse(language))
    except (UnknownLocaleError, ValueError):
        return "nplurals=1; plural=0;"
    return f"nplurals={plural.num_plurals}; plural={plural.plural_expr};"


def update(locale: Path, language: str, templates: Path, scratch: Path) -> list[str]:
    """Bring the catalogues of ``language`` in the folder ``locale`` up to date with the templates.

    New messages are added (and filled from the glossary and from other catalogues, where one says the same
    message), messages that no page has any more are removed, changed ones keep their old translation,
    marked fuzzy.
    Returns what was done, one line a changed file.

    Raises:
        BuildError: a catalogue cannot be read; the message names the file and the line.
    """
    folder = locale / language / "LC_MESSAGES"
    before = _sources_of_translations(folder)
    shutil.rmtree(scratch, ignore_errors=True)
    work = scratch / language / "LC_MESSAGES"
    if folder.is_dir():
        shutil.copytree(folder, work, ignore=shutil.ignore_patterns("*.mo", "*.js"))
    with contextlib.redirect_stdout(io.StringIO()):  # its own report names the copies
        sphinx_intl.basic.update(
            str(scratch), str(templates), (language,), 0, ignore_obsolete=True, jobs=1
        )
    names = {path.relative_to(templates).with_suffix("") for path in templates.rglob("*.pot")}
    updated = {name: polib.pofile(str(work / f"{name}.po")) for name in sorted(names)}
    translated = _glossary_terms(locale, language) | {
        entry.msgid: entry.msgstr
        for name, entries in updated.items()
        if str(name) not in INTERFACE
        for entry in entries.translated_entries()
    }
    done = []
    for name, entries in updated.items():
        interface = str(name) in INTERFACE
        template = polib.pofile(str(templates / f"{name}.pot"))
        if interface:
            _place_interface(entries, template)
        else:
            _fill_from(translated, entries)
            for entry in entries:
                if entry.fuzzy:
                    entry.previous_msgid = before.get(entry.msgstr)
        text = normalized(
            entries, language, [entry.msgid for entry in template], interface=interface
        )
        target = folder / f"{name}.po"
        if not target.is_file() or target.read_text(encoding="utf-8") != text:
            done.append(f"{'updated' if target.is_file() else 'created'} {target}")
            target.parent.mkdir(parents=True, exist_ok=True)
            write_whole(target, text)
    for path in sorted(folder.rglob("*.po")):
        if path.relative_to(folder).with_suffix("") not in names:
            path.unlink()
            done.append(f"removed {path}: no page has its messages any more")
    shutil.rmtree(scratch, ignore_errors=True)
    return done


def main(argv: Sequence[str] = ()) -> int:
    """Update the catalogues of the languages named in ``argv`` (default: all) and report; return 0.

    Raises:
        BuildError: outputs are missing, Sphinx failed, or a catalogue cannot be read.
    """
    site = read_site()
    parser = argparse.ArgumentParser(prog="sitebuild translations", description=__doc__)
    parser.add_argument("language", nargs="*", help="default: every language of site.toml")
    languages = parser.parse_args(argv).language or site.translations
    if unknown := sorted(set(languages) - set(site.translations)):
        raise BuildError(
            f"{', '.join(unknown)} is no language to translate into; {SITE_FILE} has "
            f"{', '.join(site.translations)}: add a language there first"
        )
    pages = [page.docname for page in read_pages()]
    if missing := missing_outputs(DOCS, pages):
        raise BuildError(
            f"the outputs of {', '.join(missing)} are missing: run `make html` first "
            "(the messages are taken from the pages that the run writes)"
        )
    templates = BUILD / "gettext"
    # Cells are code: their outputs hold no message, so none has to run.
    extract(DOCS, templates, BUILD / "work" / "gettext", ["nb_execution_mode=off"])
    for language in languages:
        locale = DOCS / "locale"
        for line in update(locale, language, templates, BUILD / "work" / "locale"):
            print(line)
        print(report(language, progress(locale / language / "LC_MESSAGES")))
    return 0
