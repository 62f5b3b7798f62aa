"""The same commit gives the same bytes: anywhere, at any time, and whatever happened to the builds before."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sandbox_site import Sandbox

from facts.digests import folder_digests
from sitebuild.checks.same_bytes import differing

pytestmark = pytest.mark.xdist_group("bytes")
slow = pytest.mark.slow

KILLS = int(os.environ.get("AUTOGRAD_VI_KILLS", "50"))
KILLS_A_ROUND = 5
ATTEMPTS = 20


def test_files_that_are_missing_or_not_the_same_differ(tmp_path: Path) -> None:
    for name, text in (("one/a", "1"), ("one/b/c", "2"), ("other/a", "1"), ("other/b/c", "3")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "other" / "new").touch()
    one, other = folder_digests(tmp_path / "one"), folder_digests(tmp_path / "other")
    assert list(one) == ["a", "b/c"]
    assert differing(one, other) == differing(other, one) == ["b/c", "new"]
    assert differing(one, one) == []


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    sandbox = Sandbox.create(tmp_path_factory.mktemp("bytes") / "project")
    built = sandbox.build()
    assert built.status == 0, built.output[-3000:]
    return sandbox


@slow
def test_a_clean_build_elsewhere_and_later_gives_the_same_bytes(
    undisturbed: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Ho_Chi_Minh")
    monkeypatch.setenv("PYTHONHASHSEED", "12345")
    other = Sandbox.create(tmp_path / "another folder" / "project")
    built = other.build()
    assert built.status == 0, built.output[-3000:]
    assert differing(other.digests(), undisturbed.digests()) == []


@slow
def test_a_build_killed_between_the_md5_and_the_page_is_made_whole(undisturbed: Sandbox) -> None:
    """sphinx-gallery writes the script's MD5 before its page; a kill in between leaves just this."""
    before = undisturbed.digests()
    folder = undisturbed.root / "docs" / "gallery" / "first"
    (folder / "plot_square.rst").unlink()
    assert (folder / "plot_square.py.md5").is_file()
    built = undisturbed.build()
    assert built.status == 0, built.output[-3000:]
    assert "run: 1 of 2 scripts" in built.output
    assert differing(undisturbed.digests(), before) == []


KILL = """
import os, signal

def setup(app):
    app.connect("html-collect-pages", lambda app: os.killpg(0, signal.SIGKILL))
"""


