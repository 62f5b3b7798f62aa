"""Build every language from the run's outputs, side by side."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from facts.compiled_catalogues import remove_wrong_compiled
from facts.environment import run_environment
from facts.errors import BuildError
from facts.folders import BUILD, DOCS, LOCALE, ROOT
from sitebuild.last_good import UNFINISHED, restored_unless_finished

WORK = BUILD / "work"


def sphinx_command(
    language: str,
    work: Path = WORK,
    builder: str = "html",
    settings: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
) -> list[str]:
    """Return the command that builds one language: every warning is an error, all of them are shown.

    Args:
        language: the code of the language.
        work: where doctrees and pages are kept between builds.
        builder: the name of Sphinx's builder.
        settings: configuration values that only this build knows.
        tags: Sphinx's tags for this build.
    """
    return [
        *(sys.executable, "-m", "sphinx", "-b", builder, "-W", "--keep-going"),
        *("-D", f"language={language}", "-d", str(work / language / "doctrees")),
        *(word for tag in tags for word in ("-t", tag)),
        *(word for name, value in (settings or {}).items() for word in ("-D", f"{name}={value}")),
        *(str(DOCS), str(work / language / builder)),
    ]


def _relay(stream: IO[str], prefix: str) -> None:
    for line in stream:
        print(f"[{prefix}] {line.rstrip()}", flush=True)


def _side_by_side(commands: Mapping[str, Sequence[str]]) -> list[str]:
    """Run one command a language, each line of what it says with the language before it; return which ones failed."""
    running: dict[str, tuple[subprocess.Popen[str], threading.Thread]] = {}
    try:
        for language, command in commands.items():
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=run_environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
            assert process.stdout is not None  # noqa: S101  # tells the type checker what PIPE means
            reader = threading.Thread(target=_relay, args=(process.stdout, language))
            reader.start()
            running[language] = (process, reader)
        return [language for language, (process, _) in running.items() if process.wait()]
    finally:
        # Nothing may write any more when the folders are put back.
        for process, reader in running.values():
            process.kill()
            process.wait()
            reader.join()


def build(
    languages: Sequence[str],
    work: Path = WORK,
    builder: str = "html",
    settings: Mapping[str, str] | None = None,
    tags: Sequence[str] = (),
) -> dict[str, Path]:
    """Build ``languages`` at the same time and return where each one's pages lie.

    The arguments are those of :func:`sphinx_command`.

    Raises:
        BuildError: a language failed; its messages were printed with the language before each line, and the next
            build starts from where this one did.
    """
    with ExitStack() as folders:
        for language in languages:
            # Sphinx loads the interface's catalogue before any extension could look at it:
            # https://github.com/sphinx-doc/sphinx/issues/1771
            remove_wrong_compiled(LOCALE / language / "LC_MESSAGES", "sphinx.mo")
            folders.enter_context(restored_unless_finished(work / language))
        failed = _side_by_side(
            {
                language: sphinx_command(language, work, builder, settings, tags)
                for language in languages
            }
        )
        if failed:
            raise BuildError(
                f"the build of {', '.join(failed)} failed: the warnings above name the file and line; "
                "the site in build/html is still the last good one, if there was one. "
                f"The unfinished pages lie in {work}/<language>.{UNFINISHED}"
            )
    return {language: work / language / builder for language in languages}
