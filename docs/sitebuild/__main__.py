"""The verbs of the Makefile: ``cd docs && python -m sitebuild <verb>``."""

from __future__ import annotations

import argparse
import errno
import fcntl
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from facts.addresses import book_path
from facts.errors import ExplainedError
from facts.folders import BUILD, DOCS, GALLERY, GENERATED, ROOT, SITE_FILE
from facts.moved_pages import read_moved_pages
from facts.site import Site, SiteConfigError, read_site
from sitebuild import epub, languages, moved_pages, publish, run, translations, unchanged, wheel
from sitebuild.checks import compare_devices, executed_on, other_machines, perturb, same_bytes

PUBLISHED = BUILD / "html"
SITE_RECORD = BUILD / "site.json"
LEAST_SPACE = 4_000_000
"""With so few bytes free, a build that failed did so for want of space."""


@contextmanager
def _only_build() -> Iterator[None]:
    """Let one build at a time work in ``build/``; a second one waits and says so."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("another build is running here; waiting for it to finish", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(codes: list[str], site: Site, books: dict[str, Path]) -> None:
    """Build the languages ``codes`` and swap the finished site in, with the books."""
    package = wheel.build()
    settings = {"wheel_address": wheel.address(package), "epub_published": str(int(bool(books)))}
    pages = languages.build(codes, settings=settings)
    new = PUBLISHED.with_name("html.new")
    publish.assemble(pages, site, new)
    for code, book in books.items():
        shutil.copy(book, new / code / book_path(code))
    publish.pack(new)
    moved_pages.leave_behind(read_moved_pages(), site, codes, new)
    wheel.publish(package, new, PUBLISHED)
    publish.swap(new, PUBLISHED)


def html(only: list[str]) -> None:
    """Run what is stale, build the languages, and swap the finished site in."""
    site = read_site()
    codes = only or [language.code for language in site.languages]
    unknown = sorted(set(codes) - {language.code for language in site.languages})
    if unknown:
        raise SiteConfigError(
            f"language {', '.join(unknown)} is not in {SITE_FILE}; "
            f"allowed are {', '.join(language.code for language in site.languages)}"
        )
    with _only_build():
        publish.restore(PUBLISHED)
        run.execute()
        books = epub.finished(codes)
        made_from = unchanged.inputs(codes, list(books.values()))
        if unchanged.is_unchanged(SITE_RECORD, made_from, PUBLISHED):
            print("nothing has changed since the last build")
        else:
            _make(codes, site, books)
            # Only what was there before the build: a file that was changed meanwhile must count as new.
            unchanged.note(SITE_RECORD, made_from, PUBLISHED)
    print(f"the site is ready: {PUBLISHED / 'index.html'}")


def _is_source(_change: object, path: str) -> bool:
    """Whether a changed file was written by a person, not by a build."""
    return not path.endswith((".mo", ".pyc", "sphinx.js", "~")) and "__pycache__" not in path


def books() -> None:
    """Run what is stale and build the books of all languages."""
    with _only_build():
        run.execute()
        made = epub.build([language.code for language in read_site().languages])
    print("the books are ready:", *made, sep="\n  ")


def outputs() -> None:
    """Run what is stale."""
    with _only_build():
        run.execute()


def catalogues(arguments: list[str]) -> int:
    """Bring the catalogues up to date."""
    with _only_build():
        return translations.main(arguments)


def clean() -> None:
    """Remove all that a build makes."""
    shutil.rmtree(BUILD, ignore_errors=True)
    shutil.rmtree(GENERATED, ignore_errors=True)


def serve(port: int) -> None:
    """Show the site at a local address and rebuild it when a source changes."""
    import watchfiles  # noqa: PLC0415  # only this verb needs it

    # What a build writes below docs/ must not start the next one.
    made = (GENERATED,)
    watched = [
        *(path for path in DOCS.iterdir() if path not in made),
        GALLERY,
        ROOT / "src",
    ]
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]
    html([])
    print(f"http://127.0.0.1:{port}/  (Ctrl+C ends; watching {len(watched)} places for changes)")
    with subprocess.Popen([*command, "--directory", str(PUBLISHED)]) as server:
        try:
            for _ in watchfiles.watch(*watched, watch_filter=_is_source):
                try:
                    html([])
                except ExplainedError as error:
                    print(f"\nsitebuild: {error}", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print()
        finally:
            server.terminate()


def _disk() -> str:
    """Return what there is to say where the disk is full: the tools above say it in many ways, or not at all."""
    if shutil.disk_usage(ROOT).free > LEAST_SPACE:
        return ""
    return (
        f"\nsitebuild: the disk is full; the site in {PUBLISHED} is as it was. "
        "Free some space and build again."
    )


def main(argv: list[str] | None = None) -> int:
    """Do what the command line asks; return the exit status."""
    parser = argparse.ArgumentParser(prog="sitebuild", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verb = verbs.add_parser("html", help="build the site into build/html")
    verb.add_argument(
        "--language", action="append", default=[], help="only this language (may be repeated)"
    )
    verb = verbs.add_parser("serve", help="build, show at a local address, rebuild on changes")
    verb.add_argument("--port", type=int, default=8000)
    verbs.add_parser("epub", help="build the books into build/epub; `html` then publishes them")
    verbs.add_parser("run", help="run the stale scripts and notebook cells only")
    verbs.add_parser("fingerprint", help="print the digest of all that the outputs depend on")
    verb = verbs.add_parser("compare-devices", help="run all pages on two devices and compare")
    verb.add_argument("--record", type=Path, help="add the numbers that differ to this file")
    verbs.add_parser("same-bytes", help="build the last commit twice and compare file by file")
    verb = verbs.add_parser("executed-on", help="fail unless every page ran on this kind of device")
    verb.add_argument("device")
    verb = verbs.add_parser("other-machines", help="run the pages on imitated machines")
    verb.add_argument("pages", nargs="*", help="only pages whose names end so")
    verb = verbs.add_parser("perturb", help="change the values in the pages' asserts")
    verb.add_argument("pages", nargs="*", help="only pages whose names end so")
    verbs.add_parser("clean", help="remove all that a build makes")
    verbs.add_parser(
        "translations",
        help="extract messages, update the catalogues, show what is missing",
        add_help=False,
    )
    arguments, rest = parser.parse_known_args(argv)
    if rest and arguments.verb != "translations":
        parser.error(f"unknown arguments: {' '.join(rest)}")
    actions: dict[str, Callable[[], int | None]] = {
        "html": lambda: html(arguments.language),
        "serve": lambda: serve(arguments.port),
        "epub": books,
        "run": outputs,
        "fingerprint": lambda: print(run.fingerprint()),
        "compare-devices": lambda: compare_devices.main(arguments.record),
        "same-bytes": same_bytes.main,
        "executed-on": lambda: executed_on.main(arguments.device),
        "other-machines": lambda: other_machines.main(arguments.pages),
        "perturb": lambda: perturb.main(arguments.pages),
        "clean": clean,
        "translations": lambda: catalogues(rest),
    }
    try:
        return actions[arguments.verb]() or 0
    except ExplainedError as error:
        print(f"\nsitebuild: {error}{_disk()}", file=sys.stderr)
        return 1
    except OSError as error:
        # Copying a folder gathers its errors, and gives them no number.
        if error.errno != errno.ENOSPC and not (isinstance(error, shutil.Error) and _disk()):
            raise
        print(f"\nsitebuild: a file could not be written: {error}{_disk()}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