@slow
def test_a_build_killed_between_the_pages_and_their_pictures_is_made_whole(
    undisturbed: Sandbox, tmp_path: Path
) -> None:
    """Sphinx copies the pictures of the pages that it writes, and would not write these again."""
    sandbox = Sandbox.create(tmp_path / "project")
    settings = sandbox.root / "docs" / "conf.py"
    whole = settings.read_text(encoding="utf-8")
    settings.write_text(whole + KILL, encoding="utf-8")
    killed = subprocess.run(
        sandbox.command(),
        cwd=sandbox.root / "docs",
        env=sandbox.environment(),
        start_new_session=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    work = sandbox.root / "build" / "work"
    pages = list(work.rglob("html/**/plot_square.html"))
    assert pages
    assert not list(work.rglob("html/_images/sphx_glr_plot_square_001.svg"))
    settings.write_text(whole, encoding="utf-8")
    _timed(sandbox)
    assert differing(sandbox.digests(), undisturbed.digests()) == []


@dataclass
class Killer:
    """Kills builds at random moments of the time that one takes undisturbed, and counts those that it met alive."""

    sandbox: Sandbox
    chance: random.Random
    seconds: float
    moments: list[float] = field(default_factory=list)

    def kill(self, *verb: str) -> None:
        """Start builds until one is killed before it ends, with all its processes."""
        for _ in range(ATTEMPTS):
            moment = self.chance.uniform(0, self.seconds)
            started = time.monotonic()
            with (self.sandbox.root / "killed.log").open("w") as log:
                process = subprocess.Popen(
                    self.sandbox.command(*verb),
                    cwd=self.sandbox.root / "docs",
                    env=self.sandbox.environment(),
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                try:
                    process.wait(moment)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    self.moments.append(moment)
                    return
            # It had less to do than the undisturbed one, or the machine became faster.
            self.seconds = time.monotonic() - started
        pytest.fail(f"no build of {ATTEMPTS} was still running when it was to be killed")

    def __str__(self) -> str:
        return ", ".join(f"{moment:.2f}" for moment in self.moments)


def _timed(sandbox: Sandbox, *verb: str) -> float:
    started = time.monotonic()
    built = sandbox.build(*verb)
    assert built.status == 0, built.output[-3000:]
    return time.monotonic() - started


@slow
def test_a_build_killed_at_any_moment_leaves_nothing_that_looks_finished(
    undisturbed: Sandbox, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """Rounds of kills, each from a clean tree or from a finished one; every build starts from what the last one left.

    After each kill the published site is a whole one: that of the sources before or after the change, or none. At the
    end of a round one build runs through, and its site is that of an undisturbed build.
    """
    old, new = "2 + 3", "2 + 3 + 0"
    script = "gallery/first/plot_line.py"
    changed = Sandbox.create(tmp_path / "changed")
    changed.edit(script, old, new)
    sandbox = Sandbox.create(tmp_path / "project")
    times = {"clean": _timed(changed), "finished": 0.0}
    whole = {old: undisturbed.digests(), new: changed.digests()}
    _timed(sandbox)
    sandbox.edit(script, old, new)
    times["finished"] = _timed(sandbox)
    assert differing(sandbox.digests(), whole[new]) == []
    now, other = new, old
    chance = random.Random(20260101)
    rounds = -(-KILLS // KILLS_A_ROUND)
    for number in range(rounds):
        start = "clean" if number % 2 else "finished"
        if start == "clean":
            sandbox.build("clean")
        killer = Killer(sandbox, chance, times[start])
        for _ in range(min(KILLS_A_ROUND, KILLS - number * KILLS_A_ROUND)):
            sandbox.edit(script, now, other)
            now, other = other, now
            killer.kill()
            published = sandbox.digests() if sandbox.published.exists() else None
            assert published is None or [] in (
                wrong := [differing(published, one) for one in whole.values()]
            ), f"after {killer} s of a {start} build, {wrong} differ"
        seconds = _timed(sandbox)
        assert differing(sandbox.digests(), whole[now]) == [], f"after {killer} s"
        record_property(
            f"killed in a {start} build of {times[start]:.1f} s",
            f"after {killer} s; the build after them took {seconds:.1f} s and gave the same bytes",
        )


@slow
def test_a_killed_update_of_the_catalogues_leaves_each_of_them_whole(
    undisturbed: Sandbox, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    sandbox = Sandbox(Path(shutil.copytree(undisturbed.root, tmp_path / "project", symlinks=True)))

    def catalogues() -> dict[str, str]:
        folder = sandbox.root / "docs" / "locale"
        return {
            path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
            for path in folder.rglob("*.po")
        }

    seconds = _timed(sandbox, "translations")
    finished = catalogues()
    killer = Killer(sandbox, random.Random(20260102), seconds)
    for _ in range(max(1, KILLS // 10)):
        for name, text in finished.items():
            sandbox.write(f"docs/locale/{name}", text + '\nmsgid "Gone."\nmsgstr "Đã mất."\n')
        before = catalogues()
        killer.kill("translations")
        after = catalogues()
        assert after.keys() == before.keys()
        assert all(text in (before[name], finished[name]) for name, text in after.items())
        _timed(sandbox, "translations")
        assert catalogues() == finished
    record_property(
        f"killed in an update of the catalogues of {seconds:.1f} s", f"after {killer} s"
    )


@slow
def test_a_second_build_waits_for_the_first(undisturbed: Sandbox) -> None:
    before = undisturbed.digests()
    builds = [
        subprocess.Popen(
            undisturbed.command(),
            cwd=undisturbed.root / "docs",
            env=undisturbed.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    outputs = [build.communicate()[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0]
    assert sum("another build is running here" in output for output in outputs) == 1
    assert differing(undisturbed.digests(), before) == []


@slow
def test_a_write_limit_on_the_process_leaves_the_old_site_whole(
    undisturbed: Sandbox, tmp_path: Path
) -> None:
    """A stand-in for a full disk: no file may grow beyond 8 kB."""
    sandbox = Sandbox(Path(shutil.copytree(undisturbed.root, tmp_path / "project", symlinks=True)))
    before = sandbox.digests()
    sandbox.edit("docs/index.md", "Begin here.", "Begin here!")
    sandbox.edit(
        "docs/locale/vi/LC_MESSAGES/index.po", 'msgid "Begin here."', 'msgid "Begin here!"'
    )
    limited = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; trap "" XFSZ; exec "$0" "$@"', *sandbox.command()],
        cwd=sandbox.root / "docs",
        env=sandbox.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert limited.returncode != 0
    assert "sitebuild: " in limited.stdout, limited.stdout[-2000:]
    assert sandbox.digests() == before


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], None]]:
    """Mount a file system at ``tmp_path / "disk"``; the value sets its size in kB beyond what lies on it."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mount(*options: str) -> subprocess.CompletedProcess[str]:
        command = ["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", str(disk)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    if shutil.which("mount") is None or (done := mount("size=1g")).returncode:
        reason = "no command mount" if shutil.which("mount") is None else done.stderr.strip()
        pytest.skip(f"no file system can be mounted here: {reason}")

    def leave(kilobytes: int) -> None:
        state = os.statvfs(disk)
        used = (state.f_blocks - state.f_bfree) * state.f_frsize // 1024
        done = mount("remount", f"size={used + kilobytes}k")
        assert done.returncode == 0, done.stderr

    yield leave
    subprocess.run(["umount", str(disk)], check=True)


@slow
def test_a_full_disk_leaves_the_old_site_whole_and_is_named(
    undisturbed: Sandbox, small_disk: Callable[[int], None], tmp_path: Path
) -> None:
    """Full at once, in the run, and in what comes after it; then there is room again."""
    sandbox = Sandbox(
        Path(shutil.copytree(undisturbed.root, tmp_path / "disk" / "project", symlinks=True))
    )
    before = sandbox.digests()
    script = "gallery/first/plot_line.py"
    sandbox.edit(script, "2 + 3", "2 + 3 + 0")
    for kilobytes in (0, 100, 500):
        small_disk(kilobytes)
        built = sandbox.build()
        assert built.status != 0, f"{kilobytes} kB were enough; this test wants fewer"
        assert "disk is full" in built.last_lines, built.output[-3000:]
        assert sandbox.digests() == before
    small_disk(500_000)
    sandbox.edit(script, "2 + 3 + 0", "2 + 3")
    _timed(sandbox)
    assert sandbox.digests() == before
