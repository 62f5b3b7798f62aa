"""Each verb of the command line does its own thing, and an error that explains itself ends it with one message."""

from __future__ import annotations

import errno
import fcntl
import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from facts.errors import BuildError
from facts.site import SiteConfigError
from sitebuild import __main__ as commands
from sitebuild import epub, run


@pytest.fixture(autouse=True)
def own_build_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the project's own build out of these tests; the value is the folder in its place."""
    monkeypatch.setattr(commands, "BUILD", tmp_path / "build")
    monkeypatch.setattr(commands, "GENERATED", tmp_path / "gallery")
    return tmp_path / "build"


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """Note which check is called, and with what; each ends with status 7."""
    calls: list[tuple[Any, ...]] = []
    for module in ("compare_devices", "executed_on", "other_machines", "perturb", "same_bytes"):

        def noted(*arguments: object, name: str = module) -> int:
            calls.append((name, *arguments))
            return 7

        monkeypatch.setattr(f"sitebuild.checks.{module}.main", noted)
    return calls


@pytest.mark.parametrize(
    ("arguments", "call"),
    [
        (["compare-devices"], ("compare_devices", None)),
        (["compare-devices", "--record", "a.toml"], ("compare_devices", Path("a.toml"))),
        (["executed-on", "cuda"], ("executed_on", "cuda")),
        (["other-machines"], ("other_machines", [])),
        (["other-machines", "plot_a", "plot_b"], ("other_machines", ["plot_a", "plot_b"])),
        (["perturb", "plot_a"], ("perturb", ["plot_a"])),
    ],
)
def test_a_check_gets_its_arguments_and_gives_the_status(
    called: list[tuple[Any, ...]], arguments: list[str], call: tuple[Any, ...]
) -> None:
    assert commands.main(arguments) == 7
    assert called == [call]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: verb"),
        (["paint"], "invalid choice: 'paint'"),
        (["html", "--langage", "vi"], "unknown arguments: --langage vi"),
        (["executed-on"], "the following arguments are required: device"),
        (["serve", "--port", "many"], "invalid int value: 'many'"),
    ],
)
def test_what_no_verb_knows_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    with pytest.raises(SystemExit) as refusal:
        commands.main(arguments)
    assert refusal.value.code == 2
    assert message in capsys.readouterr().err


def test_the_arguments_of_translations_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr("sitebuild.translations.main", seen.append)
    assert commands.main(["translations", "vi"]) == 0
    assert seen == [["vi"]]


def test_outputs_books_and_fingerprint_come_from_the_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    done: list[str] = []
    monkeypatch.setattr(run, "execute", lambda: done.append("run"))
    monkeypatch.setattr(run, "fingerprint", lambda: "abc123")
    monkeypatch.setattr(epub, "build", lambda codes: [Path(f"{code}.epub") for code in codes])
    assert [commands.main([verb]) for verb in ("run", "epub", "fingerprint")] == [0, 0, 0]
    assert done == ["run", "run"]
    assert capsys.readouterr().out == ("the books are ready:\n  vi.epub\n  en.epub\nabc123\n")


def test_cleaning_removes_what_a_build_makes_and_is_content_with_nothing(
    own_build_folder: Path,
) -> None:
    for folder in (own_build_folder, own_build_folder.with_name("gallery")):
        (folder / "deep").mkdir(parents=True)
    assert [commands.main(["clean"]), commands.main(["clean"])] == [0, 0]
    assert list(own_build_folder.parent.iterdir()) == []


def test_a_language_that_the_site_does_not_have_is_refused_before_anything_runs(
    capsys: pytest.CaptureFixture[str], own_build_folder: Path
) -> None:
    assert commands.main(["html", "--language", "xx", "--language", "vi"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("\nsitebuild: language xx is not in ")
    assert said.endswith("allowed are vi, en\n")
    assert not own_build_folder.exists()


def _fail_with(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail() -> None:
        raise error

    monkeypatch.setattr(run, "execute", fail)


FULL = OSError(errno.ENOSPC, "No space left on device")
GATHERED = shutil.Error([("a", "b", "[Errno 28] No space left on device")])


@pytest.mark.parametrize(
    ("error", "free", "message"),
    [
        (BuildError("mend it"), 10**9, "\nsitebuild: mend it\n"),
        (BuildError("mend it"), 10, "mend it\nsitebuild: the disk is full; the site in "),
        (FULL, 10**9, "a file could not be written: [Errno 28]"),
        (FULL, 10, "Free some space and build again."),
        (GATHERED, 10, "Free some space and build again."),
    ],
)
def test_an_error_that_explains_itself_ends_the_build_with_one_message(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: Exception,
    free: int,
    message: str,
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    _fail_with(monkeypatch, error)
    assert commands.main(["run"]) == 1
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), GATHERED])
def test_any_other_error_of_the_system_is_no_full_disk(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=10**9))
    _fail_with(monkeypatch, error)
    with pytest.raises(type(error)):
        commands.main(["run"])


def test_a_second_build_waits_for_the_first_and_says_so(
    own_build_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    waits = threading.Event()

    def say(text: str, **_: object) -> None:
        order.append(text)
        waits.set()

    monkeypatch.setattr(commands, "print", say, raising=False)
    monkeypatch.setattr(run, "execute", lambda: order.append("second"))
    own_build_folder.mkdir()
    second = threading.Thread(target=commands.main, args=(["run"],))
    with (own_build_folder / ".lock").open("w") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        second.start()
        assert waits.wait(60)
        order.append("first")
    second.join(60)
    waiting = "another build is running here; waiting for it to finish"
    assert order == [waiting, "first", "second"]


@pytest.mark.parametrize(
    ("path", "rebuilds"),
    [
        ("docs/index.md", True),
        ("docs/locale/vi/LC_MESSAGES/index.po", True),
        ("docs/locale/vi/LC_MESSAGES/index.mo", False),
        ("docs/facts/__pycache__/site.cpython-311.pyc", False),
        ("docs/index.md~", False),
    ],
)
def test_only_what_a_person_wrote_rebuilds_the_shown_site(path: str, rebuilds: bool) -> None:
    assert commands._is_source(None, path) is rebuilds


@pytest.fixture
def changes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let sources change so many times, and then the author press Ctrl+C."""

    def set_number(number: int) -> None:
        def watch(*paths: Path, watch_filter: Callable[[object, str], bool]) -> Iterator[object]:
            assert all(path.exists() for path in paths)
            assert watch_filter(None, "docs/index.md")
            yield from range(number)
            raise KeyboardInterrupt

        monkeypatch.setitem(sys.modules, "watchfiles", SimpleNamespace(watch=watch))

    return set_number


def test_a_shown_site_outlives_a_build_that_fails(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    changes: Callable[[int], None],
) -> None:
    builds: list[list[str]] = []

    def build(only: list[str]) -> None:
        builds.append(only)
        if len(builds) == 2:
            raise SiteConfigError("a wrong word")

    changes(2)
    monkeypatch.setattr(commands, "html", build)
    monkeypatch.setattr(commands, "PUBLISHED", tmp_path)
    assert commands.main(["serve", "--port", "0"]) == 0
    assert builds == [[], [], []]
    said = capsys.readouterr()
    assert "http://127.0.0.1:0/  (Ctrl+C ends; watching " in said.out
    assert said.err.count("sitebuild: a wrong word") == 1
