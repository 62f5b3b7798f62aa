"""Check the catalogues of a language before its pages are built.

Every problem of every catalogue is reported at once, with file and line: syntax, fuzzy and obsolete messages,
markup that differs from the source, glossary terms, spelling (:mod:`_extensions.translation.catalogue_check`).
A language without catalogues is refused. Nothing happens for the language that the pages are written in.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.errors import ConfigError, ExtensionError
from sphinx.util import logging

from _extensions.translation.catalogue_check import UNSAFE, check_catalogue
from _extensions.translation.interface_script import write_interface_script
from facts.catalogue import INTERFACE, read_catalogue
from facts.compiled_catalogues import remove_wrong_compiled
from facts.digests import file_digest
from facts.glossary import Glossary, GlossaryError, read_glossary

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

logger = logging.getLogger(__name__)


def catalogue_folders(config: Config, srcdir: Path) -> list[Path]:
    """Return the folders that hold the catalogues of the language being built."""
    return [srcdir / folder / config.language / "LC_MESSAGES" for folder in config.locale_dirs]


def catalogue_files(app: Sphinx, docname: str) -> list[Path]:
    """Return the catalogues of a page in the language being built; none where it needs none."""
    if not is_translation(app.config):
        return []
    folders = catalogue_folders(app.config, Path(app.srcdir))
    return [path for folder in folders if (path := folder / f"{docname}.po").is_file()]


def glossary_path(app: Sphinx) -> Path | None:
    """Return the file that ``glossary_file`` names, or None where the site has none."""
    return Path(app.srcdir, app.config.glossary_file) if app.config.glossary_file else None


def is_translation(config: Config) -> bool:
    """Tell whether the language being built is not the one that the pages are written in."""
    return bool(config.language != config.translation_source_language)


def read_glossary_of(config: Config, srcdir: Path) -> Glossary:
    """Return the glossary that ``glossary_file`` names, or an empty one."""
    return read_glossary(srcdir / config.glossary_file) if config.glossary_file else Glossary()


def on_config_inited(app: Sphinx, config: Config) -> None:
    """Refuse a language without catalogues, and catalogues of the source language; write the scripts' words."""
    try:
        read_glossary_of(config, Path(app.srcdir))
    except GlossaryError as error:
        raise ConfigError(str(error)) from error
    folders = catalogue_folders(config, Path(app.srcdir))
    if not is_translation(config):
        if found := [folder for folder in folders if folder.is_dir()]:
            raise ConfigError(
                f"{found[0]} would replace the words of the pages without a check: the pages are written in "
                f"{config.language!r}. Remove the folder, and change the pages themselves"
            )
        return
    if not any(folder.is_dir() and any(folder.rglob("*.po")) for folder in folders):
        raise ConfigError(
            f"the language {config.language!r} has no catalogues: {folders[0] if folders else 'locale_dirs'} "
            "holds no .po file. Run `make translations` to create them, or take the language out of site.toml"
        )
    words = (path for folder in folders for name in INTERFACE for path in folder.glob(f"{name}.po"))
    config.interface_digest = "".join(map(file_digest, words))
    for folder in folders:
        if folder / "sphinx.mo" in remove_wrong_compiled(folder):
            # Sphinx has loaded this one already: https://github.com/sphinx-doc/sphinx/issues/1771
            raise ConfigError(
                f"{folder / 'sphinx.mo'} did not say what sphinx.po says; it was removed: build again"
            )
        write_interface_script(folder, config.language)


def on_builder_inited(app: Sphinx) -> None:
    """Check all catalogues of the language and report every problem at once."""
    if not is_translation(app.config):
        return
    glossary = read_glossary_of(app.config, Path(app.srcdir))
    broken, unsafe = [], []
    for folder in catalogue_folders(app.config, Path(app.srcdir)):
        for path in sorted(folder.rglob("*.po")):
            try:
                entries = read_catalogue(path)
            except ValueError as error:
                broken.append(str(error))
                continue
            interface = path.parent == folder and path.stem in INTERFACE
            for problem in check_catalogue(
                entries, app.config.language, glossary, interface=interface
            ):
                if problem.kind == UNSAFE:
                    unsafe.append(f"{path}:{problem.line}: {problem.text}")
                    continue
                logger.warning(
                    "%s",
                    problem.text,
                    type="translation",
                    subtype=problem.kind,
                    location=f"{path}:{problem.line}",
                )
    if unsafe:
        raise ExtensionError(
            "\n".join(["translations that would do something; no page was read:", *unsafe])
        )
    if broken:
        raise ExtensionError("\n".join(["catalogues that cannot be read:", *broken]))
